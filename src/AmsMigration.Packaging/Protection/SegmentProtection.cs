using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Protection;

/// <summary>How the segments of one rendition are encrypted as a whole (RFC 8216 4.3.2.4, METHOD=AES-128).</summary>
/// <param name="name">Of the rendition, with what tells its content from any other.</param>
internal sealed class SegmentProtection(ProtectionOptions options, ContentKey key, string name)
{
    public ProtectionOptions Options { get; } = options;

    public ContentKey Key { get; } = key;

    /// <summary>The initialization vector of all of them.</summary>
    public byte[] Vector { get; } = key.Derive($"segments\n{name}", BlockMode.BlockSize);

    /// <summary>Bytes of a segment with its padding.</summary>
    public static long PaddedLength(long length) => length + SegmentCipher.PaddingOf(length).Length;

    /// <param name="length">Bytes with padding.</param>
    public ByteTransform CreateCipher(long length) => new SegmentCipher(Key.GetBytes(), Vector, length);
}
