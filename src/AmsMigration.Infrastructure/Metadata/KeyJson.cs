using System.Globalization;
using System.Text.Json;
using AmsMigration.Assets;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Metadata;
using AmsMigration.Packaging;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Keys in the service's JSON.</summary>
internal static class KeyJson
{
    /// <summary>An item of listContentKeys; null where it has no value.</summary>
    public static ContentKeyValue? ContentKey(JsonElement key) =>
        Json.Text(key, "value") is { Length: > 0 } value && FromBase64(value) is byte[] bytes ? new ContentKeyValue(ServiceJson.ContentKey(key), bytes) : null;

    /// <summary>What getEncryptionKey answers.</summary>
    /// <exception cref="PackagingException"><c>EncryptionKeyWrong</c>.</exception>
    public static StorageEncryptionKey StorageKey(JsonElement answer)
    {
        byte[] key = Json.Text(answer, "key") is string text && FromBase64(text) is byte[] bytes
            ? bytes
            : throw new PackagingException("EncryptionKeyWrong", "there is no property 'key' with a key in base 64");
        var vectors = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonElement file in Json.Items(answer, "assetFileEncryptionMetadata"))
        {
            if (Json.Text(file, "assetFileName") is string name)
            {
                vectors[name] = Vector(Json.Text(file, "initializationVector"), name);
            }
        }

        return new StorageEncryptionKey(key, vectors);
    }

    /// <summary>Null where it is no key: what was saved is what the service said, and a conversion says what is missing.</summary>
    public static StorageEncryptionKey? TryStorageKey(JsonElement answer)
    {
        try
        {
            return StorageKey(answer);
        }
        catch (PackagingException)
        {
            return null;
        }
    }

    public static JsonElement Parse(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>The service writes 64 bits as a decimal number, mostly with a sign, and sometimes without.</summary>
    private static ulong Vector(string? text, string file) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long signed) ? unchecked((ulong)signed)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned) ? unsigned
        : throw new PackagingException("EncryptionKeyWrong", $"the initialization vector of '{file}' is '{text}'; expected a decimal number of 64 bits");

    private static byte[]? FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
