BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $asset = Join-Path $fixtures 'mbr-mp4'
    $id = 'AmsMigration.Commands.TestAmsStaticAssetCommand'
}

Describe 'Test-AmsStaticAsset' {
    BeforeEach {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
        $result = Convert-AmsAssetToStatic $asset $out
    }

    It 'finds nothing wrong with what was converted' {
        $check = Test-AmsStaticAsset $result.Destination
        $check.GetType().FullName | Should -Be 'AmsMigration.Verification.AmsVerificationResult'
        $check.IsValid | Should -BeTrue
        $check.Path, $check.Source | Should -Be @($result.Destination, $null)
        $check.Presentations | Should -Be @('clip')
        $check.Renditions, $check.SamplesCompared, $check.Findings.Count | Should -Be @(4, 0, 0)
    }

    It 'compares every sample with -Source, and takes results from the pipeline' {
        $named = Test-AmsStaticAsset $result.Destination -Source $asset
        $named.SamplesCompared | Should -BeGreaterThan 900
        $piped = $result | Test-AmsStaticAsset
        $piped.IsValid, $piped.SamplesCompared, $piped.Source | Should -Be @($true, $named.SamplesCompared, $asset)
    }

    It 'takes wildcards, strings and directories' {
        (Test-AmsStaticAsset (Join-Path $out '*')).IsValid | Should -BeTrue
        ($result.Destination | Test-AmsStaticAsset).IsValid | Should -BeTrue
        (Get-ChildItem $out -Directory | Test-AmsStaticAsset).IsValid | Should -BeTrue
    }

    It 'finds a byte that has changed' {
        $media = Get-ChildItem $result.Destination -Recurse -Filter 'video_270p_*.mp4'
        $bytes = [System.IO.File]::ReadAllBytes($media.FullName)
        $bytes[$bytes.Length - 100] = $bytes[$bytes.Length - 100] -bxor 255
        [System.IO.File]::WriteAllBytes($media.FullName, $bytes)
        $check = Test-AmsStaticAsset $result.Destination -Source $asset
        $check.IsValid | Should -BeFalse
        $check.Findings -join ' ' | Should -Match ([regex]::Escape($media.BaseName))
    }

    It 'finds a file that is cut short or gone' {
        $media = Get-ChildItem $result.Destination -Recurse -Filter 'video_90p_*.mp4'
        $bytes = [System.IO.File]::ReadAllBytes($media.FullName)
        [System.IO.File]::WriteAllBytes($media.FullName, $bytes[0..($bytes.Length / 2)])
        (Test-AmsStaticAsset $result.Destination).IsValid | Should -BeFalse
        Remove-Item $media.FullName
        (Test-AmsStaticAsset $result.Destination).IsValid | Should -BeFalse
    }

    It 'finds that a folder holds no output' {
        $empty = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        (Test-AmsStaticAsset $empty.FullName).IsValid | Should -BeFalse
    }

    It 'says of what cannot be looked at that it cannot' {
        $checks = Test-AmsStaticAsset (Join-Path $out 'nowhere'), $result.Destination -ErrorVariable errors -ErrorAction SilentlyContinue
        $checks.IsValid | Should -Be @($true)
        $errors.FullyQualifiedErrorId | Should -Be @("PathNotFound,$id")
    }

    It 'takes one asset as the source' {
        Test-AmsStaticAsset $result.Destination -Source (Join-Path $fixtures 'nowhere') -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be "PathNotFound,$id"
        Test-AmsStaticAsset $result.Destination -Source $fixtures -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId, $errors[0].CategoryInfo.Category | Should -Be @("SourceAmbiguous,$id", 'InvalidArgument')
    }
}
