using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmsMigration.KeyService.Policies;

/// <summary>A content key policy as the service wrote it (getPolicyPropertiesWithSecrets), as far as it concerns who may have a key.</summary>
internal sealed record PolicyDocument(PolicyDocument.Option[]? Options)
{
    private const string TypeName = "@odata.type";
    private const string Namespace = "#Microsoft.Media.ContentKeyPolicy";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="policy">The properties, or the resource with them.</param>
    /// <exception cref="JsonException">It is something else.</exception>
    public static PolicyDocument Read(JsonElement policy) =>
        (policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("properties", out JsonElement properties) ? properties : policy)
            .Deserialize<PolicyDocument>(Json) ?? new PolicyDocument([]);

    /// <summary>Without what all types of a policy begin with.</summary>
    private static string ShortType(string? type) =>
        type is not null && type.StartsWith(Namespace, StringComparison.Ordinal) ? type[Namespace.Length..] : type ?? "";

    public sealed record Option(string? Name, string? PolicyOptionId, Configuration? Configuration, Restriction? Restriction);

    public sealed record Configuration([property: JsonPropertyName(TypeName)] string? Type)
    {
        public string Kind => ShortType(Type);
    }

    public sealed record Restriction(
        [property: JsonPropertyName(TypeName)] string? Type, string? Issuer, string? Audience, VerificationKey? PrimaryVerificationKey,
        VerificationKey[]? AlternateVerificationKeys, Claim[]? RequiredClaims, string? RestrictionTokenType, string? OpenIdConnectDiscoveryDocument)
    {
        public string Kind => ShortType(Type);

        public override string ToString() => Kind;
    }

    public sealed record VerificationKey(
        [property: JsonPropertyName(TypeName)] string? Type, string? KeyValue, string? Exponent, string? Modulus, string? RawBody)
    {
        public string Kind => ShortType(Type);

        public override string ToString() => Kind;
    }

    public sealed record Claim(string? ClaimType, string? ClaimValue);
}
