BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $asset = Join-Path $fixtures 'mbr-mp4'
    $keyId = '9259eb06-eeee-4f77-987f-48f4ea5c649f'
    $secret = '00112233445566778899aabbccddeeff'
}

Describe 'Convert-AmsAssetToStatic -Protection' {
    It 'encrypts with <_>, and Test-AmsStaticAsset compares every sample with the key' -ForEach 'Cenc', 'Cbcs' {
        $result = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive $_) -Protection $_ -ContentKey @{ KeyId = $keyId; Key = $secret }
        $result.Status | Should -Be 'Completed'
        $check = Test-AmsStaticAsset $result.Destination -Source $asset -ContentKey "${keyId}:$secret"
        $check.Findings | Should -BeNullOrEmpty
        $check.SamplesCompared | Should -BeGreaterThan 0
        Get-Content -Raw $result.DashUri | Should -BeLike "*default_KID=`"$keyId`"*"
    }

    It 'encrypts whole segments, which Test-AmsStaticAsset opens with the key and with no other' {
        $there = Join-Path $TestDrive 'aes'
        $result = Convert-AmsAssetToStatic $asset $there -Protection Aes128 -Layout Segmented -ContentKey "${keyId}:$secret" -LicenseUri 'https://keys.contoso.com/?kid={KeyIdGuid}'
        $result.Status | Should -Be 'Completed'
        (Test-AmsStaticAsset $result.Destination -Source $asset -ContentKey "${keyId}:$secret").Findings | Should -BeNullOrEmpty
        $closed = Test-AmsStaticAsset $result.Destination -Source $asset
        $closed.IsValid | Should -BeFalse
        "$($closed.Findings)" | Should -BeLike '*no key that is known opens them*'
    }

    It 'takes one key for pictures and one for sound, as text, tables and objects' {
        $other = 'fedcba98-7654-3210-0123-456789abcdef'
        $keys = @(
            @{ KeyId = $keyId; Key = $secret; Kind = 'Video' }
            [pscustomobject]@{ KeyId = $other; Key = 'ffeeddccbbaa99887766554433221100'; Kind = 'Audio' }
        )
        $result = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'two') -Protection Cbcs -ContentKey $keys
        $mpd = Get-Content -Raw $result.DashUri
        $mpd | Should -BeLike "*$keyId*"
        $mpd | Should -BeLike "*$other*"
    }

    It 'keeps new keys in the file that is named, and uses them again' {
        $file = Join-Path $TestDrive 'new.csv'
        $result = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'new') -Protection Cenc -NewContentKeyPath $file
        $keys = @(Import-Csv $file)
        $keys.Count | Should -Be 1
        (Test-AmsStaticAsset $result.Destination -Source $asset -ContentKey $keys).IsValid | Should -BeTrue
        $again = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'new') -Protection Cenc -NewContentKeyPath $file
        $again.Status | Should -Be 'Skipped'
        @(Import-Csv $file).Key | Should -Be $keys.Key
    }

    It 'writes nothing where there is no key' {
        $result = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'none') -Protection Cenc -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ContentKeyMissing,*'
        Join-Path $TestDrive 'none/mbr-mp4' | Should -Not -Exist
    }

    It 'refuses a key that is none without repeating it' {
        { Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'bad') -Protection Cenc -ContentKey "${keyId}:${secret}ff" } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        "$($Error[0])" | Should -Not -BeLike "*$secret*"
    }

    It 'shows no key in any stream, log or record' {
        $log = Join-Path $TestDrive 'run.jsonl'
        $there = Join-Path $TestDrive 'quiet'
        $said = & {
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Convert-AmsAssetToStatic $asset $there -Protection Cbcs -ContentKey "${keyId}:$secret" -WhatIf
            Convert-AmsAssetToStatic $asset $there -Protection Cbcs -ContentKey "${keyId}:$secret" -LogPath $log -Verbose -Debug
            Convert-AmsAssetToStatic $asset $there -Protection Cbcs -ContentKey "fedcba98-7654-3210-0123-456789abcdef:$secret" -ErrorAction Continue
        } *>&1 | ForEach-Object { "$_"; $_ | Format-List * -Force | Out-String -Width 4096 }
        $files = @(Get-Content -Raw $log) + @(Get-ChildItem -Recurse -File $there | ForEach-Object { [System.Text.Encoding]::Latin1.GetString([System.IO.File]::ReadAllBytes($_.FullName)) })
        $base64 = [Convert]::ToBase64String([Convert]::FromHexString($secret))
        foreach ($form in $secret, $base64, $secret.ToUpperInvariant()) {
            ($said -join "`n").Contains($form) | Should -BeFalse
            ($files -join "`n").Contains($form) | Should -BeFalse
        }
        ($said -join "`n") | Should -BeLike '*mbr-mp4*'
    }

    It 'completes schemes and systems' {
        (Complete 'Convert-AmsAssetToStatic x y -Protection C').CompletionText | Should -Be @('Cbcs', 'Cenc')
        (Complete 'Convert-AmsAssetToStatic x y -KeySystem W').CompletionText | Should -Contain 'Widevine'
    }
}
