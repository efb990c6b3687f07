using System.Text.Json;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>
/// Writes the service's JSON as it came but for secrets, which some resources carry in the open: keys of CDN signatures, tokens of live events' ingest and
/// preview addresses, signatures in addresses of jobs' inputs, values of content keys. Where they are wanted in clear nothing is taken out.
/// </summary>
internal sealed class SecretScreen(bool isPlainText)
{
    /// <summary>What stands in their place; the property itself stays.</summary>
    public const string Hidden = "(secret)";

    /// <summary>Shorter texts would be found everywhere by chance.</summary>
    private const int ShortestToken = 8;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "accessToken", "base64Key", "keyValue", "ask", "fairPlayPfx", "fairPlayPfxPassword", "password", "sharedAccessSignature", "accountKey",
    };

    public byte[] Write(JsonElement item)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, ExportJson.Writing))
        {
            if (isPlainText)
            {
                item.WriteTo(writer);
            }
            else
            {
                List<string> tokens = [];
                FindTokens(item, tokens);
                Write(item, writer, tokens);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The same as an element.</summary>
    public JsonElement Screen(JsonElement item)
    {
        using JsonDocument document = JsonDocument.Parse(Write(item));
        return document.RootElement.Clone();
    }

    private static bool IsSecret(JsonProperty property, bool isContentKey) =>
        property.Value.ValueKind == JsonValueKind.String && (Names.Contains(property.Name) || (isContentKey && property.Name == "value"));

    private static void FindTokens(JsonElement item, List<string> tokens)
    {
        if (item.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in item.EnumerateObject())
            {
                if (IsSecret(property, false) && property.Value.GetString() is { Length: >= ShortestToken } token)
                {
                    tokens.Add(token);
                }

                FindTokens(property.Value, tokens);
            }
        }
        else if (item.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in item.EnumerateArray())
            {
                FindTokens(element, tokens);
            }
        }
    }

    /// <param name="isContentKey">It is in a list of content keys, where a value is a key.</param>
    private static void Write(JsonElement item, Utf8JsonWriter writer, List<string> tokens, bool isContentKey = false)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in item.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    if (IsSecret(property, isContentKey) && property.Value.GetString()!.Length > 0)
                    {
                        writer.WriteStringValue(Hidden);
                    }
                    else
                    {
                        Write(property.Value, writer, tokens, property.Name == "contentKeys");
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement element in item.EnumerateArray())
                {
                    Write(element, writer, tokens, isContentKey);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when Clean(item.GetString()!, tokens) is string clean && clean != item.GetString():
                writer.WriteStringValue(clean);
                break;
            default:
                item.WriteTo(writer);
                break;
        }
    }

    private static string Clean(string text, List<string> tokens) =>
        tokens.Aggregate(text.IndexOf('=') < 0 ? text : AmsMigration.Runs.Secrets.Hide(text), (clean, token) => clean.Replace(token, Hidden));
}
