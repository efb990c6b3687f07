namespace AmsMigration.Packaging.Protection.Systems;

/// <summary>Widevine's WidevinePsshData: key ids (field 2) and the scheme's four letters (field 9), in Protocol Buffers' encoding.</summary>
internal static class WidevineHeader
{
    private const byte KeyIdField = (2 << 3) | 2;
    private const byte SchemeField = 9 << 3;

    public static byte[] Create(IReadOnlyList<ContentKey> keys, ProtectionScheme scheme)
    {
        List<byte> data = [];
        foreach (ContentKey key in keys)
        {
            data.Add(KeyIdField);
            data.Add(ContentKey.Length);
            data.AddRange(ContentKey.ToBytes(key.Id));
        }

        data.Add(SchemeField);
        uint letters = scheme.ToString().ToLowerInvariant().Aggregate(0u, (value, letter) => (value << 8) | letter);
        for (; letters > 0x7f; letters >>= 7)
        {
            data.Add((byte)(letters | 0x80));
        }

        data.Add((byte)letters);
        return [.. data];
    }
}
