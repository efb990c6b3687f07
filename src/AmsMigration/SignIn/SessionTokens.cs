using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Net;
using System.Security;
using AmsMigration.Identity;

namespace AmsMigration.SignIn;

/// <summary>Tokens of the session's sign-in with Az PowerShell, asked for in this process on the pipeline thread.</summary>
/// <remarks>Not by AzurePowerShellCredential: that starts a shell of its own, which knows nothing of a context that was set for this process.</remarks>
/// <param name="ask">Has something asked on the pipeline thread.</param>
internal sealed class SessionTokens(PSCmdlet cmdlet, Func<Func<BearerToken>, Task<BearerToken>> ask) : ITokenSource
{
    /// <summary>From 2.17 on the switch is there; from 5.0 on it is always so.</summary>
    private const string Script = """
        param($resource)
        $command = Get-Command Get-AzAccessToken -ErrorAction Stop
        $arguments = @{ ResourceUrl = $resource; ErrorAction = 'Stop' }
        if ($command.Parameters.ContainsKey('AsSecureString')) { $arguments.AsSecureString = $true }
        & $command @arguments 3> $null
        """;

    public Task<BearerToken> GetTokenAsync(string resource, CancellationToken cancellation) => ask(() => Ask(resource));

    private BearerToken Ask(string resource)
    {
        if (!AzSession.IsInstalled(cmdlet))
        {
            throw new SignInException(
                "SignInMissing", "Nobody is signed in, and Az PowerShell is not there to sign in with. Install-Module Az.Accounts and run Connect-AzAccount, or give -ManagedIdentity or -AccessToken.");
        }

        PSObject answer;
        try
        {
            Collection<PSObject> answers = cmdlet.InvokeCommand.InvokeScript(Script, resource);
            answer = answers.Last();
        }
        catch (Exception e) when (e is RuntimeException and not PipelineStoppedException)
        {
            throw new SignInException("SignInMissing", $"The session's sign-in gave no token for {resource}: {e.Message} Run Connect-AzAccount, or give -ManagedIdentity or -AccessToken.", e);
        }

        string value = Unwrap(answer.Properties["Token"]?.Value) switch
        {
            SecureString secret => new NetworkCredential("", secret).Password,
            object text => text.ToString()!,
            null => throw new SignInException("SignInFailed", "Get-AzAccessToken gave no token."),
        };
        DateTimeOffset expiresOn = Unwrap(answer.Properties["ExpiresOn"]?.Value) switch
        {
            DateTimeOffset time => time,
            DateTime time => time.ToUniversalTime(),
            _ => DateTimeOffset.UtcNow.AddMinutes(10),
        };
        return new BearerToken(value, expiresOn);
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
