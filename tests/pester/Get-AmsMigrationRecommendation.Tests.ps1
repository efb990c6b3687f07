BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $catalogue = Join-Path $repository 'data/migration-options.yaml'
}

Describe 'Get-AmsMigrationRecommendation' {
    It 'ranks every option, with reasons and sources' {
        $all = Get-AmsMigrationRecommendation
        $all.Count | Should -Be 12
        ($all | ForEach-Object Rank) | Should -Be @(1..12)
        $all[0].GetType().FullName | Should -Be 'AmsMigration.Recommendations.AmsMigrationRecommendation'
        $all | ForEach-Object { $_.Reasons.Count | Should -BeGreaterThan 0; $_.Sources.Count | Should -BeGreaterThan 0 }
        $all[0].OptionId | Should -Be 'static' -Because 'accounts are gone by now, and it needs none'
    }

    It 'rules out what does not meet a requirement, for the day that is asked for' {
        $before = Get-AmsMigrationRecommendation -Require PreserveUrls -AsOf 2025-06-30 | Where-Object OptionId -EQ 'bitmovin-automatic'
        $after = Get-AmsMigrationRecommendation -Require PreserveUrls -AsOf 2025-07-01 | Where-Object OptionId -EQ 'bitmovin-automatic'
        $before.Verdict | Should -Be 'Recommended'
        $after.Verdict | Should -Be 'RuledOut'
        $after.RuledOutBy | Should -Contain 'ended on 2025-06-30'
    }

    It 'takes assets: bytes to move, time, and one answer for all' {
        $assets = Get-AmsAsset (Join-Path $fixtures 'mbr-mp4'), (Join-Path $fixtures 'ntsc')
        $all = $assets | Get-AmsMigrationRecommendation -MegabitsPerSecond 1
        $all.Count | Should -Be 12
        $own = $all | Where-Object OptionId -EQ 'static'
        $own.DataToMove | Should -Be ($assets | Measure-Object Length -Sum).Sum
        $own.EstimatedTime.TotalSeconds | Should -Be ([math]::Ceiling($own.DataToMove * 8 / 1e6))
        $own.Assets.AssetName | Should -Be @('mbr-mp4', 'ntsc')
        ($own.Workloads | Where-Object Workload -EQ 'PackagingAndDelivery').Verdict | Should -Be 'Recommended'
    }

    It 'leads from an asset to a conversion in one pipeline' {
        $result = Get-AmsAsset (Join-Path $fixtures 'video-only') |
            Get-AmsMigrationRecommendation -Require NoService |
            Convert-AmsAssetToStatic -Destination (Join-Path $TestDrive 'out')
        $result.Status | Should -Be 'Completed'
        $result.AssetName | Should -Be 'video-only'
    }

    It 'converts nothing where static migration is ruled out' {
        $result = Get-AmsAsset (Join-Path $fixtures 'video-only') |
            Get-AmsMigrationRecommendation -Require FairPlay |
            Convert-AmsAssetToStatic -Destination (Join-Path $TestDrive 'none')
        $result | Should -BeNullOrEmpty
        Join-Path $TestDrive 'none' | Should -Not -Exist
    }

    It 'explains itself' {
        $text = Get-AmsMigrationRecommendation -Require Widevine -Explain 6>&1 | Where-Object { $_ -is [System.Management.Automation.InformationRecord] } | Out-String
        $text | Should -Match 'MediaKind: possible, score'
        $text | Should -Match 'Against: Widevine is not supported \(Azure Media Services retirement guide, 2024-06-18\)\.'
    }

    It 'completes needs' {
        (Complete 'Get-AmsMigrationRecommendation -Require Wide').CompletionText | Should -Be 'Widevine'
        (Complete 'Get-AmsMigrationRecommendation -Prefer No').CompletionText | Should -Be @('NoDataMove', 'NoService')
    }

    It 'shows ranks in a table and the argument in a list' {
        $table = Get-AmsMigrationRecommendation | Format-Table | Out-String -Width 200
        $table | Should -Match 'Rank Option\s+Verdict\s+Score'
        $table | Should -Match 'AMS Static Migration'
        $list = Get-AmsMigrationRecommendation | Select-Object -First 1 | Format-List | Out-String -Width 200
        $list | Should -Match 'Reasons\s+: For: available'
    }

    It 'reads a catalogue of the user''s own, and refuses a bad one with its place' {
        $own = Join-Path $TestDrive 'own.yaml'
        (Get-Content -Raw $catalogue).Replace('name: MediaKind', 'name: Ours') | Set-Content -Encoding UTF8 $own
        (Get-AmsMigrationRecommendation -CatalogPath $own).Option | Should -Contain 'Ours'

        (Get-Content -Raw $catalogue).Replace('kind: Tool', 'kind: Tol') | Set-Content -Encoding UTF8 $own
        $e = { Get-AmsMigrationRecommendation -CatalogPath $own } | Should -Throw -PassThru
        $e.FullyQualifiedErrorId | Should -Be 'InvalidCatalog,AmsMigration.Commands.GetAmsMigrationRecommendationCommand'
        $e.Exception.Message | Should -Match "own\.yaml\(\d+,11\): 'kind' of option 'static' is 'Tol'; expected Service, Tool, Integrator, Analysis"

        { Get-AmsMigrationRecommendation -CatalogPath (Join-Path $TestDrive 'nowhere.yaml') } |
            Should -Throw -ErrorId 'PathNotFound,AmsMigration.Commands.GetAmsMigrationRecommendationCommand'
    }
}

Describe 'Get-AmsVersionGuide' {
    It 'says what became of each entity' {
        (Get-AmsVersionGuide Channel, program).V3 | Should -Be @('LiveEvent', 'LiveOutput')
        (Get-AmsVersionGuide ContentKey*).Count | Should -Be 3
        (Get-AmsVersionGuide Nothing) | Should -BeNullOrEmpty
        (Get-AmsVersionGuide AccessPolicy).V3 | Should -BeNullOrEmpty
        (Get-AmsVersionGuide Asset).Statement | Should -Match 'nothing need be migrated'
    }

    It 'finds code that still names them' {
        Set-Content (Join-Path $TestDrive 'upload.cs') 'var locator = (ILocator)x;'
        $found = Get-AmsVersionGuide -Path $TestDrive
        $found.V2 | Should -Be 'Locator'
        $found.FoundIn | Should -Be "$(Join-Path $TestDrive 'upload.cs'):1"
    }

    It 'completes entities' {
        (Complete 'Get-AmsVersionGuide Chan').CompletionText | Should -Be 'Channel'
    }
}
