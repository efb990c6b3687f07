namespace AmsMigration.KeyService;

/// <summary>
/// Why a key is not handed out: the <c>type</c> of an answer of application/problem+json (RFC 9457) is <c>urn:ams-migration:problem:</c> and the code. Codes never
/// change their meaning.
/// </summary>
/// <param name="Code">Stable id.</param>
/// <param name="Title">One sentence, with nothing in it of what the client sent.</param>
internal sealed record Problem(string Code, int Status, string Title)
{
    public const string TypePrefix = "urn:ams-migration:problem:";

    public static readonly Problem HttpsRequired = new("HttpsRequired", 403, "Keys are handed out over HTTPS alone.");
    public static readonly Problem TooManyRequests = new("TooManyRequests", 429, "This address asks too often; Retry-After says when it may ask again.");
    public static readonly Problem Failed = new("Failed", 500, "The key could not be read; the service's log says why.");
    public static readonly Problem KeyIdMissing = new("KeyIdMissing", 400, "The query has to name one key: ?kid=GUID.");
    public static readonly Problem KeyIdWrong = new("KeyIdWrong", 400, "The key id is no GUID.");
    public static readonly Problem LicenceRequestWrong = new(
        "LicenceRequestWrong", 400, "The body is no Clear Key licence request: {\"kids\":[...],\"type\":\"temporary\"}, with 1 to 64 key ids in base64url.");
    public static readonly Problem KeyUnknown = new("KeyUnknown", 404, "There is no key of that id.");
    public static readonly Problem KeyStoreUnavailable = new("KeyStoreUnavailable", 503, "The key vault does not answer.");

    public static readonly Problem PolicyMissing = new("PolicyMissing", 403, "The policy that guards the key is not known, so nobody gets it.");
    public static readonly Problem KeySystemElsewhere = new(
        "KeySystemElsewhere", 403, "The policy allows the key in licences of Widevine, PlayReady or FairPlay alone, which this service does not issue.");
    public static readonly Problem RestrictionUnknown = new("RestrictionUnknown", 403, "The policy has a restriction of an unknown kind, so nobody gets the key.");
    public static readonly Problem TokenTypeUnsupported = new(
        "TokenTypeUnsupported", 403, "The policy asks for a Simple Web Token (Swt), which this service does not read; have the policy ask for Jwt.");
    public static readonly Problem PolicyUnusable = new(
        "PolicyUnusable", 403, "The policy asks for a token, but lacks its issuer, its audience or a usable verification key, so nobody gets the key.");

    public static readonly Problem TokenMissing = new("TokenMissing", 401, "The policy asks for a token: Authorization: Bearer, or ?token=.");
    public static readonly Problem TokenMalformed = new("TokenMalformed", 401, "The token is no signed JSON Web Token.");
    public static readonly Problem TokenSignatureWrong = new("TokenSignatureWrong", 401, "The token is not signed with a verification key of the policy.");
    public static readonly Problem TokenIssuerWrong = new("TokenIssuerWrong", 401, "The token is of another issuer.");
    public static readonly Problem TokenAudienceWrong = new("TokenAudienceWrong", 401, "The token is for another audience.");
    public static readonly Problem TokenExpired = new("TokenExpired", 401, "The token has expired, or never does.");
    public static readonly Problem TokenNotYetValid = new("TokenNotYetValid", 401, "The token is not valid yet.");
    public static readonly Problem TokenClaimMissing = new("TokenClaimMissing", 403, "The token lacks a claim that the policy requires.");
    public static readonly Problem TokenKeyWrong = new("TokenKeyWrong", 403, "The token is for another key.");
    public static readonly Problem TokenUsedUp = new("TokenUsedUp", 403, "The token was used as often as it allows, or lives longer than a token of limited uses may.");
    public static readonly Problem IssuerUnavailable = new("IssuerUnavailable", 503, "The issuer's discovery document cannot be read, so no token can be checked.");

    /// <summary>From what has nothing to do with the client's token to what it got closest with.</summary>
    private static readonly Problem[] Closeness =
    [
        PolicyMissing, KeySystemElsewhere, RestrictionUnknown, TokenTypeUnsupported, PolicyUnusable, TokenMissing, TokenMalformed, TokenSignatureWrong,
        TokenIssuerWrong, TokenAudienceWrong, TokenExpired, TokenNotYetValid, TokenClaimMissing, TokenKeyWrong, TokenUsedUp, IssuerUnavailable,
    ];

    public string Type => TypePrefix + Code;

    /// <summary>Where each of several ways was refused, the one that helps the client most.</summary>
    public static Problem Closest(Problem first, Problem second) => Array.IndexOf(Closeness, second) > Array.IndexOf(Closeness, first) ? second : first;
}
