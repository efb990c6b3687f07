#requires -Version 5.1
<#
.SYNOPSIS
    Builds, tests, packs or shows the module. Needs the .NET SDK that global.json names.
.DESCRIPTION
    Build   stages the importable module in out/AmsMigration/<version>.
    Test    runs all tests that this machine can run; the others are named as skipped.
    Pack    puts the staged module into out/AmsMigration.<version>.nupkg, as galleries take it.
    Demo    converts an asset of the tests with the staged module, in a process of its own.

    Without PowerShell: dotnet build src/AmsMigration -t:Stage stages, dotnet test tests.
.EXAMPLE
    ./build.ps1 Demo
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Pack', 'Demo')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$project = Join-Path $root 'src/AmsMigration/AmsMigration.csproj'

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE) {
        throw "dotnet $args ended with exit code $LASTEXITCODE."
    }
}

function Get-StageFolder {
    (Invoke-Dotnet msbuild $project '-getProperty:StageFolder').Trim()
}

function Invoke-Build {
    Invoke-Dotnet build $project '-t:Stage' -c $Configuration -v quiet -nologo
    Write-Host "The module is staged in $(Get-StageFolder)"
}

function Invoke-Test {
    Invoke-Dotnet test (Join-Path $root 'AmsMigration.sln') -c $Configuration -nologo
}

function Invoke-Pack {
    Invoke-Build
    $stage = Get-StageFolder
    $module = Test-ModuleManifest (Join-Path $stage 'AmsMigration.psd1')
    $cmdlets = @($module.ExportedCmdlets.Keys)
    $tags = @('PSModule', 'PSIncludes_Cmdlet') + $module.Tags + ($cmdlets -replace '^', 'PSCmdlet_') + ($cmdlets -replace '^', 'PSCommand_')
    $nuspec = Join-Path $root 'out/AmsMigration.nuspec'
    $escape = { [System.Security.SecurityElement]::Escape($args[0]) }
    Set-Content -Encoding UTF8 -LiteralPath $nuspec -Value @"
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata>
    <id>$($module.Name)</id>
    <version>$($module.Version)</version>
    <authors>$(& $escape $module.Author)</authors>
    <owners>$(& $escape $module.CompanyName)</owners>
    <license type="file">LICENSE</license>
    <description>$(& $escape $module.Description)</description>
    <releaseNotes>$(& $escape $module.ReleaseNotes)</releaseNotes>
    <copyright>$(& $escape $module.Copyright)</copyright>
    <tags>$($tags -join ' ')</tags>
  </metadata>
  <files>
    <file src="**" target="" />
  </files>
</package>
"@
    Invoke-Dotnet pack $project -c $Configuration --no-build -v quiet -nologo -o (Join-Path $root 'out') `
        "-p:NuspecFile=$nuspec" "-p:NuspecBasePath=$stage" '-p:NoWarn=NU5100%3BNU5110%3BNU5111%3BNU5128'
    Remove-Item -LiteralPath $nuspec
    Write-Host "The package is $(Join-Path $root "out/AmsMigration.$($module.Version).nupkg")"
}

function Invoke-Demo {
    Invoke-Build
    $demo = {
        param($Module, $Asset, $Destination)
        Import-Module $Module
        Get-AmsAsset $Asset | Out-String -Width 150
        $result = Convert-AmsAssetToStatic $Asset $Destination -PlayerPage -Force
        $result | Format-List | Out-String -Width 150
        $result | Test-AmsStaticAsset | Out-String -Width 150
    }

    # A process of its own: an assembly that a session has loaded cannot be built again on Windows.
    $shell = (Get-Process -Id $PID).Path
    & $shell -NoProfile -Command $demo -args (Join-Path (Get-StageFolder) 'AmsMigration.psd1'),
        (Join-Path $root 'tests/fixtures/assets/mbr-mp4'), (Join-Path $root 'out/demo') | Write-Host
    if ($LASTEXITCODE) {
        throw "The demo ended with exit code $LASTEXITCODE."
    }
}

foreach ($name in $Task) {
    & "Invoke-$name"
}
