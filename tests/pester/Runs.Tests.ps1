BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $asset = Join-Path $fixtures 'video-only'
    $id = 'AmsMigration.Commands.ClearAmsMigrationStatusCommand'

    function Get-Record([string] $Folder) {
        Get-Content -Raw (Join-Path $Folder '_static.json') | ConvertFrom-Json
    }
}

Describe 'The record beside an output' {
    It 'says what was made of what, to the byte' {
        $result = Convert-AmsAssetToStatic $asset (Join-Path $TestDrive 'record')
        $record = Get-Record $result.Destination
        $record.schema, $record.state, $record.asset, $record.source | Should -Be @(1, 'Complete', 'video-only', $asset)
        $record.options.layout | Should -Be 'SingleFile'
        foreach ($file in $record.files) {
            (Get-Item (Join-Path $result.Destination $file.path)).Length | Should -Be $file.length
        }

        $record.files.Count | Should -Be ((Get-FileList $result.Destination).Count - 1)
        $record.sourceFiles.path | Should -Contain 'silent.mp4'
    }
}

Describe 'The summary of a run' {
    It 'goes to the information stream and leaves the pipeline alone' {
        $folder = Join-Path $TestDrive 'summary'
        New-Asset $folder -Fixture video-only -Count 3
        Copy-Item -Recurse (Join-Path $fixtures 'damaged-header') (Join-Path $folder 'broken')
        $out = Join-Path $TestDrive 'summary-out'
        $null = Convert-AmsAssetToStatic (Join-Path $folder 'asset-001') $out
        $results = Convert-AmsAssetToStatic "$folder/*" $out -InformationVariable run -ErrorAction SilentlyContinue
        $results | ForEach-Object { $_.GetType().Name | Should -Be 'AmsConversionResult' }
        @($run).Count | Should -Be 1
        $run[0].Tags | Should -Contain 'AmsRunSummary'
        $summary = $run[0].MessageData
        $summary.Completed, $summary.Skipped, $summary.Failed | Should -Be @(2, 1, 1)
        $summary.FailedAssets | Should -Be @('broken')
        $summary.BytesWritten | Should -Be ($results | Measure-Object BytesWritten -Sum).Sum
        "$summary" | Should -Be '2 completed, 1 skipped, 1 failed'
        $summary | Format-List | Out-String | Should -Match 'FailedAssets : broken'
    }
}

Describe 'Convert-AmsAssetToStatic -LogPath' {
    It 'writes a line of JSON for each event, and adds to what is there' {
        $log = Join-Path $TestDrive 'new/run.jsonl'
        $out = Join-Path $TestDrive 'log-out'
        $result = Convert-AmsAssetToStatic $asset $out -LogPath $log
        $null = Convert-AmsAssetToStatic $asset $out -LogPath $log
        $events = Get-Content $log | ConvertFrom-Json
        $events.event | Select-Object -First 2 | Should -Be @('start', 'plan')
        @($events | Where-Object event -EQ 'start').Count | Should -Be 2
        @($events | Where-Object event -EQ 'file').Count | Should -Be ((Get-FileList $result.Destination).Count - 1)
        ($events | Where-Object event -EQ 'asset').status | Should -Be @('Completed', 'Skipped')
        $events[-1].event | Should -Be 'end'
    }

    It 'is safe for several assets at once, and tells errors' {
        $folder = Join-Path $TestDrive 'log-many'
        New-Asset $folder -Fixture video-only -Count 12
        Copy-Item -Recurse (Join-Path $fixtures 'damaged-header') (Join-Path $folder 'broken')
        $log = Join-Path $TestDrive 'many.jsonl'
        $null = Convert-AmsAssetToStatic "$folder/*" (Join-Path $TestDrive 'many-out') -LogPath $log -ThrottleLimit 6 -ErrorAction SilentlyContinue
        $events = Get-Content $log | ForEach-Object { ConvertFrom-Json $_ }
        @($events | Where-Object { $_.event -eq 'asset' -and $_.status -eq 'Completed' }).Count | Should -Be 12
        ($events | Where-Object event -EQ 'error').code | Should -Be 'NothingConvertible'
    }

    It 'ends the command before anything is done where the log cannot be opened' {
        $out = Join-Path $TestDrive 'no-log-out'
        { Convert-AmsAssetToStatic $asset $out -LogPath $TestDrive } | Should -Throw -ErrorId 'LogUnwritable,AmsMigration.Commands.ConvertAmsAssetToStaticCommand'
        $out | Should -Not -Exist
    }

    It 'has an end though the pipeline ended early' {
        $folder = Join-Path $TestDrive 'log-early'
        New-Asset $folder -Fixture video-only -Count 5
        $log = Join-Path $TestDrive 'early.jsonl'
        $null = Convert-AmsAssetToStatic "$folder/*" (Join-Path $TestDrive 'early-out') -LogPath $log | Select-Object -First 1
        (Get-Content $log -Tail 1 | ConvertFrom-Json).event | Should -Be 'end'
    }
}

