BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $cmdlets = (Get-Command -Module AmsMigration).Name
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'The staged module' {
    It 'has a valid manifest for both editions' {
        $manifest = Test-ModuleManifest $modulePath
        $manifest.PowerShellVersion | Should -Be '5.1'
        $manifest.CompatiblePSEditions | Should -Be @('Desktop', 'Core')
        $manifest.DotNetFrameworkVersion | Should -Be '4.7.2'
        $manifest.Tags | Should -Not -Match '\s'
        $manifest.Author, $manifest.Description, $manifest.LicenseUri, $manifest.ReleaseNotes | ForEach-Object { "$_" | Should -Not -BeNullOrEmpty }
    }

    It 'exports exactly its cmdlets' {
        (Get-Command -Module AmsMigration).Name | Should -Be @(
            'Clear-AmsMigrationStatus', 'Convert-AmsAssetToStatic', 'Export-AmsAssetMetadata', 'Export-AmsStreamingUrlMap', 'Get-AmsAccountExpiry', 'Get-AmsAsset',
            'Get-AmsMigrationRecommendation', 'Get-AmsVersionGuide', 'Request-AmsAccountExtension', 'Test-AmsStaticAsset', 'Test-AmsStreamingUrl')
        Get-Command -Module AmsMigration -CommandType Function, Alias | Should -BeNullOrEmpty
    }

    It 'holds the files that are listed for it and no others' {
        $folder = Split-Path $modulePath
        $dlls = foreach ($edition in 'core', 'desktop') {
            'AmsMigration.dll', 'AmsMigration.Core.dll', 'AmsMigration.Packaging.dll' | ForEach-Object { "$edition/$_" }
        }
        $help = Get-ChildItem (Join-Path $repository 'en-US') | ForEach-Object { "en-US/$($_.Name)" }
        $expected = $dlls + $help + 'AmsMigration.psd1' + 'AmsMigration.Format.ps1xml' + 'LICENSE' + 'CHANGELOG.md' + 'data/migration-options.yaml'
        $found = Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.FullName.Substring($folder.Length + 1).Replace('\', '/') }
        Compare-Object $expected ($found -notlike '*/dependencies/*') | Should -BeNullOrEmpty
        # The build refuses a dependency that Stage.targets does not list; here it is held that each is a library, and none PowerShell's own.
        $dependencies = $found -like '*/dependencies/*'
        $dependencies | Where-Object { $_ -notmatch '^(core|desktop)/dependencies/[\w.-]+\.dll$' -or $_ -match 'System\.Management\.Automation' } | Should -BeNullOrEmpty
        $dependencies | Should -Contain 'core/dependencies/AmsMigration.Infrastructure.dll'
        $dependencies | Should -Contain 'desktop/dependencies/System.IO.Hashing.dll'
    }

    It 'imports in a fresh shell without a word, in at most half a second' {
        $best = (1..3 | ForEach-Object {
            $said = Invoke-Shell "(Measure-Command { Import-Module '$modulePath' }).TotalSeconds.ToString([cultureinfo]::InvariantCulture)"
            @($said).Count | Should -Be 1
            [double]::Parse($said, [cultureinfo]::InvariantCulture)
        } | Measure-Object -Minimum).Minimum
        $best | Should -BeLessOrEqual 0.5
    }

    It 'imports again with -Force and after Remove-Module, and still works' {
        $script = @"
            Import-Module '$modulePath'
            Import-Module '$modulePath' -Force
            Remove-Module AmsMigration
            Import-Module '$modulePath'
            (Get-AmsAsset '$fixtures/mbr-mp4').AssetName
            [System.Reflection.Assembly]::Load('AmsMigration.Infrastructure').GetName().Name
"@
        Invoke-Shell $script | Should -Be @('mbr-mp4', 'AmsMigration.Infrastructure')
    }

    It 'works in several runspaces at once (needs ForEach-Object -Parallel of PowerShell 7)' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $script = "1..4 | ForEach-Object -Parallel { Import-Module '$modulePath'; (Get-AmsAsset '$fixtures/mbr-mp4').Tracks.Count }"
        Invoke-Shell $script | Should -Be @(4, 4, 4, 4)
    }

    It 'is found by the name of a cmdlet alone where it is installed' {
        $parent = Split-Path (Split-Path (Split-Path $modulePath))
        $script = "`$env:PSModulePath = '$parent' + [System.IO.Path]::PathSeparator + `$env:PSModulePath; (Get-AmsAsset '$fixtures/mbr-mp4').AssetName"
        Invoke-Shell $script | Should -Be 'mbr-mp4'
    }
}

