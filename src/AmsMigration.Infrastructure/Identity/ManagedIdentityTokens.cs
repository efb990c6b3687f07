using AmsMigration.Identity;
using Azure.Core;
using Azure.Identity;

namespace AmsMigration.Infrastructure.Identity;

/// <summary>Tokens of the machine's managed identity: of virtual machines, containers, functions and automation accounts.</summary>
public sealed class ManagedIdentityTokens : ITokenSource
{
    /// <summary>Made when it is asked, for most who could ask never do, and its library is slow to load.</summary>
    private readonly Lazy<ManagedIdentityCredential> _credential;

    /// <param name="clientId">Of a user-assigned identity; null for the system-assigned one.</param>
    public ManagedIdentityTokens(string? clientId) => _credential = new Lazy<ManagedIdentityCredential>(() => new ManagedIdentityCredential(
        clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId)));

    public async Task<BearerToken> GetTokenAsync(string resource, CancellationToken cancellation)
    {
        try
        {
            var context = new TokenRequestContext([resource.TrimEnd('/') + "/.default"]);
            AccessToken token = await _credential.Value.GetTokenAsync(context, cancellation).ConfigureAwait(false);
            return new BearerToken(token.Token, token.ExpiresOn);
        }
        catch (AuthenticationFailedException e)
        {
            throw new SignInException(
                "SignInFailed", $"The managed identity gave no token: {e.Message.Split('\n')[0].Trim()} Look whether this machine has one, and for a user-assigned one give -ClientId.", e);
        }
    }
}
