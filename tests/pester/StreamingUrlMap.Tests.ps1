BeforeDiscovery {
    # Not on the PATH of everybody who may run it.
    $nginx = Get-Command nginx, /usr/sbin/nginx -CommandType Application -ErrorAction Ignore | Select-Object -First 1 -ExpandProperty Source
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Azurite.ps1"
    $oldHost = 'contoso-euwe.streaming.media.azure.net'
    $locator = '0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f'

    # A result as it comes where an export knew the asset.
    function Set-OldUrl($Result, [string] $Manifest, [string] $Locator = $locator) {
        $urls = foreach ($pair in ('Hls', 'manifest(format=m3u8-cmaf)'), ('Dash', 'manifest(format=mpd-time-cmaf)'), ('SmoothStreaming', 'manifest')) {
            $url = New-Object AmsMigration.Metadata.AmsStreamingUrl
            $values = @{
                Url = "https://$oldHost/$Locator/$([uri]::EscapeDataString($Manifest))/$($pair[1])"
                Protocol = $pair[0]
                Encryption = 'NoEncryption'
                LocatorId = $Locator
                StreamingEndpoint = 'default'
            }
            $values.GetEnumerator() | ForEach-Object { [AmsMigration.Metadata.AmsStreamingUrl].GetProperty($_.Key).SetValue($url, $_.Value) }
            $url
        }
        $Result.GetType().GetProperty('StreamingUrls').SetValue($Result, [AmsMigration.Metadata.AmsStreamingUrl[]]$urls)
        $Result
    }
}

