BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $cmdlets = (Get-Command -Module AmsMigration).Name
    $examples = foreach ($name in $cmdlets) {
        foreach ($example in (Get-Help $name -Full).examples.example) {
            @{ Cmdlet = $name; Title = "$($example.title)".Trim(' ', '-'); Code = $example.code }
        }
    }
    $needAccount = 'Export-AmsAssetMetadata', 'Get-AmsAccountExpiry', 'Request-AmsAccountExtension'
}

BeforeAll {
    . "$PSScriptRoot/Account.ps1"
}

Describe 'The table of errors in about_AmsMigration' {
    It 'has each id with its category, and each has advice of its own' {
        $text = (Get-Help about_AmsMigration | Out-String) -replace '\s+', ' '
        $catalogue = (Get-Command Convert-AmsAssetToStatic).ImplementingType.Assembly.GetType('AmsMigration.Pipeline.Errors')
        foreach ($name in 'Known', 'KnownOfAccounts') {
            $known = $catalogue.GetField($name, [System.Reflection.BindingFlags]'Static, NonPublic').GetValue($null)
            $known.Count | Should -BeGreaterThan 5
            foreach ($id in $known.Keys) {
                $known[$id].Item2.Length | Should -BeGreaterThan 15 -Because $id
                $text | Should -Match "\b$id\b(, \w+)* $($known[$id].Item1)\b" -Because 'that is where ids are looked up'
            }
        }
    }
}

