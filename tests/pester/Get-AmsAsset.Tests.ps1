BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-AmsAsset' {
    It 'says what an asset is' {
        $asset = Get-AmsAsset (Join-Path $fixtures 'mbr-mp4')
        $asset.GetType().FullName | Should -Be 'AmsMigration.Assets.AmsAsset'
        $asset.AssetName | Should -Be 'mbr-mp4'
        $asset.Format | Should -Be 'Mp4'
        $asset.IsStreamable | Should -BeTrue
        $asset.Manifests | Should -Be @('clip.ism')
        $asset.Location | Should -Be (Join-Path $fixtures 'mbr-mp4')
        $asset.FileCount | Should -Be 5
        $asset.Length | Should -Be (Get-ChildItem $asset.Location | Measure-Object Length -Sum).Sum
        $asset.Duration.TotalSeconds | Should -BeGreaterThan 7.9
        @($asset.Tracks | Where-Object Type -EQ 'Video').Height | Sort-Object | Should -Be @(90, 180, 270)
        $audio = $asset.Tracks | Where-Object Type -EQ 'Audio'
        $audio.Codec, $audio.Language, $audio.SampleRate | Should -Be @('AAC-LC', 'en', 48000)
    }

    It 'writes one object for each asset of a folder of folders' {
        New-Asset (Join-Path $TestDrive 'many') -Fixture video-only -Count 3
        (Get-AmsAsset (Join-Path $TestDrive 'many')).AssetName | Should -Be @('asset-001', 'asset-002', 'asset-003')
    }

    It 'takes a server manifest and a media file' {
        (Get-AmsAsset (Join-Path $fixtures 'mbr-mp4/clip.ism')).AssetName | Should -Be 'mbr-mp4'
        $file = Get-AmsAsset (Join-Path $fixtures 'bare-mp4/holiday.mp4')
        $file.AssetName | Should -Be 'holiday'
        $file.FileCount | Should -Be 1
    }

    It 'takes wildcards, several paths, strings and directories from the pipeline' {
        (Get-AmsAsset (Join-Path $fixtures '*-only')).AssetName | Should -Be @('audio-only', 'video-only')
        (Get-AmsAsset (Join-Path $fixtures 'ntsc'), (Join-Path $fixtures 'ac3')).AssetName | Should -Be @('ntsc', 'ac3')
        ((Join-Path $fixtures 'ntsc'), (Join-Path $fixtures 'ac3') | Get-AmsAsset).AssetName | Should -Be @('ntsc', 'ac3')
        (Get-ChildItem $fixtures -Directory -Filter '*-only' | Get-AmsAsset).AssetName | Should -Be @('audio-only', 'video-only')
    }

    It 'takes paths relative to the session''s location, and of drives of PowerShell' {
        $null = New-PSDrive -Name Media -PSProvider FileSystem -Root $fixtures
        try {
            (Get-AmsAsset Media:/ntsc).Location | Should -Be (Join-Path $fixtures 'ntsc')
            Push-Location Media:/
            (Get-AmsAsset ./ntsc).Location | Should -Be (Join-Path $fixtures 'ntsc')
            (Get-AmsAsset -LiteralPath ntsc).Location | Should -Be (Join-Path $fixtures 'ntsc')
        }
        finally {
            Pop-Location
            Remove-PSDrive Media
        }
    }

    It 'takes a name with brackets as it is with -LiteralPath and from Get-ChildItem' {
        $odd = Join-Path $TestDrive 'brackets/talk [1]'
        $null = New-Item -ItemType Directory (Split-Path $odd)
        Copy-Item -Recurse (Join-Path $fixtures 'video-only') -Destination $odd
        (Get-AmsAsset -LiteralPath $odd).AssetName | Should -Be 'talk [1]'
        (Get-ChildItem (Join-Path $TestDrive 'brackets') | Get-AmsAsset).AssetName | Should -Be 'talk [1]'
        Get-AmsAsset $odd -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be 'PathNotFound,AmsMigration.Commands.GetAmsAssetCommand'
        $errors[0].ErrorDetails.RecommendedAction | Should -Match '-LiteralPath'
        Get-AmsAsset (Join-Path $TestDrive 'brackets/ta*[2]') -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'says of a path that is not there that it is not, and goes on' {
        $found = Get-AmsAsset (Join-Path $fixtures 'nowhere'), (Join-Path $fixtures 'ntsc') -ErrorVariable errors -ErrorAction SilentlyContinue
        $found.AssetName | Should -Be 'ntsc'
        @($errors).Count | Should -Be 1
        $errors[0].FullyQualifiedErrorId | Should -Be 'PathNotFound,AmsMigration.Commands.GetAmsAssetCommand'
        $errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $errors[0].TargetObject | Should -Be (Join-Path $fixtures 'nowhere')
        $errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $errors[0].Exception | Should -BeOfType System.Management.Automation.ItemNotFoundException
    }

    It 'says nothing where a wildcard matches nothing' {
        Get-AmsAsset (Join-Path $fixtures 'nowhere*') -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'refuses other providers and unknown drives, each by itself' {
        $found = Get-AmsAsset env:PATH, nodrive:/x, (Join-Path $fixtures 'ntsc') -ErrorVariable errors -ErrorAction SilentlyContinue
        $found.AssetName | Should -Be 'ntsc'
        $errors.FullyQualifiedErrorId | Should -Be @('NotFileSystemPath,AmsMigration.Commands.GetAmsAssetCommand', 'PathNotFound,AmsMigration.Commands.GetAmsAssetCommand')
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'tells the faults of damaged assets, and that nothing of them can be converted' {
        $damaged = Get-AmsAsset (Join-Path $fixtures 'damaged-header')
        $damaged.IsStreamable | Should -BeFalse
        $damaged.Faults | Should -Not -BeNullOrEmpty
    }

    It 'streams: the first object comes before the second asset is read' {
        New-Asset (Join-Path $TestDrive 'stream') -Fixture video-only -Count 3
        $folders = Get-ChildItem (Join-Path $TestDrive 'stream') -Directory
        $order = [System.Collections.Generic.List[string]]::new()
        $folders | ForEach-Object { $order.Add("in $($_.Name)"); $_ } | Get-AmsAsset | ForEach-Object { $order.Add("out $($_.AssetName)") }
        $order.IndexOf('out asset-001') | Should -BeLessThan $order.IndexOf('in asset-003')
    }

    It 'stops with the pipeline' {
        (Get-AmsAsset (Join-Path $fixtures '*') | Select-Object -First 1).AssetName | Should -Be 'ac3'
    }

    It 'shows sizes and durations as people read them' {
        $table = Get-AmsAsset (Join-Path $fixtures 'mbr-mp4') | Format-Table | Out-String -Width 200
        $table | Should -Match 'mbr-mp4\s+Mp4\s+8[.,]02 s\s+3\s+1\s+0\s+387 kB\s+5\s+0'
        $list = Get-AmsAsset (Join-Path $fixtures 'mbr-mp4') | Format-List | Out-String -Width 200
        $list | Should -Match 'Video H.264 480x270'
        $tracks = (Get-AmsAsset (Join-Path $fixtures 'mbr-mp4')).Tracks | Format-Table | Out-String -Width 200
        $tracks | Should -Match 'Video\s+H\.264\s+\S*\s*480x270\s+\S+ fps'
    }
}
