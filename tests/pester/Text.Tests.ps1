BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Text' {
    It 'is listed with its language and format' {
        $texts = (Get-AmsAsset (Join-Path $fixtures 'captions')).Tracks | Where-Object Type -EQ 'Text'
        $texts.Name | Should -Be @('English', 'Español')
        $texts.Codec | Should -Be @('WebVTT', 'WebVTT')
        $texts[0].Language | Should -Be 'en-US'
        $texts[0].File | Should -Be 'en-us.vtt'
    }

    It 'is converted and found sound' {
        $result = Convert-AmsAssetToStatic (Join-Path $fixtures 'captions') -Destination (Join-Path $TestDrive 'out')
        $result.Status | Should -Be 'Completed'
        ($result.Tracks | Where-Object Type -EQ 'Text').Language | Should -Be @('en-US', 'es-ES')
        Get-Content $result.HlsUri -Raw | Should -Match 'TYPE=SUBTITLES'
        (Test-AmsStaticAsset $result.Destination -Source (Join-Path $fixtures 'captions')).IsValid | Should -BeTrue
    }

    It 'inside pictures is announced' {
        $result = Convert-AmsAssetToStatic (Join-Path $fixtures 'closed-captions') -Destination (Join-Path $TestDrive 'cc')
        Get-Content $result.HlsUri -Raw | Should -Match 'INSTREAM-ID="CC1"'
        Get-Content $result.DashUri -Raw | Should -Match 'urn:scte:dash:cc:cea-608:2015'
    }
}
