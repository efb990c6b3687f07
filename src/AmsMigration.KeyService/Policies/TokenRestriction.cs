using AmsMigration.KeyService.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AmsMigration.KeyService.Policies;

/// <summary>What a token has to say.</summary>
/// <param name="Claims">All of them.</param>
internal sealed record TokenDemands(string Issuer, string Audience, IReadOnlyList<RequiredClaim> Claims);

/// <param name="Value">Null for any; of the key identifier, for the key that is asked for.</param>
internal sealed record RequiredClaim(string Type, string? Value);

/// <summary>Whoever has a JSON Web Token that one of the verification keys has signed, of the issuer, for the audience, with all required claims.</summary>
/// <param name="verifiers">Primary, alternates, those of the discovery document.</param>
internal sealed class TokenRestriction(TokenDemands demands, IReadOnlyList<IVerifier> verifiers, TokenUses uses) : IRestriction
{
    public const string KeyIdentifierClaim = "urn:microsoft:azure:mediaservices:contentkeyidentifier";

    /// <summary>Header, payload, signature.</summary>
    private const int Parts = 3;

    private const int LongestToken = 16 * 1024;

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    public async ValueTask<Problem?> CheckAsync(KeyRequest request, CancellationToken cancellation)
    {
        if (request.Token is not PresentedToken presented)
        {
            return Problem.TokenMissing;
        }

        string token = presented.Text;
        if (token.Length > LongestToken || token.Split('.').Length != Parts || !Handler.CanReadToken(token))
        {
            return Problem.TokenMalformed;
        }

        Problem closest = Problem.TokenSignatureWrong;
        foreach (IVerifier verifier in verifiers)
        {
            (Problem? problem, JsonWebToken? verified) = await VerifyAsync(verifier, token, cancellation);
            problem ??= CheckClaims(verified!, request.KeyId) ?? uses.Count(verified!, presented);
            if (problem is null)
            {
                return null;
            }

            closest = Problem.Closest(closest, problem);
        }

        return closest;
    }

    private async Task<(Problem? Problem, JsonWebToken? Token)> VerifyAsync(IVerifier verifier, string token, CancellationToken cancellation)
    {
        IReadOnlyList<SecurityKey>? last = null;
        while (true)
        {
            IReadOnlyList<SecurityKey>? keys = await verifier.FindKeysAsync(last, cancellation);
            if (keys is null)
            {
                return (Problem.IssuerUnavailable, null);
            }

            if (ReferenceEquals(keys, last))
            {
                return (Problem.TokenSignatureWrong, null);
            }

            TokenValidationResult result = await Handler.ValidateTokenAsync(token, Parameters(verifier.Algorithms, keys));
            if (result.IsValid)
            {
                return (null, (JsonWebToken)result.SecurityToken);
            }

            Problem problem = Explain(result.Exception);
            if (problem != Problem.TokenSignatureWrong)
            {
                return (problem, null);
            }

            last = keys;
        }
    }

    private TokenValidationParameters Parameters(IReadOnlyList<string> algorithms, IReadOnlyList<SecurityKey> keys) => new()
    {
        ValidAlgorithms = algorithms,
        IssuerSigningKeys = keys,
        TryAllIssuerSigningKeys = true,
        RequireSignedTokens = true,
        ValidIssuer = demands.Issuer,
        ValidAudience = demands.Audience,
        RequireExpirationTime = true,
        ClockSkew = ClockSkew,
    };

    private Problem? CheckClaims(JsonWebToken token, Guid keyId)
    {
        foreach (RequiredClaim required in demands.Claims)
        {
            string[] values = [.. token.Claims.Where(claim => claim.Type == required.Type).Select(claim => claim.Value)];
            if (values.Length == 0)
            {
                return Problem.TokenClaimMissing;
            }

            if (required is { Type: KeyIdentifierClaim, Value: null or "" })
            {
                if (!values.Any(value => KeyId.TryParse(value, out Guid id) && id == keyId))
                {
                    return Problem.TokenKeyWrong;
                }
            }
            else if (required.Value is { Length: > 0 } expected && !values.Contains(expected, StringComparer.Ordinal))
            {
                return Problem.TokenClaimMissing;
            }
        }

        return null;
    }

    private static Problem Explain(Exception exception) => exception switch
    {
        SecurityTokenExpiredException or SecurityTokenNoExpirationException => Problem.TokenExpired,
        SecurityTokenNotYetValidException => Problem.TokenNotYetValid,
        SecurityTokenInvalidLifetimeException => Problem.TokenExpired,
        SecurityTokenInvalidAudienceException => Problem.TokenAudienceWrong,
        SecurityTokenInvalidIssuerException => Problem.TokenIssuerWrong,
        SecurityTokenMalformedException => Problem.TokenMalformed,
        _ => Problem.TokenSignatureWrong,
    };
}