Describe 'Help of <_>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command $_
        $help = Get-Help $_ -Full
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $own = @($command.Parameters.Values | Where-Object { $_.Name -notin $common })
    }

    It 'has all its parts' {
        $help.Synopsis | Should -Not -Match ([regex]::Escape($command.Name)) -Because 'text that PowerShell makes up names the command'
        @($help.description.Text).Count | Should -BeGreaterThan 1
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
        $help.returnValues.returnValue.type.name | Should -Be $command.OutputType.Name
        $help.alertSet.alert.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        $help.relatedLinks.navigationLink.linkText | Should -Contain 'about_AmsMigration'
    }

    It 'describes exactly the parameters that there are' {
        Compare-Object @($own.Name) @($help.parameters.parameter.name) | Should -BeNullOrEmpty
        foreach ($parameter in $help.parameters.parameter) {
            "$($parameter.description.Text)".Length | Should -BeGreaterThan 20 -Because $parameter.name
        }
    }

    It 'says of each parameter what the cmdlet says' {
        foreach ($parameter in $own) {
            $described = $help.parameters.parameter | Where-Object name -EQ $parameter.Name
            $attributes = @($parameter.Attributes | Where-Object { $_ -is [Parameter] })
            $described.type.name | Should -Be $parameter.ParameterType.FullName -Because $parameter.Name
            $described.required | Should -Be "$($attributes[0].Mandatory)".ToLowerInvariant() -Because $parameter.Name
            $position = @($attributes.Position | Where-Object { $_ -ge 0 }) + 'named' | Select-Object -First 1
            $described.position | Should -Be "$position" -Because $parameter.Name
            ($described.pipelineInput -like 'True*') | Should -Be ($attributes.ValueFromPipeline -contains $true -or $attributes.ValueFromPipelineByPropertyName -contains $true) -Because $parameter.Name
            $described.globbing | Should -Be "$(@($parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] }).Count -gt 0)".ToLowerInvariant() -Because $parameter.Name
            $described.aliases | Should -Be $(if ($parameter.Aliases) { $parameter.Aliases -join ', ' } else { 'none' }) -Because $parameter.Name
        }
    }

    It 'shows each parameter set' {
        $shown = @($help.syntax.syntaxItem | ForEach-Object { ($_.parameter.name | Sort-Object) -join ' ' })
        $there = @($command.ParameterSets | ForEach-Object { ($_.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' })
        Compare-Object $there $shown | Should -BeNullOrEmpty
    }
}

Describe 'Examples' {
    BeforeEach {
        $place = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory (Join-Path $place 'assets')
        Copy-Item -Recurse (Join-Path $fixtures 'mbr-mp4') (Join-Path $place 'assets/interview')
        Copy-Item -Recurse (Join-Path $fixtures 'damaged-header') (Join-Path $place 'assets/broken')
        Push-Location $place
    }

    AfterEach {
        Pop-Location
    }

    It '<Cmdlet>, <Title>' -ForEach ($examples | Where-Object Cmdlet -NotIn $needAccount) {
        $written = & ([scriptblock]::Create($Code)) *>&1
        $written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
        if ($Code -notmatch '-WhatIf|Export-Csv|throw') {
            $written | Should -Not -BeNullOrEmpty
        }
    }
}

Describe 'Examples that need an account' {
    BeforeAll {
        $server = Start-AccountServer (Join-Path $TestDrive 'server') 'contoso', 'fabrikam'
    }

    AfterAll {
        Stop-AccountServer $server
    }

    It '<Cmdlet>, <Title>' -ForEach ($examples | Where-Object Cmdlet -In $needAccount) {
        $azResource = "function Get-AzResource { [pscustomobject]@{ ResourceId = '/subscriptions/$subscription/resourceGroups/media/providers/Microsoft.Media/mediaservices/contoso' } }"
        $written = Invoke-AccountShell $server "Set-Location '$TestDrive'`n$azResource`n`$ErrorActionPreference = 'Continue'`n$Code"
        $errors = @($written | Where-Object { $_.PSObject.TypeNames -contains 'Deserialized.System.Management.Automation.ErrorRecord' -or $_ -is [System.Management.Automation.ErrorRecord] })
        # The day of the one-time extension is past.
        $errors | Where-Object FullyQualifiedErrorId -NotLike 'ExtensionUnavailable,*' | Should -BeNullOrEmpty
        if ($Code -notmatch '-WhatIf') {
            $written | Should -Not -BeNullOrEmpty
        }
    }
}

Describe 'Topics' {
    It '<_> is there' -ForEach 'about_AmsMigration', 'about_AmsMigration_Conversion', 'about_AmsMigration_Archives', 'about_AmsMigration_Runs', 'about_AmsMigration_Storage', 'about_AmsMigration_Recommendation', 'about_AmsMigration_Metadata', 'about_AmsMigration_Protection', 'about_AmsMigration_KeyService', 'about_AmsMigration_StreamingUrls' {
        $text = (Get-Help $_) -join "`n"
        $text | Should -Match "TOPIC\s+$_\s"
        $text | Should -Match 'SHORT DESCRIPTION'
    }

    It 'about_AmsMigration names every error of the catalogue, and the catalogue every error that is not about the media itself' {
        $text = (Get-Help about_AmsMigration) -join "`n"
        $catalogue = Get-Content -Raw (Join-Path $repository 'src/AmsMigration/Pipeline/Errors.cs')
        $ids = [regex]::Matches($catalogue, '(?<=\[")\w+(?="\])|(?<=")[A-Z]\w+(?=", ErrorCategory)').Value
        $ids.Count | Should -BeGreaterThan 15
        $ids | Where-Object { $text -cnotmatch "\b$_\b" } | Should -BeNullOrEmpty

        $thrown = 'src/AmsMigration.Packaging/Storage', 'src/AmsMigration.Packaging/Transfer', 'src/AmsMigration.Core', 'src/AmsMigration.Infrastructure' |
            ForEach-Object { Get-ChildItem (Join-Path $repository $_) -Recurse -Filter *.cs } |
            Where-Object FullName -NotMatch '[\\/]obj[\\/]' |
            ForEach-Object { [regex]::Matches((Get-Content -Raw $_.FullName), '(?<=new PackagingException\(\s*")\w+').Value } | Sort-Object -Unique
        $thrown.Count | Should -BeGreaterThan 8
        $thrown | Where-Object { $_ -cnotin $ids } | Should -BeNullOrEmpty
    }
}