Describe 'Export-AmsStreamingUrlMap' {
    BeforeAll {
        $out = Join-Path $TestDrive 'out'
        $converted = Set-OldUrl (Convert-AmsAssetToStatic (Join-Path $fixtures 'mbr-mp4') $out) 'clip.ism'
        $public = @{ BaseUri = 'video.contoso.com'; Destination = $out }
    }

    BeforeEach {
        $map = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'writes all formats and an entry for each address' {
        $entries = $converted | Export-AmsStreamingUrlMap $map @public
        $entries.Count | Should -Be 16
        $entries[0].GetType().FullName | Should -Be 'AmsMigration.StreamingUrls.AmsStreamingUrlMapEntry'
        ($entries | Where-Object Format -EQ 'm3u8-aapl').NewUrl | Select-Object -Unique | Should -Be 'https://video.contoso.com/mbr-mp4/clip.m3u8'
        ($entries | Where-Object Protocol -EQ 'SmoothStreaming').Note | Select-Object -Unique | Should -Match 'Smooth Streaming'
        (Get-ChildItem $map).Name | Should -Be @('apache-map.txt', 'apache.conf', 'cloudflare-bulk-redirects.csv', 'front-door-001.json', 'iis-rewriteMaps.config',
            'iis-web.config', 'nginx-map.conf', 'nginx-server.conf', 'streaming-urls.csv', 'streaming-urls.json')
        (Import-Csv (Join-Path $map 'streaming-urls.csv')).OldUrl | Should -Be $entries.OldUrl
        (Get-Content -Raw (Join-Path $map 'streaming-urls.json') | ConvertFrom-Json).newUrl | Should -Be $entries.NewUrl
        ([xml](Get-Content -Raw (Join-Path $map 'iis-rewriteMaps.config'))).rewriteMaps.rewriteMap.add.Count | Should -Be 15
        $null = [xml](Get-Content -Raw (Join-Path $map 'iis-web.config'))
    }

    It 'writes the formats that are asked for, and nothing over what is there without -Force' {
        $null = $converted | Export-AmsStreamingUrlMap $map -Format Csv, Nginx @public
        (Get-ChildItem $map).Name | Should -Be @('nginx-map.conf', 'nginx-server.conf', 'streaming-urls.csv')
        $before = (Get-Item (Join-Path $map 'streaming-urls.csv')).LastWriteTimeUtc
        $converted | Export-AmsStreamingUrlMap $map -Format Csv @public -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'OutputExists,*'
        (Get-Item (Join-Path $map 'streaming-urls.csv')).LastWriteTimeUtc | Should -Be $before
        ($converted | Export-AmsStreamingUrlMap $map -Format Csv @public -Force).Count | Should -Be 16
    }

    It 'writes nothing with -WhatIf' {
        $converted | Export-AmsStreamingUrlMap $map @public -WhatIf | Should -BeNullOrEmpty
        $map | Should -Not -Exist
    }

    It 'has written whole files when another command has enough' {
        ($converted | Export-AmsStreamingUrlMap $map @public | Select-Object -First 1).OldUrl | Should -BeLike "https://$oldHost/*"
        (Import-Csv (Join-Path $map 'streaming-urls.csv')).Count | Should -Be 16
        Get-ChildItem $map -Force -Filter '.*' | Should -BeNullOrEmpty
    }

    It 'says what nobody knows, and goes on' {
        $unknown = Convert-AmsAssetToStatic (Join-Path $fixtures 'smooth') (Join-Path $TestDrive 'unknown')
        $entries = $unknown, $converted | Export-AmsStreamingUrlMap $map -Format Json @public -ErrorVariable errors -ErrorAction SilentlyContinue
        $entries.Count | Should -Be 16
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'StreamingUrlsUnknown,*'
        $errors[0].TargetObject | Should -Be $unknown
        $errors[0].ErrorDetails.RecommendedAction | Should -Match 'MetadataPath'
    }

    It 'says of outputs in folders that somebody has to publish them' {
        $entries = $converted | Export-AmsStreamingUrlMap $map -Format Json
        $entries.Target | Select-Object -Unique | Should -Be 'None'
        $entries.Note | Select-Object -Unique | Should -Match '-BaseUri'
    }

    It 'names conflicts' {
        $other = Set-OldUrl (Convert-AmsAssetToStatic (Join-Path $fixtures 'smooth') $out) 'clip.ism'
        $null = $other, $converted | Export-AmsStreamingUrlMap $map -Format Json @public -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Count | Should -Be 16
        "$($warnings[0])" | Should -BeLike '*mbr-mp4*smooth*'
    }

    It 'refuses what is no host and no public address' {
        { $converted | Export-AmsStreamingUrlMap $map -OldHostName 'https://x/y' } | Should -Throw
        { $converted | Export-AmsStreamingUrlMap $map -BaseUri 'https://x/?sig=secret' } | Should -Throw -ExpectedMessage "*'https://x/' is no public address*"
        { $converted | Export-AmsStreamingUrlMap $map -MetadataPath (Join-Path $TestDrive 'nowhere') } | Should -Throw -ErrorId 'PathNotFound,*'
    }
}

Describe 'Old addresses behind nginx, in front of Azurite (needs nginx, node and the npm package azurite of tests/node)' -Skip:(-not $nginx) {
    BeforeAll {
        $program = Get-Command nginx, /usr/sbin/nginx -CommandType Application -ErrorAction Ignore | Select-Object -First 1 -ExpandProperty Source
        $folder = Join-Path $TestDrive 'nginx'
        $null = New-Item -ItemType Directory $folder
        $azurite = Start-Azurite (Join-Path $folder 'azurite')
        if (-not $azurite) {
            return
        }

        $null = Invoke-Azurite $azurite PUT 'video?restype=container' -Headers @{ 'x-ms-blob-public-access' = 'blob' }
        $hostile = 'Ünï "q" $x (1)+;,=&''#%25 [a] {b}^~|`@! <i>.*?'
        $odd = Join-Path $TestDrive 'assets/odd'
        Copy-Item -Recurse (Join-Path $fixtures 'smooth') $odd
        $results = @(
            Set-OldUrl (Convert-AmsAssetToStatic (Join-Path $fixtures 'mbr-mp4') "$($azurite.Service)/video" -DestinationConnectionString $azurite.ConnectionString) 'clip.ism'
            Set-OldUrl (Convert-AmsAssetToStatic $odd "$($azurite.Service)/video" -DestinationConnectionString $azurite.ConnectionString) "$hostile.ism" ([guid]::NewGuid())
        )
        $entries = $results | Export-AmsStreamingUrlMap (Join-Path $folder 'map')
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $temporary = 'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi' | ForEach-Object { "${_}_temp_path $folder/$_;" }
        @"
worker_processes 1; pid $folder/pid; error_log $folder/error.log; daemon off;
events { worker_connections 64; }
http {
    access_log off; $temporary
    include $folder/map/nginx-map.conf;
    server { listen 127.0.0.1:$port; return 404; }
    server {
        listen 127.0.0.1:$port; server_name $oldHost;
        include $folder/map/nginx-server.conf;
        location / { return 404; }
    }
}
"@ | Set-Content (Join-Path $folder 'nginx.conf')
        $start = [System.Diagnostics.ProcessStartInfo]::new($program, "-p `"$folder`" -e `"$folder/error.log`" -c `"$folder/nginx.conf`"")
        $start.UseShellExecute = $false
        $server = [System.Diagnostics.Process]::Start($start)
        $base = "http://127.0.0.1:$port"
        for ($i = 0; $i -lt 100 -and -not $server.HasExited; $i++) {
            try {
                $null = Invoke-WebRequest $base -SkipHttpErrorCheck
                break
            }
            catch {
                Start-Sleep -Milliseconds 100
            }
        }
    }

    AfterAll {
        if ($server) {
            # Its workers go with the master where it is asked.
            $null = & kill -TERM $server.Id
            $server.WaitForExit()
        }

        Stop-Azurite $azurite
    }

    It 'plays each of them, by the old host name' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        $entries.Count | Should -Be 32
        $tests = $entries | Test-AmsStreamingUrl -BaseUri $base -UseOldHostName
        $tests.Count | Should -Be 32
        $tests | Where-Object Works -NE $true | ForEach-Object { "$_ $($_.Problems)" } | Should -BeNullOrEmpty
        $tests.StatusCode | Select-Object -Unique | Should -Be 200
        ($tests.Redirections | Measure-Object -Sum).Sum | Should -Be 32
        $tests.SegmentsChecked | ForEach-Object { $_ | Should -BeGreaterThan 1 }
        # The emulator's service has no rule for other sites; nginx answers with its own header.
        $tests.Problems.Code | Select-Object -Unique | Sort-Object | Should -Be 'CorsMissing', 'ProtocolDiffers'
        $tests.Problems | Where-Object Code -EQ 'CorsMissing' | ForEach-Object { $_.Address | Should -BeLike "$($azurite.Service)*" }
    }

    It 'plays them in other letter case and percent-encoded throughout, as the service did' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        foreach ($request in 'MANIFEST(FORMAT=M3U8-CMAF)', 'manifest%28format%3Dm3u8-cmaf%29.m3u8', 'Manifest') {
            (Invoke-WebRequest "$base/$locator/clip.ism/$request" -Headers @{ Host = $oldHost } -SkipHttpErrorCheck -MaximumRedirection 0 -ErrorAction Ignore).StatusCode | Should -Be 302 -Because $request
        }
    }

    It 'says what does not play' {
        if (-not $azurite) {
            Set-ItResult -Skipped -Because 'node, or the npm package azurite of tests/node, is not on this machine'
            return
        }

        $test = Test-AmsStreamingUrl "https://$oldHost/$([guid]::NewGuid())/clip.ism/manifest" -BaseUri $base -UseOldHostName
        $test.Works, $test.StatusCode, $test.Problems[0].Code | Should -Be @($false, 404, 'NotFound')
        ($entries | Select-Object -First 1 | Test-AmsStreamingUrl -BaseUri $base).StatusCode | Should -Be 404 -Because 'the other server has no rules'
        $test = $results[0].HlsUri.Replace('/video/', '/not-there/') | Test-AmsStreamingUrl
        $test.Works | Should -BeFalse
    }
}

