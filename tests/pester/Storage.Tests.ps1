# Assets and outputs in blob storage, as a user of the shell sees them. Skipped where Azurite cannot run.
BeforeDiscovery {
    $canRun = (Test-Path (Join-Path $PSScriptRoot '../node/node_modules/azurite')) -and (Get-Command node -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/Azurite.ps1"
    $azurite = Start-Azurite (Join-Path $TestDrive 'azurite')
    if (-not $azurite) {
        return
    }

    $connection = $azurite.ConnectionString
    $convert = 'AmsMigration.Commands.ConvertAmsAssetToStaticCommand'

    # The address of a container with a shared access signature for it (service SAS, version 2020-10-02).
    function Get-SignedUri([string] $Container, [string] $Permissions = 'racwdl', [datetime] $Until = [datetime]::UtcNow.AddHours(1)) {
        $ends = $Until.ToString('yyyy-MM-ddTHH:mm:ssZ')
        $text = "$Permissions`n`n$ends`n/blob/$($azurite.Account)/$Container`n`n`n`n2020-10-02`nc`n`n`n`n`n`n"
        $hmac = [System.Security.Cryptography.HMACSHA256]::new([Convert]::FromBase64String($azuriteKey))
        $signature = [Uri]::EscapeDataString([Convert]::ToBase64String($hmac.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text))))
        "$($azurite.Service)/$Container`?sv=2020-10-02&sr=c&sp=$Permissions&se=$([Uri]::EscapeDataString($ends))&sig=$signature"
    }

    function New-Container {
        $name = "out-$([guid]::NewGuid().ToString('n'))"
        $null = Invoke-Azurite $azurite PUT "$name`?restype=container"
        $name
    }

    function Get-BlobName([string] $Container) {
        $list = [xml](Invoke-Azurite $azurite GET "$Container`?comp=list&restype=container").Content.TrimStart([char]0xFEFF)
        @($list.EnumerationResults.Blobs.Blob | Where-Object { $_ } | ForEach-Object Name)
    }

    function Get-BlobText([string] $Path) {
        $content = (Invoke-Azurite $azurite GET $Path).Content
        if ($content -is [byte[]]) { [System.Text.Encoding]::UTF8.GetString($content) } else { $content }
    }

    # Each output in a container is whole and sound, or says that it is not complete and has nothing that plays.
    function Assert-NothingHalfMadeIn([string] $Container) {
        $names = Get-BlobName $Container
        $names | Where-Object { $_ -like '*_static.lock' } | Should -BeNullOrEmpty -Because 'nobody is at work any more'
        foreach ($output in $names | ForEach-Object { $_.Split('/')[0] } | Sort-Object -Unique) {
            $record = Get-BlobText "$Container/$output/_static.json" | ConvertFrom-Json
            if ($names | Where-Object { $_ -like "$output/*.mpd" -or $_ -match "^$output/[^/]*\.m3u8$" }) {
                (Test-AmsStaticAsset "$($azurite.Service)/$Container/$output" -ConnectionString $connection).Findings | Should -BeNullOrEmpty
            }
            else {
                $record.state | Should -Be 'InProgress'
            }
        }
    }

    1..12 | ForEach-Object { Send-Container $azurite ('asset-{0:000}' -f $_) (Join-Path $fixtures 'video-only') }
    Send-Container $azurite 'film' (Join-Path $fixtures 'mbr-mp4')
}

AfterAll {
    Stop-Azurite $azurite
}

