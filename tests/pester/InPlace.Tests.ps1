BeforeAll {
    . $PSScriptRoot/Common.ps1
    $id = 'AmsMigration.Commands.ConvertAmsAssetToStaticCommand'
    $source = Join-Path $repository 'tests/fixtures/archives/live-cmaf'
}

Describe 'Convert-AmsAssetToStatic -InPlace' {
    BeforeEach {
        $archive = Join-Path $TestDrive 'live-cmaf'
        Copy-Item -Recurse -LiteralPath $source -Destination $archive
        $before = Get-FileList $archive
    }

    AfterEach {
        Remove-Item -Recurse -Force -LiteralPath $archive
    }

    It 'writes headers and manifests beside the fragments, and Test-AmsStaticAsset finds every sample' {
        $result = Convert-AmsAssetToStatic $archive -InPlace
        $result.Status, $result.Destination | Should -Be @('Completed', $archive)
        $result.DashUri | Should -Be (Join-Path $archive 'live-cmaf.mpd')
        $after = Get-FileList $archive
        $before | Where-Object { $_ -notin $after } | Should -BeNullOrEmpty
        $after | Where-Object { $_ -notin $before -and $_ -match '\.m4s|\.vtt' } | Should -BeNullOrEmpty

        $check = $result | Test-AmsStaticAsset
        $check.Findings | Should -BeNullOrEmpty
        $check.SamplesCompared | Should -BeGreaterThan 300
        (Convert-AmsAssetToStatic $archive -InPlace).Status | Should -Be 'Skipped'
    }

    It 'takes assets from the pipeline and literal paths' {
        (Get-AmsAsset $archive | Convert-AmsAssetToStatic -InPlace).Status | Should -Be 'Completed'
        (Convert-AmsAssetToStatic -LiteralPath $archive -InPlace -ManifestName other).HlsUri | Should -Be (Join-Path $archive 'other.m3u8')
    }

    It 'writes nothing with -WhatIf' {
        Convert-AmsAssetToStatic $archive -InPlace -WhatIf | Should -BeNullOrEmpty
        Get-FileList $archive | Should -Be $before
    }

    It 'says which fragment cannot be played and why, and writes nothing' {
        Remove-Item (Get-ChildItem (Join-Path $archive 'video_1000000') | Where-Object Name -NE header | Select-Object -Index 2)
        $before = Get-FileList $archive
        $result = Convert-AmsAssetToStatic $archive -InPlace -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "NotPlayableInPlace,$id"
        $errors[0].CategoryInfo.Category | Should -Be 'InvalidData'
        "$($errors[0])" | Should -Match '^video_1000000/\d+: 1 s of media are missing'
        Get-FileList $archive | Should -Be $before
    }

    It 'refuses -<_>, for which it has no use' -ForEach 'Layout', 'SegmentDuration', 'PathTemplate', 'CopyNonStreamable' {
        $more = @{ $_ = @{ Layout = 'Segmented'; SegmentDuration = 4; PathTemplate = 'x'; CopyNonStreamable = $true }[$_] }
        { Convert-AmsAssetToStatic $archive -InPlace @more } | Should -Throw -ErrorId "MeaninglessInPlace,$id"
    }

    It 'takes no destination' {
        { Convert-AmsAssetToStatic $archive $TestDrive -InPlace } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
    }
}
