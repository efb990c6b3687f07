# Manifests at the paths of old addresses, as a user of the shell gets them.
BeforeDiscovery {
    $canRun = (Test-Path (Join-Path $PSScriptRoot '../node/node_modules/azurite')) -and (Get-Command node -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $asset = Join-Path $fixtures 'mbr-mp4'
    $locator = '9bb78bbd-1111-4f0b-8b6b-1f2d7c9a3c11'
}

Describe 'Convert-AmsAssetToStatic -UrlLayout' {
    It 'publishes manifests at the paths of a locator, beside the output' {
        $there = Join-Path $TestDrive 'site'
        $result = Convert-AmsAssetToStatic $asset $there -UrlLayout StreamingLocator -LocatorId $locator
        $result.Status | Should -Be 'Completed'
        $result.StreamingAliases.Count | Should -Be 12
        $alias = $result.StreamingAliases | Where-Object Request -EQ 'manifest(format=mpd-time-csf).mpd'
        $alias.Uri | Should -Be (Join-Path $there "$locator/clip.ism/manifest(format=mpd-time-csf).mpd")
        ([xml](Get-Content -Raw -LiteralPath $alias.Uri)).MPD.BaseURL | Should -Be '../../mbr-mp4/'
        $result | Format-List | Out-String | Should -BeLike "*StreamingAliases : 12 at the paths of $locator*"
        $result.StreamingAliases | Select-Object -First 1 | Out-String -Width 120 | Should -BeLike "*$locator clip.ism*manifest(format=m3u8-cmaf)*"
        (Convert-AmsAssetToStatic $asset $there -LocatorId $locator).Status | Should -Be 'Skipped'
    }

    It 'adds them to an output that is there, and says so' {
        $there = Join-Path $TestDrive 'later'
        $null = Convert-AmsAssetToStatic $asset $there
        $result = Convert-AmsAssetToStatic $asset $there -UrlDestination (Join-Path $TestDrive 'web') -LocatorId $locator
        $result.Status | Should -Be 'Completed'
        $result.Warnings | Should -BeLike '*the manifests at the paths of its locators alone were written*'
        $result.BytesWritten | Should -BeLessThan 60000
    }

    It 'takes nothing that belongs to another asset, unless it is forced' {
        $there = Join-Path $TestDrive 'taken'
        $null = Convert-AmsAssetToStatic $asset $there -LocatorId $locator
        $other = Join-Path $fixtures 'bare-mp4'
        $null = Convert-AmsAssetToStatic $other $there -LocatorId $locator -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'AliasTaken,*'
        Join-Path $there 'bare-mp4' | Should -Not -Exist
        (Convert-AmsAssetToStatic $other $there -LocatorId $locator -Force).Status | Should -Be 'Completed'
    }

    It 'writes fragments for clients of Smooth Streaming where they are asked for' {
        $result = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'smooth') -LocatorId $locator -SmoothStreaming
        $result.Status | Should -Be 'Completed'
        $manifest = ($result.StreamingAliases | Where-Object Request -CEQ 'Manifest').Uri
        ([xml](Get-Content -Raw -LiteralPath $manifest)).SmoothStreamingMedia.StreamIndex.Name | Should -Contain 'video'
        Join-Path (Split-Path $manifest) 'QualityLevels(40000)' | Should -Exist
        $refused = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'closed') -LocatorId $locator -SmoothStreaming -Protection Cenc `
            -ContentKey '9259eb06-eeee-4f77-987f-48f4ea5c649f:00112233445566778899aabbccddeeff' -ErrorVariable failed -ErrorAction SilentlyContinue
        $refused.Status | Should -Be 'Failed'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ProtectionNotPossible,*'
    }

    It 'writes nothing with -WhatIf' {
        $there = Join-Path $TestDrive 'whatif'
        Convert-AmsAssetToStatic $asset $there -LocatorId $locator -WhatIf | Should -BeNullOrEmpty
        $there | Should -Not -Exist
    }

    It 'refuses what cannot be meant: <Id>' -ForEach @(
        @{ Id = 'UrlLayoutMissing'; Arguments = @{ UrlLayout = 'Asset'; LocatorId = '9bb78bbd-1111-4f0b-8b6b-1f2d7c9a3c11' } }
        @{ Id = 'CannotConvertArgumentNoMessage'; Arguments = @{ LocatorId = '../../etc' } }
    ) {
        { Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'no') @Arguments } | Should -Throw -ErrorId "$Id,*"
    }

    It 'wants to know where they go where media stays in place' {
        { Convert-AmsAssetToStatic $asset -InPlace -LocatorId $locator } | Should -Throw -ErrorId 'UrlDestinationMissing,*'
    }
}

Describe 'Convert-AmsAssetToStatic -UrlLayout in storage (needs node and the npm package azurite of tests/node)' -Skip:(-not $canRun) {
    BeforeAll {
        . "$PSScriptRoot/Azurite.ps1"
        $azurite = Start-Azurite (Join-Path $TestDrive 'azurite')
        $account = $azurite.Service
    }

    AfterAll {
        Stop-Azurite $azurite
    }

    It 'gives each locator a container of an account' {
        $result = Convert-AmsAssetToStatic $asset "$account/video" -ConnectionString $azurite.ConnectionString -UrlDestination $account -LocatorId $locator
        $result.Status | Should -Be 'Completed'
        ($result.StreamingAliases | Where-Object Request -EQ 'manifest(format=m3u8-cmaf)').Uri |
            Should -Be "$account/$locator/clip.ism/manifest%28format%3Dm3u8-cmaf%29"
        $again = Convert-AmsAssetToStatic $asset "$account/video" -ConnectionString $azurite.ConnectionString -UrlDestination $account -LocatorId $locator
        $again.Status | Should -Be 'Skipped'
    }
}
