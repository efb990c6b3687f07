using System.Buffers.Text;

namespace AmsMigration.KeyService.Keys;

/// <summary>Key ids in the forms in which clients write them.</summary>
internal static class KeyId
{
    /// <summary>Version 2 of the account's API wrote it before the GUID.</summary>
    private const string Version2Prefix = "nb:kid:UUID:";

    private const int Length = 16;

    /// <summary>A GUID, as in the addresses of keys and in claims.</summary>
    public static bool TryParse(string? text, out Guid id)
    {
        string guid = text is not null && text.StartsWith(Version2Prefix, StringComparison.OrdinalIgnoreCase) ? text[Version2Prefix.Length..] : text ?? "";
        return Guid.TryParseExact(guid, "D", out id) || Guid.TryParseExact(guid, "N", out id);
    }

    /// <summary>16 bytes in base64url without padding, in the order of the GUID's text, as in Clear Key licences (W3C EME 9.1).</summary>
    public static bool TryParseBase64Url(string? text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[Length + 2];
        bool isId = text is { Length: 22 } && Base64Url.TryDecodeFromChars(text, bytes, out int written) && written == Length;
        id = isId ? new Guid(bytes[..Length], bigEndian: true) : default;
        return isId;
    }

    public static string ToBase64Url(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));
}