Describe 'Get-AmsAsset from an account (needs node and the npm package azurite of tests/node)' -Skip:(-not $canRun) {
    It 'lists containers by connection string, by prefix and by wildcard' {
        $all = Get-AmsAsset -ConnectionString $connection
        $all.Count | Should -Be 13
        ($all | Where-Object AssetName -EQ 'film').Tracks.Count | Should -BeGreaterThan 3
        (Get-AmsAsset -ConnectionString $connection -Prefix asset-00).Count | Should -Be 9
        (Get-AmsAsset -ConnectionString $connection -ContainerName 'asset-01?', 'fil*').AssetName | Sort-Object | Should -Be @('asset-010', 'asset-011', 'asset-012', 'film')
        Get-AmsAsset -ConnectionString $connection -Prefix nothing | Should -BeNullOrEmpty
    }

    It 'takes a container by its address and signature, and shows no signature' {
        $asset = Get-AmsAsset -ContainerUri (Get-SignedUri film -Permissions rl)
        $asset.AssetName, $asset.IsStreamable | Should -Be @('film', $true)
        $asset.Location | Should -Be "$($azurite.Service)/film"
    }

    It 'goes by when the first blob was made' {
        $now = [DateTimeOffset]::UtcNow
        (Get-AmsAsset -ConnectionString $connection -CreatedAfter $now.AddHours(-1) -CreatedBefore $now.AddHours(1)).Count | Should -Be 13
        Get-AmsAsset -ConnectionString $connection -CreatedAfter $now.AddHours(1) | Should -BeNullOrEmpty
        Get-AmsAsset -ConnectionString $connection -CreatedBefore $now.AddHours(-1) | Should -BeNullOrEmpty
    }

    It 'completes names of containers from what opens the account on the line, and nothing without that' {
        (Complete "Get-AmsAsset -ConnectionString '$connection' -ContainerName asset-01").CompletionText | Should -Be @('asset-010', 'asset-011', 'asset-012')
        (Complete "Get-AmsAsset -ConnectionString '$connection' -Prefix fi").CompletionText | Should -Be @('film')
        (Complete "Get-AmsAsset -ConnectionString 'AccountName=a' -Prefix fi").CompletionText | Should -Not -Contain 'film'
    }

    It 'names a wildcard that is none' {
        Get-AmsAsset -ConnectionString $connection -ContainerName 'asset-[0' -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Be 'PatternWrong,AmsMigration.Commands.GetAmsAssetCommand'
    }

    It 'names what is wrong' {
        { Get-AmsAsset -ContainerUri (Get-SignedUri missing) -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        { Get-AmsAsset -ContainerUri (Get-SignedUri film -Until ([datetime]::UtcNow.AddHours(-1))) -ErrorAction Stop } | Should -Throw -ErrorId 'StorageForbidden,*' -Because 'so the emulator tells a signature that has ended'
        { Get-AmsAsset -ConnectionString 'AccountName=a' -ErrorAction Stop } | Should -Throw -ErrorId 'StorageAddressWrong,*'
        { Get-AmsAsset -ContainerUri 'http://contoso.blob.core.windows.net/film' -ErrorAction Stop } | Should -Throw -ErrorId 'StorageAddressWrong,*'
        { Get-AmsAsset -ContainerUri film -ErrorAction Stop } | Should -Throw -ErrorId 'StorageAddressWrong,*'
        { Get-AmsAsset -ServiceUri contoso -ErrorAction Stop } | Should -Throw -ErrorId 'StorageAddressWrong,*'
        { Get-AmsAsset -ServiceUri 'https://contoso.blob.core.windows.net/film' -ErrorAction Stop } | Should -Throw -ErrorId 'StorageAddressWrong,*'
        { Get-AmsAsset -StorageAccountName 'example.org/a?' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -Because 'the token is for storage and for nobody else'
    }
}

Describe 'Convert-AmsAssetToStatic to a container (needs node and the npm package azurite of tests/node)' -Skip:(-not $canRun) {
    BeforeEach {
        $out = New-Container
    }

    It 'goes from container to container by signatures, and a second run leaves it alone' {
        $result = Convert-AmsAssetToStatic (Get-SignedUri film -Permissions rl) (Get-SignedUri $out)
        $result.Status | Should -Be 'Completed'
        $result.HlsUri | Should -Be "$($azurite.Service)/$out/film/clip.m3u8"
        Get-BlobName $out | Should -Contain 'film/clip.mpd'
        (Convert-AmsAssetToStatic (Get-SignedUri film -Permissions rl) (Get-SignedUri $out)).Status | Should -Be 'Skipped'
        $check = $result | Test-AmsStaticAsset -ConnectionString $connection
        $check.Findings | Should -BeNullOrEmpty
        $check.SamplesCompared | Should -BeGreaterThan 0
    }

    It 'takes assets from the pipeline, a key for each side' {
        $results = Get-AmsAsset -ConnectionString $connection -Prefix asset- |
            Convert-AmsAssetToStatic -Destination "$($azurite.Service)/$out/all" -DestinationConnectionString $connection -ThrottleLimit 4
        @($results | Where-Object Status -EQ 'Completed').Count | Should -Be 12
        @(Get-BlobName $out | Where-Object { $_ -like 'all/asset-*/_static.json' }).Count | Should -Be 12
    }

    It 'makes what is missing and nothing else' {
        $first = Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out)
        foreach ($name in Get-BlobName $out | Where-Object { $_ -like '*audio*' -or $_ -like '*.mpd' }) {
            $null = Invoke-Azurite $azurite DELETE "$out/$name"
        }

        $second = Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out)
        $second.Status | Should -Be 'Completed'
        $second.BytesReused | Should -BeGreaterThan ($first.BytesWritten / 2)
        Assert-NothingHalfMadeIn $out
    }

    It 'says with -WhatIf what it would write, and writes nothing' {
        Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out) -WhatIf | Should -BeNullOrEmpty
        Get-BlobName $out | Should -BeNullOrEmpty
        (Invoke-Azurite $azurite GET '?comp=list').Content | Should -Match $out
    }

    It 'converts again when its status was cleared' {
        $null = Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out)
        $cleared = Clear-AmsMigrationStatus (Get-SignedUri film) (Get-SignedUri $out) -Force -PassThru
        @($cleared).Count | Should -Be 1
        (Get-BlobText "$out/film/_static.json" | ConvertFrom-Json).state | Should -Be 'Cleared'
        (Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out)).Status | Should -Be 'Completed'
    }

    It 'names what is wrong with either side' {
        $id = { param($source, $destination) Convert-AmsAssetToStatic $source $destination -ErrorAction SilentlyContinue -ErrorVariable failed > $null; $failed[0].FullyQualifiedErrorId }
        & $id (Get-SignedUri missing) (Get-SignedUri $out) | Should -Be "ContainerNotFound,$convert"
        & $id (Get-SignedUri film) (Get-SignedUri $out -Permissions rl) | Should -Be "StorageForbidden,$convert"
        & $id (Get-SignedUri film) (Get-SignedUri $out -Until ([datetime]::UtcNow.AddHours(-1))) | Should -Be "StorageForbidden,$convert"
        { Convert-AmsAssetToStatic (Get-SignedUri film) 'https://contoso.blob.core.windows.net/' } | Should -Throw -ErrorId "StorageAddressWrong,$convert"
    }

    It 'writes to $web, and takes it for no asset' {
        $null = Invoke-Azurite $azurite PUT '$web?restype=container'
        try {
            $result = Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri '$web')
            $result.HlsUri | Should -Be "$($azurite.Service)/`$web/film/clip.m3u8"
            Get-BlobName '$web' | Should -Contain 'film/clip.mpd'
            (Get-AmsAsset -ConnectionString $connection).AssetName | Should -Not -Contain '$web'
        }
        finally {
            $null = Invoke-Azurite $azurite DELETE '$web?restype=container'
        }
    }

    It 'marks the source as AMSMigrate does with -MarkSource, and takes the marks away again' {
        Send-Container $azurite 'marked' (Join-Path $fixtures 'video-only')
        try {
            $null = Invoke-Azurite $azurite PUT 'marked?comp=metadata&restype=container' -Headers @{ 'x-ms-meta-other' = 'kept' }
            $first = Convert-AmsAssetToStatic (Get-SignedUri marked) (Get-SignedUri $out)
            (Invoke-Azurite $azurite HEAD 'marked?restype=container').Headers.Keys | Should -Not -Contain 'x-ms-meta-MigrateResult' -Because 'nobody asked for it'

            $account = @{ ConnectionString = $connection; Prefix = 'marked' }
            $to = @{ Destination = "$($azurite.Service)/$out"; DestinationConnectionString = $connection }
            (Get-AmsAsset @account | Convert-AmsAssetToStatic @to -Force -MarkSource).Status | Should -Be 'Completed'
            $asset = Get-AmsAsset @account
            $asset.MigrationStatus | Should -Be 'Completed'
            $asset.MigratedTo | Should -BeLike "$($first.Destination)*"
            $elsewhere = $asset | Convert-AmsAssetToStatic -Destination (Join-Path $TestDrive 'elsewhere')
            $elsewhere.Status, "$($elsewhere.Warnings)" | Should -Match 'Skipped|marked as migrated'

            $asset | Clear-AmsMigrationStatus @to -IncludeSourceMark -Force
            $headers = (Invoke-Azurite $azurite HEAD 'marked?restype=container').Headers
            $headers.Keys -match '^x-ms-meta-' | Should -Be 'x-ms-meta-Other'
        }
        finally {
            $null = Invoke-Azurite $azurite DELETE 'marked?restype=container'
        }
    }

    It 'leaves an output that another run has to it, and takes it with -BreakLease' {
        $lock = "$out/film/_static.lock"
        $null = Invoke-Azurite $azurite PUT $lock -Headers @{ 'x-ms-blob-type' = 'BlockBlob' }
        $null = Invoke-Azurite $azurite PUT "$lock`?comp=lease" -Headers @{ 'x-ms-lease-action' = 'acquire'; 'x-ms-lease-duration' = '-1' }
        $left = Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out) -WaitForOther 1
        $left.Status, "$($left.Warnings)" | Should -Match 'Skipped|another run'
        (Convert-AmsAssetToStatic (Get-SignedUri film) (Get-SignedUri $out) -BreakLease).Status | Should -Be 'Completed'
        Assert-NothingHalfMadeIn $out
    }

    It 'says that the emulator fetches nothing by itself with -ServerSideCopy' {
        $container = "notes-$([guid]::NewGuid().ToString('n'))"
        Send-Container $azurite $container (Join-Path $fixtures 'video-only')
        $null = Invoke-Azurite $azurite PUT "$container/notes.txt" ([byte[]]::new(600KB)) @{ 'x-ms-blob-type' = 'BlockBlob' }
        $result = Convert-AmsAssetToStatic (Get-SignedUri $container) (Get-SignedUri $out) -ServerSideCopy -CopyNonStreamable
        $result.Status | Should -Be 'Completed'
        "$($result.Warnings)" | Should -Match 'by way of this machine'
        Get-BlobName $out | Should -Contain "$container/notes.txt"
    }

    It 'ends with Select-Object -First 1: everything is joined and nothing is half made' {
        $first = Get-AmsAsset -ConnectionString $connection -Prefix asset- |
            Convert-AmsAssetToStatic -Destination (Get-SignedUri $out) -ThrottleLimit 3 | Select-Object -First 1
        $first.Status | Should -Be 'Completed'
        $atEnd = Get-BlobName $out
        Start-Sleep -Milliseconds 500
        Get-BlobName $out | Should -Be $atEnd -Because 'no work may go on'
        Assert-NothingHalfMadeIn $out
    }

    It 'is stopped by Ctrl+C: everything is joined and nothing is half made' {
        $state = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
        $null = $state.ImportPSModule($modulePath)
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        try {
            $null = $shell.AddScript("Get-AmsAsset -ConnectionString '$connection' -Prefix asset- | Convert-AmsAssetToStatic -Destination '$(Get-SignedUri $out)' -ThrottleLimit 3")
            $outputs = [System.Management.Automation.PSDataCollection[object]]::new()
            $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[object]]::new(), $outputs)
            for ($i = 0; $i -lt 6000 -and $outputs.Count -eq 0 -and -not $running.IsCompleted; $i++) {
                Start-Sleep -Milliseconds 10
            }

            $shell.Stop()
            $running.IsCompleted | Should -BeTrue
        }
        finally {
            $shell.Dispose()
            $runspace.Dispose()
        }

        Assert-NothingHalfMadeIn $out
    }
}

