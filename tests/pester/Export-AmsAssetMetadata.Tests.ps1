BeforeAll {
    . "$PSScriptRoot/Account.ps1"
    . "$PSScriptRoot/Azurite.ps1"
    $server = Start-AccountServer (Join-Path $TestDrive 'server') 'active1', 'expired1' -Assets 3
    $azurite = Start-Azurite (Join-Path $TestDrive 'azurite') 'active1store'
    $secrets = @('c2VjcmV0LWNvbnRlbnQta2V5LTE=', 'c2VjcmV0LXNpZ25pbmcta2V5LTE=', 'c2VjcmV0LXN0b3JhZ2Uta2V5LW9mLTMyLWJ5dGVzLi4=', 'ingest-token-of-the-studio',
        'c2lnbmF0dXJlLW9mLWEtam9i', 'token-of-the-tests')

    # AES-256 in counter mode as version 2 of the API used it: eight bytes of the file's vector, then the number of the block.
    function Protect-Counter([byte[]] $Clear, [string] $Key, [long] $Vector) {
        $aes = [System.Security.Cryptography.Aes]::Create()
        $aes.Key = [Convert]::FromBase64String($Key)
        $counters = [byte[]]::new([Math]::Ceiling($Clear.Length / 16) * 16)
        $first = [BitConverter]::GetBytes($Vector)
        [Array]::Reverse($first)
        for ($i = 0; $i -lt $counters.Length; $i += 16) {
            $number = [BitConverter]::GetBytes([long]($i / 16))
            [Array]::Reverse($number)
            $first.CopyTo($counters, $i)
            $number.CopyTo($counters, $i + 8)
        }
        $stream = $aes.EncryptEcb($counters, 'None')
        $sealed = [byte[]]::new($Clear.Length)
        for ($i = 0; $i -lt $sealed.Length; $i++) {
            $sealed[$i] = $Clear[$i] -bxor $stream[$i]
        }
        , $sealed
    }
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

Describe 'An account of 10,000 assets' {
    BeforeAll {
        $large = Start-AccountServer (Join-Path $TestDrive 'large') 'expired2' -Assets 10000
    }

    AfterAll {
        Stop-AccountServer $large
    }

    It 'is saved with so many requests and so much memory, and looked at again with a few' {
        $found = Invoke-AccountShell $large @"
            `$idle = [System.Diagnostics.Process]::GetCurrentProcess().WorkingSet64
            `$count = 0
            Get-AmsAccountExpiry media expired2 | Export-AmsAssetMetadata '$TestDrive/many' -InformationVariable first 6> `$null | ForEach-Object { `$count++ }
            `$peak = [System.Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64
            Export-AmsAssetMetadata -ResourceGroupName media -AccountName expired2 -Path '$TestDrive/many' -InformationVariable second 6> `$null > `$null
            [pscustomobject]@{ Count = `$count; Megabytes = (`$peak - `$idle) / 1MB; Requests = `$first.MessageData.Requests; Again = `$second.MessageData.Requests; Unchanged = `$second.MessageData.Unchanged }
"@
        $found.Count | Should -Be 10000
        $found.Requests | Should -BeLessThan 30100 -Because 'an asset takes three: filters, tracks, and the paths of its locator'
        $found.Again | Should -BeLessThan 100
        $found.Unchanged | Should -Be 10000
        $found.Megabytes | Should -BeLessThan 150
    }
}

Describe 'From an account to a static output' {
    It 'goes in one pipeline, with original names, locators and addresses in the result' {
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
                Convert-AmsAssetToStatic -Destination '$($azurite.Service)/video' -ConnectionString '$($azurite.ConnectionString)' ``
                    -UrlLayout StreamingLocator -UrlDestination '$($azurite.Service)'
"@
        $found.AssetName | Sort-Object | Should -Be @('asset 1', 'asset 3')
        $found.Status.Value | Should -Be @('Completed', 'Completed')
        $one = $found | Where-Object AssetName -EQ 'asset 1'
        $one.LocatorIds | Should -Be '10000000-0000-4000-8000-000000000001'
        $one.AlternateId | Should -Be 'alt-1'
        $one.HlsUri | Should -BeLike "$($azurite.Service)/video/asset%201/*.m3u8"
        $one.StreamingAliases | ForEach-Object { "/$($_.LocatorId)/$($_.ManifestName)/$($_.Request)" } | Tee-Object -Variable paths | Should -Not -BeNullOrEmpty
        $old = $one.StreamingUrls | Where-Object Protocol -NE 'SmoothStreaming' | ForEach-Object { ([uri]$_.Url).AbsolutePath }
        $old | Should -Not -BeNullOrEmpty
        $old | Where-Object { [uri]::UnescapeDataString($_) -notin $paths } | Should -BeNullOrEmpty
        $paths | Where-Object { $_ -like '*filter=intro*' } | Should -HaveCount 16
        $paths | Where-Object { $_ -like '*filter=mobile*' } | Should -HaveCount 16
    }

    It 'is saved into a container as into a folder, and gone on with there' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        $found = Invoke-AccountShell $server @"
            `$there = @{ Path = '$($azurite.Service)/saved/exports'; ConnectionString = '$($azurite.ConnectionString)'; ResourceGroupName = 'media'; AccountName = 'expired1' }
            (Export-AmsAssetMetadata @there -Format Csv -InformationVariable first 6> `$null)[0].MetadataPath
            `$null = Export-AmsAssetMetadata @there -InformationVariable second 6> `$null
            `$second.MessageData.Unchanged
"@
        $found[0] | Should -Be "$($azurite.Service)/saved/exports/expired1/assets/asset%201.json"
        $found[1] | Should -Be 3
        (Invoke-Azurite $azurite GET 'saved/exports/expired1/assets.json').Content | ConvertFrom-Json | Should -HaveCount 3
    }

    It 'goes from a recommendation straight to what lies in the account''s storage' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        $found = Invoke-AccountShell $server @"
            `$PSDefaultParameterValues['*:InformationAction'] = 'Ignore'
            Get-AmsAccountExpiry media active1 | Get-AmsMigrationRecommendation |
                Convert-AmsAssetToStatic -Destination '$($azurite.Service)/direct' -ConnectionString '$($azurite.ConnectionString)' -PathTemplate '{AssetId}' -ErrorVariable failed -ErrorAction SilentlyContinue
            `$failed.FullyQualifiedErrorId
"@
        $made = $found | Where-Object { $_.Status.Value -eq 'Completed' }
        $made.AssetName | Sort-Object | Should -Be @('asset-00000000-0000-4000-8000-000000000001', 'asset-00000000-0000-4000-8000-000000000003')
        $found | Where-Object { $_.AssetName -eq 'direct' } | Should -BeNullOrEmpty -Because 'the destination is no asset'
        $made[0].Destination | Should -BeLike "$($azurite.Service)/direct/00000000-*"
    }

    It 'opens what is encrypted in storage with the keys that come down the pipeline, or lie in an export, and says where they are missing' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        $container = 'asset-00000000-0000-4000-8000-000000000002'
        $sealed = Join-Path $TestDrive 'sealed'
        $null = New-Item -ItemType Directory $sealed
        $clear = [System.IO.File]::ReadAllBytes((Get-ChildItem "$fixtures/bare-mp4/*.mp4" | Select-Object -First 1).FullName)
        [System.IO.File]::WriteAllBytes("$sealed/a.mp4", (Protect-Counter $clear $secrets[2] -988929866))
        Send-Container $azurite $container $sealed
        $found = Invoke-AccountShell $server @"
            `$PSDefaultParameterValues['*:InformationAction'] = 'Ignore'
            `$passphrase = ConvertTo-SecureString 'open sesame' -AsPlainText -Force
            `$storage = @{ ConnectionString = '$($azurite.ConnectionString)' }
            Export-AmsAssetMetadata '$TestDrive/keys' -ResourceGroupName media -AccountName active1 -IncludeKeys -Passphrase `$passphrase |
                Where-Object IsStorageEncrypted | Convert-AmsAssetToStatic -Destination '$TestDrive/opened' @storage
            Get-AmsAsset @storage -ContainerName $container -EncryptionKeyPath '$TestDrive/keys' -Passphrase `$passphrase
            Export-AmsAssetMetadata '$TestDrive/no keys' -ResourceGroupName media -AccountName active1 |
                Where-Object IsStorageEncrypted | Get-AmsAsset -ErrorVariable missing -ErrorAction SilentlyContinue
            `$missing.FullyQualifiedErrorId
            Get-AmsAsset @storage -ContainerName $container -EncryptionKeyPath '$TestDrive/keys' -ErrorVariable closed -ErrorAction SilentlyContinue
            `$closed.FullyQualifiedErrorId
            Test-AmsStaticAsset '$TestDrive/opened/asset 2' -Source '$($azurite.Service)/$container' @storage -EncryptionKeyPath '$TestDrive/keys' -Passphrase `$passphrase
"@
        $found.Count | Should -Be 5
        $found[0].Status.Value | Should -Be 'Completed'
        $found[0].AssetName | Should -Be 'asset 2'
        $found[1].AssetName | Should -Be 'asset 2'
        $found[1].IsStreamable | Should -BeTrue
        $found[2] | Should -BeLike 'EncryptionKeyMissing,*'
        $found[3] | Should -BeLike 'PassphraseMissing,*'
        $found[4].IsValid | Should -BeTrue
        $found[4].SamplesCompared | Should -BeGreaterThan 0
        (Test-AmsStaticAsset "$TestDrive/opened/asset 2" -Source "$fixtures/bare-mp4").IsValid | Should -BeTrue
    }
}
