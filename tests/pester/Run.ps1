# Runs one suite in this process and writes what became of each test as JSON. Exit code 3: there is no Pester 5 to run it with.
param(
    [Parameter(Mandatory)] [string] $Suite,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Report
)

$ErrorActionPreference = 'Stop'
$env:AMSMIGRATION_MODULE = $Module
if (-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -eq 5 })) {
    exit 3
}

Import-Module Pester -MinimumVersion 5.0 -MaximumVersion 5.99
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Suite
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$result = Invoke-Pester -Configuration $configuration

$failures = @($result.Failed) + @($result.FailedBlocks) + @($result.FailedContainers) | ForEach-Object {
    $name = if ($_ -is [Pester.Container]) { $_.Item } else { $_.ExpandedPath }
    @{ Name = "$name"; Error = ($_.ErrorRecord | ForEach-Object { "$($_.DisplayErrorMessage)`n$($_.DisplayStackTrace)" }) -join "`n" }
}
$summary = @{
    Passed = $result.PassedCount
    Skipped = @($result.Skipped | ForEach-Object { $_.ExpandedPath })
    Failures = @($failures)
}
$summary | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $Report -Encoding UTF8
