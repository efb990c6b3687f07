# What every suite shares. The staged module is imported and nothing else: what is tested is what ships.
$ErrorActionPreference = 'Stop'
$script:repository = Split-Path (Split-Path $PSScriptRoot)
$script:fixtures = Join-Path $repository 'tests/fixtures/assets'
$script:modulePath = $env:AMSMIGRATION_MODULE
if (-not $modulePath) {
    $script:modulePath = Get-ChildItem (Join-Path $repository 'out/AmsMigration/*/AmsMigration.psd1') |
        Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName
}

if (-not $modulePath) {
    throw 'The module is not staged: dotnet build src/AmsMigration -t:Stage'
}

Import-Module $modulePath

# The shell that runs the tests, for what needs a process of its own. Installed as a .NET tool, its process is that of dotnet.
$script:shell = (Get-Process -Id $PID).Path
if ((Split-Path -LeafBase $shell) -eq 'dotnet') {
    $script:shell = (Get-Command pwsh -CommandType Application | Select-Object -First 1).Source
}

function Complete([string] $Line) {
    [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
}

function Invoke-Shell([string] $Script) {
    & $shell -NoProfile -NonInteractive -Command $Script
    if ($LASTEXITCODE) {
        throw "The process ended with exit code $LASTEXITCODE."
    }
}

# A folder of assets, all alike: enough of them that a run can be caught in the middle.
function New-Asset([string] $Folder, [string] $Fixture = 'mbr-mp4', [int] $Count = 1) {
    1..$Count | ForEach-Object {
        $asset = Join-Path $Folder ('asset-{0:000}' -f $_)
        Copy-Item -Recurse -LiteralPath (Join-Path $fixtures $Fixture) -Destination $asset
    }
}

# Every file below a folder with its length, to tell whether anything changed.
function Get-FileList([string] $Folder) {
    if (Test-Path $Folder) {
        Get-ChildItem -LiteralPath $Folder -Recurse -File -Force | Sort-Object FullName | ForEach-Object { '{0} {1}' -f $_.FullName, $_.Length }
    }
}

# An output folder is there and sound, or it says that it is not complete and nothing in it plays.
function Assert-NothingHalfMade([string] $Destination) {
    foreach ($output in @(Get-ChildItem $Destination -Directory -ErrorAction Ignore)) {
        Join-Path $output.FullName '.amsmigration/lock' | Should -Not -Exist
        $record = Get-Content -Raw -ErrorAction Ignore (Join-Path $output.FullName '_static.json') | ConvertFrom-Json
        if (-not (Get-ChildItem $output.FullName -File -Recurse | Where-Object Extension -In '.m3u8', '.mpd')) {
            $record.state | Should -Be 'InProgress'
            continue
        }

        $check = Test-AmsStaticAsset -LiteralPath $output.FullName
        $check.Findings | Should -BeNullOrEmpty
        $check.IsValid | Should -BeTrue
        (Get-FileList $output.FullName).Count | Should -Be $script:filesOfOneOutput -Because 'no temporary file may stay'
    }
}