Describe 'The load context (PowerShell 7 has one, Windows PowerShell has not)' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
    It 'holds Infrastructure, and one copy of the assemblies whose types cross over' {
        $script = @"
            Import-Module '$modulePath'
            `$null = Get-AmsAsset '$fixtures/mbr-mp4'
            `$bridge = [System.Reflection.Assembly]::Load('AmsMigration.Infrastructure')
            `$context = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$bridge)
            `$context.Name
            'AmsMigration.Core', 'AmsMigration.Packaging', 'System.Management.Automation' | ForEach-Object {
                [object]::ReferenceEquals(`$context.LoadFromAssemblyName(`$_), [System.Reflection.Assembly]::Load(`$_))
            }
"@
        Invoke-Shell $script | Should -Be @('AmsMigration', $true, $true, $true)
    }

    It 'looks into its own folder before anywhere else' {
        # PowerShell carries Newtonsoft.Json, and has it in the default context; ours stands for a package that we would carry in another version.
        $copy = Join-Path $TestDrive 'module'
        Copy-Item -Recurse (Split-Path $modulePath) $copy
        $ours = Join-Path $copy 'core/dependencies/Newtonsoft.Json.dll'
        Copy-Item (Join-Path $PSHOME 'Newtonsoft.Json.dll') $ours
        $script = @"
            `$theirs = [System.Reflection.Assembly]::Load('Newtonsoft.Json').Location
            Import-Module '$copy/AmsMigration.psd1'
            `$bridge = [System.Reflection.Assembly]::Load('AmsMigration.Infrastructure')
            `$context = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$bridge)
            `$context.LoadFromAssemblyName('Newtonsoft.Json').Location
            [System.Reflection.Assembly]::Load('Newtonsoft.Json').Location -eq `$theirs
"@
        Invoke-Shell $script | Should -Be @($ours, $true)
    }

    It 'leaves other modules'' assemblies alone' {
        $script = "Import-Module '$modulePath'; try { [System.Reflection.Assembly]::Load('Not.There') } catch { 'not found' }"
        Invoke-Shell $script | Should -Be 'not found'
    }
}

Describe 'The assemblies for Windows PowerShell (looked at with what PowerShell 7 has)' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
    It 'convert to the same bytes as those for PowerShell 7' {
        # They are for the .NET Framework, but netstandard2.0 runs here, too.
        $folder = Split-Path $modulePath
        foreach ($edition in 'core', 'desktop') {
            $script = @"
                Import-Module '$folder/$edition/AmsMigration.dll'
                (Convert-AmsAssetToStatic '$fixtures/mbr-mp4' '$TestDrive/$edition' | Test-AmsStaticAsset).IsValid
                [System.Reflection.Assembly]::Load('AmsMigration.Infrastructure').Location
"@
            Invoke-Shell $script | Should -Be @($true, (Join-Path $folder "$edition/dependencies/AmsMigration.Infrastructure.dll"))
        }

        # The record holds the time.
        $hashes = foreach ($edition in 'core', 'desktop') {
            , @(Get-ChildItem "$TestDrive/$edition" -Recurse -File -Exclude '_static.json' | Sort-Object FullName | Get-FileHash).Hash
        }
        $hashes[0].Count | Should -BeGreaterThan 10
        $hashes[0] | Should -Be $hashes[1]
    }
}

Describe 'The contract of <_>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command $_
        $own = $command.Parameters.Values | Where-Object { $_.Name -notin [System.Management.Automation.PSCmdlet]::CommonParameters }
    }

    It 'has an approved verb' {
        $command.Verb | Should -BeIn (Get-Verb).Verb
    }

    It 'says what it writes, and where to read more' {
        $command.OutputType.Name | Should -Not -BeNullOrEmpty
        $command.HelpUri | Should -Match '^https://'
    }

    It 'takes pipeline input in every parameter set that needs input, but one parameter by value in each' {
        foreach ($set in $command.ParameterSets | Where-Object { ($_.Parameters | Where-Object ParameterType -NE ([switch])).IsMandatory -contains $true }) {
            @($set.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }) | Should -Not -BeNullOrEmpty
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1
        }
    }

    It 'has a help message for each parameter' {
        foreach ($parameter in $own) {
            if ($parameter.Name -notin 'WhatIf', 'Confirm') {
                $parameter.Attributes | Where-Object { $_ -is [Parameter] } | ForEach-Object { $_.HelpMessage | Should -Not -BeNullOrEmpty -Because $parameter.Name }
            }
        }
    }
}

# With RECORD_GOLDEN=1 in the environment the file is written anew; read the difference before committing it: each line is a promise to scripts.
Describe 'Parameters that scripts rely on' {
    It 'are those of cmdlets.txt' {
        $file = Join-Path $PSScriptRoot 'cmdlets.txt'
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $lines = foreach ($command in Get-Command -Module AmsMigration | Sort-Object Name) {
            foreach ($parameter in $command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name) {
                $attributes = @($parameter.Attributes | Where-Object { $_ -is [Parameter] })
                $words = @($command.Name, "-$($parameter.Name)", $parameter.ParameterType.ToString())
                $words += @($attributes | Where-Object Mandatory | ForEach-Object { "mandatory in $($_.ParameterSetName)" })
                $words += @($attributes | Where-Object Position -GE 0 | ForEach-Object { "position $($_.Position)" } | Select-Object -Unique)
                $words += @($parameter.Aliases | ForEach-Object { "alias $_" })
                $words -join ', '
            }
        }
        if ($env:RECORD_GOLDEN) {
            Set-Content -LiteralPath $file -Value $lines -Encoding UTF8
        }

        Compare-Object (Get-Content -LiteralPath $file -Encoding UTF8) $lines | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" } | Should -BeNullOrEmpty
    }
}
