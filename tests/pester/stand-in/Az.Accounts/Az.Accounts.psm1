param([string] $ResourceManagerUrl, [string] $Token, [string] $Subscription)

# Az.Accounts brings an Azure.Core whose version is not ours, loads it for everybody, and answers for whoever asks for one.
$core = Join-Path ([System.IO.Path]::GetTempPath()) "stand-in-$([guid]::NewGuid())/Azure.Core.dll"
$null = New-Item -ItemType Directory -Force (Split-Path $core)
Add-Type -OutputAssembly $core -TypeDefinition @'
[assembly: System.Reflection.AssemblyVersion("1.1.0.0")]
namespace Azure.Core { public abstract class TokenCredential { public abstract string Wrong(); } }
'@
$loaded = [System.Reflection.Assembly]::LoadFrom($core)
if ($PSEdition -eq 'Core') {
    [System.Runtime.Loader.AssemblyLoadContext]::Default.add_Resolving({ param($context, $name) if ($name.Name -eq 'Azure.Core') { $loaded } }.GetNewClosure())
}

function Get-AzContext {
    [CmdletBinding()]
    param()
    [pscustomobject]@{
        Subscription = [pscustomobject]@{ Id = $Subscription; Name = 'tests' }
        Environment = [pscustomobject]@{
            Name = 'AzureCloud'
            ResourceManagerUrl = $ResourceManagerUrl
            ActiveDirectoryServiceEndpointResourceId = 'https://management.core.windows.net/'
            StorageEndpointSuffix = 'core.windows.net'
        }
    }
}

function Get-AzAccessToken {
    [CmdletBinding()]
    param([string] $ResourceUrl, [switch] $AsSecureString)
    if (-not $Token) {
        throw 'Run Connect-AzAccount to login.'
    }
    $value = if ($env:STAND_IN_PLAIN_TOKEN) { $Token } else { ConvertTo-SecureString $Token -AsPlainText -Force }
    [pscustomobject]@{ Token = $value; ExpiresOn = [DateTimeOffset]::UtcNow.AddHours(1); TenantId = 'tests'; Type = 'Bearer' }
}
