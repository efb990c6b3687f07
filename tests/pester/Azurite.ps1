# What suites share that need blob storage: Azurite, from the npm packages of tests/node, with an account of the tests' choice.
$script:azuriteProgram = Join-Path $PSScriptRoot '../node/node_modules/azurite/dist/src/blob/main.js'
$script:azuriteKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

# Null where this machine cannot run it; tests that need it skip themselves then.
function Start-Azurite([string] $Folder, [string] $Account = 'devstoreaccount1') {
    if (-not (Test-Path $azuriteProgram) -or -not (Get-Command node -CommandType Application -ErrorAction Ignore)) {
        return
    }

    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    $null = New-Item -ItemType Directory -Force $Folder
    $start = [System.Diagnostics.ProcessStartInfo]::new('node', "`"$azuriteProgram`" --silent --blobPort $port --location `"$Folder`" --skipApiVersionCheck --disableTelemetry")
    $start.Environment['AZURITE_ACCOUNTS'] = "${Account}:$azuriteKey"
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $service = "http://127.0.0.1:$port/$Account"
    for ($i = 0; $i -lt 600; $i++) {
        try {
            $null = Invoke-WebRequest "$service`?comp=list" -SkipHttpErrorCheck
            break
        }
        catch {
            Start-Sleep -Milliseconds 100
        }
    }
    [pscustomobject]@{
        Process          = $process
        Account          = $Account
        Service          = $service
        ConnectionString = "DefaultEndpointsProtocol=http;AccountName=$Account;AccountKey=$azuriteKey;BlobEndpoint=$service;"
    }
}

function Stop-Azurite($Azurite) {
    if ($Azurite) {
        $Azurite.Process.Kill($true)
        $Azurite.Process.WaitForExit()
    }
}

# One request with the account's key (Shared Key).
function Invoke-Azurite($Azurite, [string] $Method, [string] $Path, [byte[]] $Body, [hashtable] $Headers = @{}) {
    $all = @{ 'x-ms-date' = [DateTime]::UtcNow.ToString('R'); 'x-ms-version' = '2020-10-02' } + $Headers
    $address = [Uri]"$($Azurite.Service)/$Path"
    $content = if ($Body) { @{ Body = $Body; ContentType = 'application/octet-stream' } } else { @{} }
    $headerText = ($all.Keys | Sort-Object | ForEach-Object { "${_}:$($all[$_])`n" }) -join ''
    $query = ($address.Query.TrimStart('?') -split '&' | Where-Object { $_ } | Sort-Object | ForEach-Object { "`n" + $_.Replace('=', ':') }) -join ''
    $length = if ($Body) { $Body.Length }
    $text = "$Method`n`n`n$length`n`n$($content.ContentType)`n`n`n`n`n`n`n$headerText/$($Azurite.Account)$($address.AbsolutePath)$query"
    $hmac = [System.Security.Cryptography.HMACSHA256]::new([Convert]::FromBase64String($azuriteKey))
    $all.Authorization = "SharedKey $($Azurite.Account):$([Convert]::ToBase64String($hmac.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text))))"
    Invoke-WebRequest $address -Method $Method -Headers $all @content
}

# A container with all files of a folder.
function Send-Container($Azurite, [string] $Container, [string] $Folder) {
    $null = Invoke-Azurite $Azurite PUT "$Container`?restype=container"
    foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -File) {
        $name = [System.IO.Path]::GetRelativePath($Folder, $file.FullName).Replace('\', '/')
        $escaped = ($name.Split('/') | ForEach-Object { [Uri]::EscapeDataString($_) }) -join '/'
        $null = Invoke-Azurite $Azurite PUT "$Container/$escaped" ([System.IO.File]::ReadAllBytes($file.FullName)) @{ 'x-ms-blob-type' = 'BlockBlob' }
    }
}
