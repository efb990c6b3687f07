using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AmsMigration.KeyService.Tests;

/// <summary>Content key policies as the service writes them.</summary>
internal static class Policies
{
    private const string Namespace = "#Microsoft.Media.ContentKeyPolicy";

    public static JsonElement Of(params JsonObject[] options) =>
        JsonSerializer.SerializeToElement(new JsonObject { ["policyId"] = "ed7f3d1b-cfa7-4181-b966-e0b3027eec3a", ["options"] = new JsonArray([.. options]) });

    public static JsonObject Option(JsonObject restriction, string configuration = "ClearKeyConfiguration") => new()
    {
        ["policyOptionId"] = "caf1e28c-8288-4301-8c46-c0f9312c512f",
        ["name"] = "option",
        ["configuration"] = new JsonObject { ["@odata.type"] = Namespace + configuration },
        ["restriction"] = restriction,
    };

    public static JsonObject Open() => Option(new JsonObject { ["@odata.type"] = Namespace + "OpenRestriction" });

    public static JsonObject Token(JsonObject? primary, params (string Name, JsonNode? Value)[] changes)
    {
        var restriction = new JsonObject
        {
            ["@odata.type"] = Namespace + "TokenRestriction",
            ["issuer"] = Tokens.Issuer,
            ["audience"] = Tokens.Audience,
            ["primaryVerificationKey"] = primary,
            ["alternateVerificationKeys"] = new JsonArray(),
            ["requiredClaims"] = new JsonArray(),
            ["restrictionTokenType"] = "Jwt",
        };
        foreach ((string name, JsonNode? value) in changes)
        {
            restriction[name] = value;
        }

        return Option(restriction);
    }

    public static JsonObject Symmetric(byte[] secret) => new() { ["@odata.type"] = Namespace + "SymmetricTokenKey", ["keyValue"] = Convert.ToBase64String(secret) };

    public static JsonObject Rsa(RSA key)
    {
        RSAParameters parameters = key.ExportParameters(false);
        return new JsonObject
        {
            ["@odata.type"] = Namespace + "RsaTokenKey",
            ["exponent"] = Convert.ToBase64String(parameters.Exponent!),
            ["modulus"] = Convert.ToBase64String(parameters.Modulus!),
        };
    }

    public static JsonObject Certificate(X509Certificate2 certificate) =>
        new() { ["@odata.type"] = Namespace + "X509CertificateTokenKey", ["rawBody"] = Convert.ToBase64String(certificate.RawData) };

    public static JsonArray Claims(params (string Type, string? Value)[] claims) =>
        new([.. claims.Select(claim => new JsonObject { ["claimType"] = claim.Type, ["claimValue"] = claim.Value })]);
}
