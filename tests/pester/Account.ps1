# What suites share that need an account: a server that speaks Azure Resource Manager, and shells that trust it, where somebody is signed in.
. "$PSScriptRoot/Common.ps1"

$script:subscription = '11111111-2222-3333-4444-555555555555'
$script:accountToken = 'token-of-the-tests'
$script:standIn = Join-Path $PSScriptRoot 'stand-in'

# A server in a process of its own, with accounts of these names; those that begin with 'expired' have expired, the others have 20 days left.
function Start-AccountServer([string] $Folder, [string[]] $Accounts, [int] $Assets = 3) {
    $program = Get-ChildItem (Join-Path $repository 'tests/AmsMigration.AccountServer/bin/*/*/AmsMigration.AccountServer.dll') |
        Sort-Object LastWriteTime | Select-Object -Last 1
    $null = New-Item -ItemType Directory -Force $Folder
    $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', "`"$($program.FullName)`" `"$Folder`" $($Accounts -join ',') $Assets")
    $start.RedirectStandardInput = $true
    $start.UseShellExecute = $false
    $process = [System.Diagnostics.Process]::Start($start)
    $url = Join-Path $Folder 'url'
    for ($i = 0; -not (Test-Path $url); $i++) {
        if ($process.HasExited -or $i -gt 600) {
            throw 'The account server did not start.'
        }
        Start-Sleep -Milliseconds 100
    }
    [pscustomobject]@{ Process = $process; Url = (Get-Content -Raw $url).Trim(); Certificate = Join-Path $Folder 'certificate.pem' }
}

function Stop-AccountServer($Server) {
    if ($Server) {
        $Server.Process.StandardInput.Close()
        if (-not $Server.Process.WaitForExit(10000)) {
            $Server.Process.Kill()
        }
    }
}

# Runs a script in a fresh shell that trusts the server and is signed in by the stand-in for Az.Accounts; returns what it writes. Which certificates a process
# trusts is settled when it starts.
function Invoke-AccountShell($Server, [string] $Script, [switch] $SignedOut) {
    $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
    $output = "$file.xml"
    @"
`$ErrorActionPreference = 'Stop'
if (-not '$SignedOut'.Equals('True')) { Import-Module '$standIn/Az.Accounts/Az.Accounts.psd1' -ArgumentList '$($Server.Url)', '$accountToken', '$subscription' }
Import-Module '$modulePath'
`$url = '$($Server.Url)'
`$written = & { $Script } *>&1
`$written | Export-Clixml -Depth 6 -LiteralPath '$output'
"@ | Set-Content -LiteralPath $file -Encoding UTF8
    $trusted = $env:SSL_CERT_FILE
    try {
        $env:SSL_CERT_FILE = $Server.Certificate
        $said = & $shell -NoProfile -NonInteractive -File $file 2>&1
    }
    finally {
        $env:SSL_CERT_FILE = $trusted
    }
    if (-not (Test-Path $output)) {
        throw "The shell wrote nothing: $($said -join "`n")"
    }
    Import-Clixml -LiteralPath $output
}
