BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $source = Join-Path $TestDrive 'source'
    New-Asset $source -Count 40
    $null = Convert-AmsAssetToStatic (Join-Path $fixtures 'mbr-mp4') (Join-Path $TestDrive 'one')
    $script:filesOfOneOutput = @(Get-FileList (Join-Path $TestDrive 'one')).Count

    # Runs a script in a runspace of its own and gives it to a block when its first object is there.
    function Use-RunningScript([string] $Text, [scriptblock] $Block) {
        $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
        $null = $state.ImportPSModule($modulePath)
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        $shell = [powershell]::Create()
        try {
            $shell.Runspace = $runspace
            $null = $shell.AddScript($Text)
            $inputs = [System.Management.Automation.PSDataCollection[object]]::new()
            $inputs.Complete()
            $outputs = [System.Management.Automation.PSDataCollection[object]]::new()
            $running = $shell.BeginInvoke($inputs, $outputs)
            $limit = [datetime]::UtcNow.AddSeconds(60)
            while ($outputs.Count -eq 0 -and -not $running.IsCompleted -and [datetime]::UtcNow -lt $limit) {
                Start-Sleep -Milliseconds 5
            }

            & $Block $shell $running $outputs
        }
        finally {
            $shell.Dispose()
            $runspace.Dispose()
        }
    }
}

Describe 'A pipeline that ends early' {
    BeforeEach {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
    }

    It 'is stopped by Ctrl+C: everything is joined and nothing is half made' {
        Use-RunningScript "Convert-AmsAssetToStatic '$source/*' '$out' -ThrottleLimit 4" {
            param($shell, $running, $outputs)
            $outputs.Count | Should -BeGreaterThan 0
            $shell.Stop()
            $running.IsCompleted | Should -BeTrue
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $atStop = Get-FileList $out
            Start-Sleep -Milliseconds 500
            Get-FileList $out | Should -Be $atStop -Because 'no work may go on'
            @(Get-ChildItem $out -Directory).Count | Should -BeLessThan 40 -Because 'it was stopped in the middle'
        }
        Assert-NothingHalfMade $out
    }

    It 'is stopped by Ctrl+C while it waits for a slow reader' {
        Use-RunningScript "Convert-AmsAssetToStatic '$source/*' '$out' -ThrottleLimit 4 | ForEach-Object { `$_; Start-Sleep 60 }" {
            param($shell, $running, $outputs)
            $elapsed = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $elapsed.Elapsed.TotalSeconds | Should -BeLessThan 20
        }
        Assert-NothingHalfMade $out
    }

    It 'ends with Select-Object -First 1: everything is joined and nothing is half made' {
        $first = Convert-AmsAssetToStatic "$source/*" $out -ThrottleLimit 4 | Select-Object -First 1
        $atEnd = Get-FileList $out
        $first.Status | Should -Be 'Completed'
        Start-Sleep -Milliseconds 500
        Get-FileList $out | Should -Be $atEnd -Because 'no work may go on'
        @(Get-ChildItem $out -Directory).Count | Should -BeLessThan 40 -Because 'it was ended in the middle'
        Assert-NothingHalfMade $out
    }

    It 'ends with an error that stops' {
        $null = New-Item -ItemType File (Join-Path $out 'asset-003') -Force
        { Convert-AmsAssetToStatic "$source/*" $out -ThrottleLimit 4 -ErrorAction Stop } | Should -Throw
        $atEnd = Get-FileList $out
        Start-Sleep -Milliseconds 500
        Get-FileList $out | Should -Be $atEnd -Because 'no work may go on'
        Assert-NothingHalfMade $out
    }

    It 'ends with a break in the reader' {
        foreach ($once in 1) {
            Convert-AmsAssetToStatic "$source/*" $out -ThrottleLimit 4 | ForEach-Object { break }
        }
        $atEnd = Get-FileList $out
        Start-Sleep -Milliseconds 500
        Get-FileList $out | Should -Be $atEnd -Because 'no work may go on'
        Assert-NothingHalfMade $out
    }

    It 'can simply be repeated' {
        $null = Convert-AmsAssetToStatic "$source/*" $out -ThrottleLimit 4 | Select-Object -First 2
        $results = Convert-AmsAssetToStatic "$source/*" $out -ThrottleLimit 4
        $results.Count | Should -Be 40
        $results.Status | Sort-Object -Unique | Should -Be @('Completed', 'Skipped')
        Assert-NothingHalfMade $out
    }
}

Describe 'A pipeline that runs to its end' {
    It 'streams: results come while assets still go in' {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
        $order = [System.Collections.Generic.List[string]]::new()
        Get-ChildItem $source -Directory | ForEach-Object { $order.Add('in'); $_ } |
            Convert-AmsAssetToStatic -Destination $out -ThrottleLimit 2 | ForEach-Object { $order.Add('out') }
        $order.Count | Should -Be 80
        $order.IndexOf('out') | Should -BeLessThan 10
        $order.LastIndexOf('in') | Should -BeGreaterThan 60
    }

    It 'shows one bar and at most ThrottleLimit others, a few times a second, and takes them all away' {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
        $elapsed = [System.Diagnostics.Stopwatch]::StartNew()
        Use-RunningScript "Convert-AmsAssetToStatic '$source/*' '$out' -ThrottleLimit 3" {
            param($shell, $running, $outputs)
            $null = $running.AsyncWaitHandle.WaitOne(60000)
            $records = @($shell.Streams.Progress.ReadAll())
            $outputs.Count | Should -Be 40
            ($records.ActivityId | Sort-Object -Unique) | ForEach-Object { $_ | Should -BeIn 0, 1, 2, 3 }
            $records | Where-Object ActivityId -EQ 0 | Where-Object StatusDescription -Match '^\d+ done, \d+ in flight, .+ of .+, .+/s$' |
                Should -Not -BeNullOrEmpty -Because 'the bar of the run tells bytes and rate'
            $records | Where-Object ActivityId -NE 0 | ForEach-Object { $_.ParentActivityId | Should -Be 0 }
            foreach ($bar in $records | Group-Object ActivityId) {
                $bar.Group[-1].RecordType | Should -Be 'Completed'
            }
            @($records | Where-Object { $_.ActivityId -eq 0 -and $_.RecordType -eq 'Processing' }).Count | Should -BeLessOrEqual (1 + 5 * $elapsed.Elapsed.TotalSeconds)
        }
    }
}