Describe 'Secrets (needs node and the npm package azurite of tests/node)' -Skip:(-not $canRun) {
    It 'are in no stream, no log, no record and no error' {
        $out = New-Container
        $log = Join-Path $TestDrive 'secrets.jsonl'
        $signed = @{ Source = Get-SignedUri film; Destination = Get-SignedUri $out; Ended = Get-SignedUri $out -Until ([datetime]::UtcNow.AddHours(-1)) }
        $script = @"
            Import-Module '$modulePath'
            `$VerbosePreference = `$DebugPreference = `$InformationPreference = 'Continue'
            Get-AmsAsset -ContainerUri '$($signed.Source)' | Format-List *
            Convert-AmsAssetToStatic '$($signed.Source)' '$($signed.Destination)' -WhatIf
            Convert-AmsAssetToStatic '$($signed.Source)' '$($signed.Destination)' -LogPath '$log' | Format-List *
            Convert-AmsAssetToStatic '$($signed.Source)' '$($signed.Ended)' -LogPath '$log' | Format-List *
            Convert-AmsAssetToStatic '$($signed.Source)' '$($azurite.Service)/$out/by-key' -DestinationConnectionString '$connection' -LogPath '$log' | Format-List *
            Convert-AmsAssetToStatic '$($signed.Source)' '$($azurite.Service)/$out/no-key' -DestinationConnectionString '$($connection.Replace('AccountName', 'Account'))' -LogPath '$log'
            Get-AmsAsset -ConnectionString '$connection' -Prefix film | Format-List *
            Clear-AmsMigrationStatus '$($signed.Source)' '$($signed.Destination)' -Force -PassThru | Format-List *
            `$Error | ForEach-Object { `$_.Exception.ToString(); "`$(`$_.TargetObject)"; `$_.ErrorDetails }
"@
        $shown = & $shell -NoProfile -NonInteractive -Command $script *>&1 | Out-String
        $text = $shown + (Get-Content -Raw $log)
        foreach ($record in Get-BlobName $out | Where-Object { $_ -like '*.json' }) {
            $text += Get-BlobText "$out/$record"
        }

        $shown | Should -Match 'Completed'
        $shown -replace '\s+', ' ' | Should -Match 'it takes the role Storage Blob Data'
        (Get-Content $log).Count | Should -BeGreaterThan 20
        foreach ($uri in $signed.Values) {
            $signature = $uri -replace '.*&sig='
            $text.Contains($signature) | Should -BeFalse -Because 'a signature is a secret'
            $text.Contains([Uri]::UnescapeDataString($signature)) | Should -BeFalse -Because 'a signature is a secret, escaped or not'
        }

        $text.Contains($azuriteKey) | Should -BeFalse -Because 'a key is a secret'
    }
}
