BeforeAll {
    . "$PSScriptRoot/Account.ps1"
    . "$PSScriptRoot/Azurite.ps1"
    $server = Start-AccountServer (Join-Path $TestDrive 'server') 'active1', 'expired1' -Assets 3
    $azurite = Start-Azurite (Join-Path $TestDrive 'azurite') 'active1store'
    $secrets = @('c2VjcmV0LWNvbnRlbnQta2V5LTE=', 'c2VjcmV0LXNpZ25pbmcta2V5LTE=', 'c2VjcmV0LXN0b3JhZ2Uta2V5LW9mLTMyLWJ5dGVzLi4=', 'ingest-token-of-the-studio',
        'c2lnbmF0dXJlLW9mLWEtam9i', 'token-of-the-tests')
}

AfterAll {
    Stop-Azurite $azurite
    Stop-AccountServer $server
}

Describe 'Export-AmsAssetMetadata' {
    It 'saves an account by name and writes an object for each asset' {
        $path = Join-Path $TestDrive 'by name'
        $found = Invoke-AccountShell $server "Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path' -InformationAction SilentlyContinue"
        $assets = $found | Where-Object { $_.PSObject.TypeNames[0] -eq 'Deserialized.AmsMigration.Metadata.AmsAssetMetadata' }
        $assets.AssetName | Should -Be @('asset 1', 'asset 2', 'asset 3')
        $assets[0].StreamingUrls.Count | Should -Be 9
        $assets[0].Locators[0].LocatorId | Should -Be '10000000-0000-4000-8000-000000000001'
        (Get-Content -Raw "$path/active1/assets.json" | ConvertFrom-Json).Count | Should -Be 3
        (Get-Content -Raw "$path/active1/export.json" | ConvertFrom-Json).assets | Should -Be 3
        $assets[1].MetadataPath | Should -Exist
    }

    It 'tells what it came to on the information stream, and says what was refused' {
        $path = Join-Path $TestDrive 'told'
        $found = Invoke-AccountShell $server "Get-AmsAccountExpiry media active1 | Export-AmsAssetMetadata '$path' -InformationVariable told > `$null; `$told.MessageData"
        $summary = $found | Where-Object { $_.PSObject.TypeNames[0] -like '*AmsExportSummary' } | Select-Object -Last 1
        $summary.Assets | Should -Be 3
        $summary.Requests | Should -BeGreaterThan 10
        @($summary.Problems).Count | Should -Be 0
    }

    It 'takes accounts, recommendations, resource ids and assets, each once' {
        $path = Join-Path $TestDrive 'inputs'
        $found = Invoke-AccountShell $server @"
            `$PSDefaultParameterValues['*:InformationAction'] = 'Ignore'
            (Get-AmsAccountExpiry | Export-AmsAssetMetadata '$path/accounts').Count
            (Get-AmsAccountExpiry media active1 | Get-AmsMigrationRecommendation | Export-AmsAssetMetadata '$path/recommendations').Count
            ([pscustomobject]@{ ResourceId = (Get-AmsAccountExpiry media active1).ResourceId } | Export-AmsAssetMetadata '$path/ids').Count
            (Get-AmsAsset '$fixtures/mbr-mp4' | Export-AmsAssetMetadata '$path/assets').AssetName
"@
        $found | Should -Be @(6, 3, 3, 'mbr-mp4')
        (Get-Content -Raw "$path/assets/local/assets.json" | ConvertFrom-Json).properties.storage.manifests | Should -Not -BeNullOrEmpty
    }

    It 'writes YAML, tables and the file of MediaKind''s importer beside the JSON' {
        $path = Join-Path $TestDrive 'formats'
        $null = Invoke-AccountShell $server "Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path' -Format Yaml, Csv, MediaKind -IncludeKeys -AllowPlainText 6> `$null"
        (Import-Csv "$path/active1/assets.csv").AssetName | Should -Be @('asset 1', 'asset 2', 'asset 3')
        (Import-Csv "$path/active1/streamingUrls.csv").Count | Should -Be 27
        Get-Content -Raw "$path/active1/assets.yaml" | Should -BeLike '*"assetId": "00000000-0000-4000-8000-000000000001"*'
        Get-Content -Raw "$path/active1/assets/asset 1.yaml" | Should -BeLike '*"schema": 1*'
        (Get-Content -Raw "$path/active1/mediakind-migration.json" | ConvertFrom-Json).StreamingLocators.Count | Should -Be 3
    }

    It 'goes on with an account that refuses what is not a read' {
        $path = Join-Path $TestDrive 'expired'
        $found = Invoke-AccountShell $server "Get-AmsAccountExpiry media expired1 | Export-AmsAssetMetadata '$path' 6> `$null"
        ($found | Where-Object AssetName).Count | Should -Be 3
    }

    It 'wants to know where keys go' -ForEach @(
        @{ Arguments = '-IncludeKeys'; Id = 'KeysTargetMissing' }
        @{ Arguments = '-AllowPlainText'; Id = 'KeysNotIncluded' }
        @{ Arguments = '-IncludeKeys -AllowPlainText -KeyVaultUri https://v.vault.azure.net'; Id = 'KeysTargetAmbiguous' }
    ) {
        $found = Invoke-AccountShell $server "try { Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path x $Arguments } catch { `$_.FullyQualifiedErrorId }"
        $found | Should -BeLike "$Id,*"
    }

    It 'says of a deleted account what can still be done' {
        $found = Invoke-AccountShell $server @"
            Get-AmsAccountExpiry media gone1 | Export-AmsAssetMetadata '$TestDrive/gone' -ErrorVariable failed -ErrorAction SilentlyContinue
            `$failed.FullyQualifiedErrorId
            `$failed.ErrorDetails.RecommendedAction
"@
        $found[0] | Should -BeLike 'AccountNotFound,*'
        $found[1] | Should -BeLike '*Get-AmsAsset -StorageAccountName*'
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'what if'
        $null = Invoke-AccountShell $server "Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path' -WhatIf"
        $path | Should -Not -Exist
    }

    It 'ends early with Select-Object, and goes on from there' {
        $path = Join-Path $TestDrive 'early'
        $found = Invoke-AccountShell $server @"
            `$PSDefaultParameterValues['*:InformationAction'] = 'Ignore'
            (Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path' -ThrottleLimit 1 | Select-Object -First 1).AssetName
            (Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path').Count
"@
        $found | Should -Be @('asset 1', 3)
    }

    It 'completes names of formats' {
        (Complete 'Export-AmsAssetMetadata -Path x -Format Me').CompletionText | Should -Contain 'MediaKind'
    }

    It 'shows no secret in any stream, nor in any file but those that were asked for' {
        $path = Join-Path $TestDrive 'secrets'
        $said = Invoke-AccountShell $server @"
            `$VerbosePreference = `$DebugPreference = `$InformationPreference = 'Continue'
            `$ErrorActionPreference = 'Continue'
            `$secret = ConvertTo-SecureString 'open sesame' -AsPlainText -Force
            Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path' -IncludeKeys -Passphrase `$secret -WhatIf
            `$all = Export-AmsAssetMetadata -ResourceGroupName media -AccountName active1 -Path '$path' -IncludeKeys -Passphrase `$secret -Verbose -Debug
            `$all | Format-List * | Out-String -Width 4096
            `$all | ConvertTo-Json -Depth 8
            `$Error | Format-List * -Force | Out-String -Width 4096
"@
        $text = ($said | ForEach-Object { "$_"; $_ | Format-List * -Force | Out-String -Width 4096 }) -join "`n"
        $files = Get-ChildItem -Recurse -File $path | ForEach-Object { Get-Content -Raw $_.FullName }
        foreach ($secret in $secrets + 'open sesame') {
            $text.Contains($secret) | Should -BeFalse -Because $secret
            ($files -join "`n").Contains($secret) | Should -BeFalse -Because $secret
        }
        $text | Should -BeLike '*asset 2*'
    }
}