Describe 'Clear-AmsMigrationStatus' {
    BeforeEach {
        $out = Join-Path $TestDrive ([guid]::NewGuid())
        $result = Convert-AmsAssetToStatic $asset $out
        $before = Get-FileList $out | Where-Object { $_ -notmatch '_static' }
    }

    It 'has the next run convert again, and leaves the output alone until then' {
        Clear-AmsMigrationStatus $asset $out -Force | Should -BeNullOrEmpty
        (Get-Record $result.Destination).state | Should -Be 'Cleared'
        Get-FileList $out | Where-Object { $_ -notmatch '_static' } | Should -Be $before
        (Convert-AmsAssetToStatic $asset $out).Status | Should -Be 'Completed'
        (Convert-AmsAssetToStatic $asset $out).Status | Should -Be 'Skipped'
    }

    It 'tells with -PassThru what was there' {
        $cleared = Get-AmsAsset $asset | Clear-AmsMigrationStatus -Destination $out -PassThru -Force
        $cleared.AssetName, $cleared.Destination, $cleared.OutputStatus, $cleared.SourceStatus | Should -Be @('video-only', $result.Destination, 'Completed', 'NotMigrated')
        Clear-AmsMigrationStatus $asset $out -PassThru -Force | Should -BeNullOrEmpty
    }

    It 'clears only what failed with -Category Failed' {
        Clear-AmsMigrationStatus $asset $out -Category Failed -PassThru -Force | Should -BeNullOrEmpty
        $file = Join-Path $result.Destination '_static.json'
        (Get-Content -Raw $file) -replace '"Complete"', '"InProgress"' | Set-Content $file
        $null = New-Item -ItemType File (Join-Path $result.Destination '.amsmigration/0123.partial') -Force
        (Clear-AmsMigrationStatus $asset $out -Category Failed -PassThru -Force).OutputStatus | Should -Be 'InProgress'
        Join-Path $result.Destination '.amsmigration' | Should -Not -Exist
    }

    It 'does nothing with -WhatIf, whatever -Force says' {
        Clear-AmsMigrationStatus $asset $out -WhatIf -Force -PassThru | Should -BeNullOrEmpty
        $WhatIfPreference = $true
        Clear-AmsMigrationStatus $asset $out -Force -PassThru | Should -BeNullOrEmpty
        $WhatIfPreference = $false
        (Get-Record $result.Destination).state | Should -Be 'Complete'
    }

    It 'asks, unless it is told not to' {
        (Get-Command Clear-AmsMigrationStatus).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $true).ConfirmImpact | Should -Be 'High'
        { Invoke-Shell "`$ErrorActionPreference = 'Stop'; Import-Module '$modulePath'; Clear-AmsMigrationStatus '$asset' '$out'" 2>$null } | Should -Throw
        (Get-Record $result.Destination).state | Should -Be 'Complete'
        (Clear-AmsMigrationStatus $asset $out -Confirm:$false -PassThru).AssetName | Should -Be 'video-only'
    }

    It 'refuses an output that a run is writing' {
        $lock = [System.IO.File]::Open((New-Item -ItemType File (Join-Path $result.Destination '.amsmigration/lock') -Force), 'Open', 'ReadWrite', 'None')
        try {
            Clear-AmsMigrationStatus $asset $out -Force -ErrorVariable errors -ErrorAction SilentlyContinue
        }
        finally {
            $lock.Dispose()
        }

        $errors[0].FullyQualifiedErrorId, $errors[0].CategoryInfo.Category | Should -Be @("OutputInUse,$id", 'ResourceBusy')
    }

    It 'removes a record that cannot be read' {
        Set-Content (Join-Path $result.Destination '_static.json') 'nonsense'
        (Clear-AmsMigrationStatus $asset $out -PassThru -Force).OutputStatus | Should -Be 'Unreadable'
        Join-Path $result.Destination '_static.json' | Should -Not -Exist
    }
}
