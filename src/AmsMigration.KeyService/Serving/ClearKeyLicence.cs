using System.Text.Json;
using AmsMigration.KeyService.Keys;

namespace AmsMigration.KeyService.Serving;

/// <summary>Licence requests and licences of W3C Clear Key (Encrypted Media Extensions 9.1.3, 9.1.4): JSON of key ids, and a JSON Web Key Set.</summary>
internal static class ClearKeyLicence
{
    public const string ContentType = "application/json";

    private const int MostKeys = 64;
    private const string Temporary = "temporary";

    /// <summary>Null where it is no such request.</summary>
    public static async Task<IReadOnlyList<Guid>?> ReadRequestAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using JsonDocument document = await JsonDocument.ParseAsync(body, new JsonDocumentOptions { MaxDepth = 8 }, cancellation);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("kids", out JsonElement kids) && kids.ValueKind == JsonValueKind.Array && kids.GetArrayLength() is > 0 and <= MostKeys
                && (!root.TryGetProperty("type", out JsonElement type) || (type.ValueKind == JsonValueKind.String && type.GetString() == Temporary))
                    ? ReadIds(kids)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static byte[] Write(IEnumerable<(Guid Id, byte[] Key)> keys) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        keys = keys.Select(key => new { kty = "oct", kid = KeyId.ToBase64Url(key.Id), k = System.Buffers.Text.Base64Url.EncodeToString(key.Key) }),
        type = Temporary,
    });

    private static List<Guid>? ReadIds(JsonElement kids)
    {
        List<Guid> ids = [];
        foreach (JsonElement kid in kids.EnumerateArray())
        {
            if (kid.ValueKind != JsonValueKind.String || !KeyId.TryParseBase64Url(kid.GetString(), out Guid id))
            {
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }
}