Describe 'From an account to a static output' {
    It 'goes in one pipeline, with original names and locators in the result' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        1, 3 | ForEach-Object { Send-Container $azurite ('asset-00000000-0000-4000-8000-{0:000000000000}' -f $_) "$fixtures/mbr-mp4" }
        $found = Invoke-AccountShell $server @"
            `$PSDefaultParameterValues['*:InformationAction'] = 'Ignore'
            Get-AmsAccountExpiry -ResourceGroupName media -AccountName active1 |
                Get-AmsMigrationRecommendation |
                Export-AmsAssetMetadata -Path '$TestDrive/whole' |
                Where-Object { -not `$_.IsStorageEncrypted } |
                Convert-AmsAssetToStatic -Destination '$($azurite.Service)/video' -ConnectionString '$($azurite.ConnectionString)'
"@
        $found.AssetName | Sort-Object | Should -Be @('asset 1', 'asset 3')
        $found.Status.Value | Should -Be @('Completed', 'Completed')
        $one = $found | Where-Object AssetName -EQ 'asset 1'
        $one.LocatorIds | Should -Be '10000000-0000-4000-8000-000000000001'
        $one.AlternateId | Should -Be 'alt-1'
        $one.HlsUri | Should -BeLike "$($azurite.Service)/video/asset%201/*.m3u8"
    }
}
