using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Protection.Systems;

/// <summary>Boxes that hand a key system what it needs (ISO/IEC 23001-7 8.1).</summary>
internal static class PsshBox
{
    /// <summary>Of W3C's common format, which every Clear Key system reads.</summary>
    public static readonly Guid Common = new("1077efec-c0b2-4d02-ace3-3c1e52e2fb4b");

    public static readonly Guid Widevine = new("edef8ba9-79d6-4ace-a3c8-27dcd51d21ed");

    public static readonly Guid PlayReady = new("9a04f079-9840-4286-ab92-e65be0885f95");

    /// <summary>Null for a system that has none.</summary>
    /// <param name="keys">All that the presentation uses; the track's own first.</param>
    public static byte[]? Create(KeySystem system, ProtectionScheme scheme, IReadOnlyList<ContentKey> keys, string? licenseUri) => system switch
    {
        KeySystem.ClearKey => CreateCommon(keys),
        KeySystem.Widevine => Create(Widevine, WidevineHeader.Create(keys, scheme)),
        KeySystem.PlayReady => Create(PlayReady, PlayReadyHeader.CreateObject(keys[0], scheme, licenseUri)),
        _ => null,
    };

    public static byte[] Create(Guid system, byte[] data)
    {
        var writer = new BoxWriter(32 + data.Length);
        int pssh = writer.Begin("pssh", 0, 0);
        writer.Bytes(ContentKey.ToBytes(system));
        writer.UInt32((uint)data.Length);
        writer.Bytes(data);
        writer.End(pssh);
        return writer.ToArray();
    }

    private static byte[] CreateCommon(IReadOnlyList<ContentKey> keys)
    {
        var writer = new BoxWriter(36 + (ContentKey.Length * keys.Count));
        int pssh = writer.Begin("pssh", 1, 0);
        writer.Bytes(ContentKey.ToBytes(Common));
        writer.UInt32((uint)keys.Count);
        foreach (ContentKey key in keys)
        {
            writer.Bytes(ContentKey.ToBytes(key.Id));
        }

        writer.UInt32(0);
        writer.End(pssh);
        return writer.ToArray();
    }
}