Describe 'Test-AmsStreamingUrl' {
    BeforeAll {
        $csv = Join-Path $TestDrive 'map.csv'
        "OldUrl,NewUrl,Note`nhttps://$oldHost/$locator/a.ism/manifest,http://127.0.0.1:9/a.mpd,`nhttps://$oldHost/$locator/b.ism/manifest,,The asset was not converted." | Set-Content $csv
    }

    It 'takes a map by name, by path object and by its records' {
        $tests = Test-AmsStreamingUrl -MapPath $csv
        $tests.OldUrl | Should -Be "https://$oldHost/$locator/b.ism/manifest", "https://$oldHost/$locator/a.ism/manifest" -Because 'what needs no question is answered at once'
        $tests.Works | Should -Be $false, $false
        $tests[0].Problems[0].Code, $tests[0].Problems[0].Message | Should -Be 'NoNewUrl', 'The asset was not converted.'
        $tests[1].Problems[0].Code | Should -Be 'HostUnreachable'
        (Get-Item $csv | Test-AmsStreamingUrl).Count | Should -Be 2
        (Import-Csv $csv).OldUrl[1] | Test-AmsStreamingUrl -BaseUri http://127.0.0.1:9 | ForEach-Object { $_.Problems[0].Code } | Should -Be 'HostUnreachable'
    }

    It 'refuses what cannot be tested, and goes on' {
        $tests = 'ftp://x/y', "/$locator/a.ism/manifest", "http://127.0.0.1:9/x.m3u8?sig=secret" | Test-AmsStreamingUrl -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -BeLike 'InvalidStreamingUrl,*'
        $errors.Count, @($tests).Count | Should -Be 2, 1
        $tests | Format-List * | Out-String | Should -Not -Match 'secret'
        { Test-AmsStreamingUrl "https://$oldHost/$locator/a.ism/manifest" -UseOldHostName } | Should -Throw -ErrorId 'OldHostNameNeedsBaseUri,*'
        Test-AmsStreamingUrl -MapPath $PSCommandPath -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'MapUnreadable,*'
    }

    It 'ends at once when another command has enough, and when nobody answers' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $silent = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            (Test-AmsStreamingUrl "$silent/a.mpd" -Timeout 1).Problems[0].Code | Should -Be 'TimedOut'
            $first = 'http://127.0.0.1:9/a.mpd', "$silent/b.mpd" | Test-AmsStreamingUrl -Timeout 60 | Select-Object -First 1
            $first.TestedUrl | Should -Be 'http://127.0.0.1:9/a.mpd'
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
        }
        finally {
            $listener.Stop()
        }
    }
}
