using AmsMigration.Identity;
using Azure.Core;

namespace AmsMigration.Infrastructure.Identity;

/// <summary>A token source as Azure's clients want it.</summary>
internal sealed class TokenSourceCredential(ITokenSource source) : TokenCredential
{
    private const string DefaultScope = "/.default";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        GetTokenAsync(requestContext, cancellationToken).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        string scope = requestContext.Scopes[0];
        string resource = scope.EndsWith(DefaultScope, StringComparison.Ordinal) ? scope.Substring(0, scope.Length - DefaultScope.Length) : scope;
        BearerToken token = await source.GetTokenAsync(resource, cancellationToken).ConfigureAwait(false);
        return new AccessToken(token.Value, token.ExpiresOn);
    }
}
