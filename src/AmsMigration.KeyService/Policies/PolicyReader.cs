using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AmsMigration.KeyService.Policies;

/// <summary>From a policy's JSON to what it lets in. What is not understood lets nobody in, and the log says so.</summary>
internal sealed class PolicyReader(HttpClient client, TokenUses uses, ILogger logger, TimeProvider time)
{
    private const string ClearKey = "ClearKeyConfiguration";

    /// <param name="policy">Null where the export has none of that name.</param>
    public KeyPolicy Read(string name, JsonElement? policy)
    {
        PolicyDocument.Option[] options = Parse(name, policy);
        if (options.Length == 0)
        {
            logger.LogWarning("PolicyMissing: the policy '{Policy}' was not saved with its secrets, or has no options; its keys are handed out to nobody", name);
        }

        return new KeyPolicy([.. options.Select(option => Read(name, option))]);
    }

    private static PolicyDocument.Option[] Parse(string name, JsonElement? policy)
    {
        try
        {
            return policy is JsonElement json ? PolicyDocument.Read(json).Options ?? [] : [];
        }
        catch (JsonException)
        {
            // Its message could quote a secret.
            throw new StartException("PolicyUnreadable", $"the policy '{name}' is no content key policy in the form in which the service wrote it");
        }
    }

    private IRestriction Read(string policy, PolicyDocument.Option option)
    {
        string name = option.Name ?? option.PolicyOptionId ?? "without a name";
        if (option.Configuration?.Kind != ClearKey)
        {
            return new ClosedRestriction(Problem.KeySystemElsewhere);
        }

        IRestriction restriction = option.Restriction switch
        {
            { Kind: "OpenRestriction" } => new OpenRestriction(),
            { Kind: "TokenRestriction", RestrictionTokenType: string type } token when type.Equals("Jwt", StringComparison.OrdinalIgnoreCase) => ReadToken(policy, token),
            { Kind: "TokenRestriction" } => new ClosedRestriction(Problem.TokenTypeUnsupported),
            _ => new ClosedRestriction(Problem.RestrictionUnknown),
        };
        if (restriction is ClosedRestriction closed)
        {
            logger.LogWarning("{Problem}: option '{Option}' of the policy '{Policy}' lets nobody in. {Reason}", closed.Problem.Code, name, policy, closed.Problem.Title);
        }

        return restriction;
    }

    private IRestriction ReadToken(string policy, PolicyDocument.Restriction restriction)
    {
        List<IVerifier> verifiers = [];
        foreach (PolicyDocument.VerificationKey? key in (restriction.AlternateVerificationKeys ?? []).Prepend(restriction.PrimaryVerificationKey))
        {
            if (key is not null && (VerificationKeys.TryRead(key) is IVerifier verifier))
            {
                verifiers.Add(verifier);
            }
            else if (key is not null)
            {
                logger.LogWarning(
                    "VerificationKeyUnusable: a verification key ({Kind}) of the policy '{Policy}' is damaged, hidden, or shorter than {Length} bytes; tokens of it are refused",
                    key.Kind, policy, VerificationKeys.ShortestSecret);
            }
        }

        if (restriction.OpenIdConnectDiscoveryDocument is { Length: > 0 } text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || (address.IsLoopback && address.Scheme == Uri.UriSchemeHttp)))
            {
                verifiers.Add(new DiscoveredVerifier(address, client, logger, time));
            }
            else
            {
                logger.LogWarning("VerificationKeyUnusable: the discovery document of the policy '{Policy}' has no address of https", policy);
            }
        }

        RequiredClaim[] claims = [.. (restriction.RequiredClaims ?? []).Select(claim => new RequiredClaim(claim.ClaimType ?? "", claim.ClaimValue))];
        return verifiers.Count > 0 && restriction is { Issuer: { Length: > 0 } issuer, Audience: { Length: > 0 } audience }
            ? new TokenRestriction(new TokenDemands(issuer, audience, claims), verifiers, uses)
            : new ClosedRestriction(Problem.PolicyUnusable);
    }
}
