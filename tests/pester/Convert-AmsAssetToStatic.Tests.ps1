BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $asset = Join-Path $fixtures 'mbr-mp4'
    $id = 'AmsMigration.Commands.ConvertAmsAssetToStaticCommand'
}

Describe 'Convert-AmsAssetToStatic' {
    BeforeEach {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'converts an asset and tells what it did' {
        $result = Convert-AmsAssetToStatic $asset $out
        $result.GetType().FullName | Should -Be 'AmsMigration.Conversion.AmsConversionResult'
        $result.AssetName, $result.Status, $result.Source | Should -Be @('mbr-mp4', 'Completed', $asset)
        $result.Destination | Should -Be (Join-Path $out 'mbr-mp4')
        $result.HlsUri | Should -Be (Join-Path $out 'mbr-mp4/clip.m3u8')
        $result.DashUri | Should -Be (Join-Path $out 'mbr-mp4/clip.mpd')
        $result.HlsUri, $result.DashUri | Should -Exist
        $result.Tracks.Count | Should -Be 4
        $result.BytesWritten | Should -Be (Get-ChildItem $out -Recurse -File | Measure-Object Length -Sum).Sum
        $result.BytesRead | Should -BeGreaterThan 100000
        $result.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
        (Test-AmsStaticAsset $result.Destination -Source $asset).IsValid | Should -BeTrue
    }

    It 'takes assets, strings and directories from the pipeline' {
        (Get-AmsAsset $asset | Convert-AmsAssetToStatic -Destination "$out/1").Status | Should -Be 'Completed'
        ($asset | Convert-AmsAssetToStatic -Destination "$out/2").Status | Should -Be 'Completed'
        (Get-Item $asset | Convert-AmsAssetToStatic -Destination "$out/3").Status | Should -Be 'Completed'
        (Convert-AmsAssetToStatic -InputObject (Get-AmsAsset $asset) "$out/4").Status | Should -Be 'Completed'
    }

    It 'takes a destination relative to the session''s location and on a drive of PowerShell' {
        $null = New-Item -ItemType Directory $out
        $null = New-PSDrive -Name Output -PSProvider FileSystem -Root $out
        try {
            (Convert-AmsAssetToStatic $asset Output:/a).Destination | Should -Be (Join-Path $out 'a/mbr-mp4')
            Push-Location Output:/
            (Convert-AmsAssetToStatic $asset ./b).Destination | Should -Be (Join-Path $out 'b/mbr-mp4')
        }
        finally {
            Pop-Location
            Remove-PSDrive Output
        }
    }

    It 'passes layout, segment duration, manifest name and path template on' {
        $result = Convert-AmsAssetToStatic $asset $out -Layout Segmented -SegmentDuration 4 -ManifestName index -PathTemplate 'video/{ContainerName}'
        $result.HlsUri | Should -Be (Join-Path $out 'video/mbr-mp4/index.m3u8')
        Get-ChildItem $out -Recurse -Filter '*.m4s' | Should -Not -BeNullOrEmpty
        Get-Content $result.DashUri -Raw | Should -Match 'SegmentTemplate'
        (Convert-AmsAssetToStatic $asset "$out/plain" -PathTemplate '').Destination | Should -Be (Join-Path $out 'plain')
    }

    It 'takes both ways of handling gaps, and no other' {
        foreach ($way in 'Fill', 'Discontinuity') {
            (Convert-AmsAssetToStatic $asset "$out/$way" -GapHandling $way).Status | Should -Be 'Completed'
        }
        (Complete 'Convert-AmsAssetToStatic -GapHandling ').CompletionText | Should -Be @('Discontinuity', 'Fill')
        { Convert-AmsAssetToStatic $asset $out -GapHandling Guess } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage*'
    }

    It 'takes <Given> as a segment duration' -ForEach @(
        @{ Given = 2; Longest = 2 }
        @{ Given = '2.0'; Longest = 2 }
        @{ Given = [timespan]::FromSeconds(2); Longest = 2 }
        @{ Given = '00:00:04'; Longest = 4 }
    ) {
        $result = Convert-AmsAssetToStatic $asset $out -SegmentDuration $Given
        $playlist = Get-ChildItem (Join-Path $result.Destination 'clip') -Filter 'video_90p_*.m3u8' | Where-Object Name -NotMatch 'iframes' | Get-Content
        $playlist | Should -Contain "#EXT-X-TARGETDURATION:$Longest"
    }

    It 'refuses -<Parameter> <Value>' -ForEach @(
        @{ Parameter = 'SegmentDuration'; Value = 0 }
        @{ Parameter = 'SegmentDuration'; Value = 'long' }
        @{ Parameter = 'SegmentDuration'; Value = [double]::NaN }
        @{ Parameter = 'SegmentDuration'; Value = '1e300' }
        @{ Parameter = 'SegmentDuration'; Value = [timespan]::FromHours(2) }
        @{ Parameter = 'ManifestName'; Value = '../up' }
        @{ Parameter = 'ManifestName'; Value = 'a:b' }
        @{ Parameter = 'Layout'; Value = 'Other' }
        @{ Parameter = 'ThrottleLimit'; Value = 0 }
    ) {
        $arguments = @{ $Parameter = $Value }
        { Convert-AmsAssetToStatic $asset $out @arguments } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
        $out | Should -Not -Exist
    }

    It 'refuses the path template <_> before it looks at an asset' -ForEach '{Nothing}', '../{AssetName}', '/root/{AssetName}', 'a{b' {
        { Convert-AmsAssetToStatic $asset $out -PathTemplate $_ } | Should -Throw -ErrorId "InvalidPathTemplate,$id"
        $out | Should -Not -Exist
    }

    It 'refuses a destination outside the file system' {
        { Convert-AmsAssetToStatic $asset env:/x } | Should -Throw -ErrorId "NotFileSystemPath,$id"
        { Convert-AmsAssetToStatic $asset nodrive:/x } | Should -Throw -ErrorId "PathNotFound,$id"
    }

    It 'never writes over an asset' {
        New-Asset $TestDrive -Count 1
        $before = Get-FileList (Join-Path $TestDrive 'asset-001')
        $result = Convert-AmsAssetToStatic (Join-Path $TestDrive 'asset-001') $TestDrive -Force -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId | Should -Be "DestinationIsSource,$id"
        Get-FileList (Join-Path $TestDrive 'asset-001') | Should -Be $before
    }

    It 'skips what is there and complete, and converts it again with -Force' {
        $null = Convert-AmsAssetToStatic $asset $out
        $first = Get-ChildItem $out -Recurse -File
        $again = Convert-AmsAssetToStatic $asset $out
        $again.Status, $again.BytesWritten | Should -Be @('Skipped', 0)
        $again.HlsUri | Should -Exist
        (Get-ChildItem $out -Recurse -File).LastWriteTimeUtc | Should -Be $first.LastWriteTimeUtc
        (Convert-AmsAssetToStatic $asset $out -Force).Status | Should -Be 'Completed'
    }

    It 'refuses files that it did not write without -Force, and asks no question' {
        $null = Convert-AmsAssetToStatic $asset $out
        Remove-Item (Join-Path $out 'mbr-mp4/_static.json')
        $before = Get-FileList $out
        $result = Convert-AmsAssetToStatic $asset $out -ErrorVariable errors -ErrorAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        $errors[0].FullyQualifiedErrorId, $errors[0].CategoryInfo.Category | Should -Be @("OutputExists,$id", 'ResourceExists')
        $errors[0].TargetObject.AssetName | Should -Be 'mbr-mp4'
        $result.Error | Should -Be $errors[0].Exception
        Get-FileList $out | Should -Be $before
        (Convert-AmsAssetToStatic $asset $out -Force).Status | Should -Be 'Completed'
    }

    It 'converts again with other options' {
        $null = Convert-AmsAssetToStatic $asset $out -Layout Segmented
        (Convert-AmsAssetToStatic $asset $out).Status | Should -Be 'Completed'
        Get-ChildItem $out -Recurse -Filter '*.m4s' | Should -BeNullOrEmpty
    }

    It 'converts the others where one fails' {
        New-Asset (Join-Path $TestDrive 'mixed') -Fixture video-only -Count 3
        $blocked = New-Item -ItemType File (Join-Path $out 'asset-002') -Force
        $results = Get-AmsAsset (Join-Path $TestDrive 'mixed/*') | Convert-AmsAssetToStatic -Destination $out -ErrorVariable errors -ErrorAction SilentlyContinue
        ($results | Sort-Object AssetName).Status | Should -Be @('Completed', 'Failed', 'Completed')
        @($errors).Count | Should -Be 1
        $errors[0].FullyQualifiedErrorId, $errors[0].CategoryInfo.Category | Should -Be @("OutputUnwritable,$id", 'WriteError')
        $errors[0].TargetObject.AssetName | Should -Be 'asset-002'
        $blocked | Should -Exist
    }

    It 'tells of every asset of a great mixture what became of it, and what was converted is sound' {
        $folders = @(Get-ChildItem $fixtures -Directory)
        $results = $folders | Get-AmsAsset | Convert-AmsAssetToStatic -Destination $out -ThrottleLimit 4 -ErrorVariable errors -ErrorAction SilentlyContinue
        ($results.AssetName | Sort-Object) | Should -Be ($folders.Name | Sort-Object)
        @($errors).Count | Should -Be @($results | Where-Object Status -EQ 'Failed').Count
        $errors.FullyQualifiedErrorId | Where-Object { $_ -like 'UnexpectedError*' } | Should -BeNullOrEmpty
        $checks = $results | Where-Object HlsUri | Test-AmsStaticAsset
        $checks.Count | Should -BeGreaterThan 20
        $checks | Where-Object { -not $_.IsValid } | ForEach-Object { "$($_.Path): $($_.Findings)" } | Should -BeNullOrEmpty
        foreach ($failed in $results | Where-Object Status -EQ 'Failed') {
            $failed.Destination | Should -Not -Exist
        }
    }

    It 'stops at the first failure with -ErrorAction Stop' {
        $null = New-Item -ItemType File (Join-Path $out 'mbr-mp4') -Force
        { Convert-AmsAssetToStatic $asset $out -ErrorAction Stop } | Should -Throw -ErrorId "OutputUnwritable,$id"
    }

    It 'keeps two assets of the same name apart' {
        New-Asset (Join-Path $TestDrive 'a') -Fixture video-only
        New-Asset (Join-Path $TestDrive 'b') -Fixture audio-only
        $results = Convert-AmsAssetToStatic (Join-Path $TestDrive 'a/*'), (Join-Path $TestDrive 'b/*') $out -Force -ErrorVariable errors -ErrorAction SilentlyContinue
        ($results.Status | Sort-Object) | Should -Be @('Completed', 'Failed')
        $errors[0].FullyQualifiedErrorId | Should -Be "DestinationTaken,$id"
    }

    It 'skips an asset that has nothing to play, and copies it with -CopyNonStreamable' {
        $folder = Join-Path $TestDrive 'papers'
        $null = New-Item -ItemType Directory $folder
        Set-Content (Join-Path $folder 'readme.txt') 'text'
        $result = Convert-AmsAssetToStatic $folder $out
        $result.Status, $result.HlsUri | Should -Be @('Skipped', $null)
        $out | Should -Not -Exist
        (Convert-AmsAssetToStatic $folder $out -CopyNonStreamable).Status | Should -Be 'Completed'
        Join-Path $out 'papers/readme.txt' | Should -Exist
    }

    It 'prints warnings with -Verbose and keeps them in the result' {
        $messages = Convert-AmsAssetToStatic (Join-Path $fixtures 'mpeg4-part2') $out -Verbose 4>&1
        $result = $messages | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }
        $result.Warnings | Should -Not -BeNullOrEmpty
        foreach ($warning in $result.Warnings) {
            @($messages | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message | Should -Contain "mpeg4-part2: $warning"
        }
    }
}

Describe 'Convert-AmsAssetToStatic -WhatIf' {
    BeforeEach {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'prints the exact files and sizes, and writes nothing' {
        $said = Invoke-Shell "Import-Module '$modulePath'; Convert-AmsAssetToStatic '$asset' '$out' -WhatIf"
        $out | Should -Not -Exist
        $promised = $said | Select-String 'Write (\d+) bytes.*"([^"]+)"\.?$' | ForEach-Object { '{0} {1}' -f $_.Matches[0].Groups[2].Value, $_.Matches[0].Groups[1].Value }
        $null = Convert-AmsAssetToStatic $asset $out
        $promised | Sort-Object | Should -Be (Get-FileList $out | Sort-Object)
        $said[0] | Should -Match "mbr-mp4.*$([regex]::Escape($out))"
    }

    It 'begins no log' {
        Convert-AmsAssetToStatic $asset $out -LogPath "$out.jsonl" -WhatIf
        & { $WhatIfPreference = $true; Convert-AmsAssetToStatic $asset $out -LogPath "$out.jsonl" }
        "$out.jsonl" | Should -Not -Exist
    }

    It 'writes no result for what it holds back, and tells what would be skipped' {
        Convert-AmsAssetToStatic $asset $out -WhatIf | Should -BeNullOrEmpty
        $null = Convert-AmsAssetToStatic $asset $out
        (Convert-AmsAssetToStatic $asset $out -WhatIf).Status | Should -Be 'Skipped'
    }
}

Describe 'A path that is none' {
    It 'ends the command for <Name> <What>' -ForEach @(
        foreach ($name in 'Destination', 'LogPath', 'NewContentKeyPath', 'UrlDestination') {
            @{ Name = $name; What = 'of blanks'; Value = ' ' }
            @{ Name = $name; What = 'with a NUL'; Value = "a`0b" }
        }
    ) {
        $given = @{ Path = $asset; Destination = Join-Path $TestDrive 'none'; LocatorId = [guid]::NewGuid() }
        $given[$Name] = $Value
        { Convert-AmsAssetToStatic @given } | Should -Throw -ErrorId 'PathWrong,AmsMigration.Commands.ConvertAmsAssetToStaticCommand'
    }
}

Describe 'Completion' {
    It 'completes <Line>' -ForEach @(
        @{ Line = 'Convert-AmsAssetToStatic a b -Layout S'; Expected = 'Segmented', 'SingleFile' }
        @{ Line = 'Convert-AmsAssetToStatic a b -PathTemplate '; Expected = "'{AssetName}'", "'{ContainerName}'", "'{AssetId}'", "'{AlternateId}'", "'{LocatorId}'" }
        @{ Line = "Convert-AmsAssetToStatic a b -PathTemplate 'video/{c"; Expected = @("'video/{ContainerName}'") }
        @{ Line = "Convert-AmsAssetToStatic a b -PathTemplate '{AssetName}-"; Expected = '{AssetName}', '{ContainerName}', '{AssetId}', '{AlternateId}', '{LocatorId}' | ForEach-Object { "'{AssetName}-$_'" } }
        @{ Line = 'Convert-AmsAssetToStatic a b -ManifestName m'; Expected = 'manifest', 'master' }
        @{ Line = 'Convert-AmsAssetToStatic -Thr'; Expected = @('-ThrottleLimit') }
        @{ Line = 'Get-AmsAs'; Expected = @('Get-AmsAsset') }
    ) {
        (Complete $Line).CompletionText | Should -Be $Expected
    }
}
