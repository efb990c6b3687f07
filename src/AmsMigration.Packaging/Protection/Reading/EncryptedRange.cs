namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>Encrypted bytes of a sample that lie together in a file.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Encryption">Key, scheme and pattern.</param>
/// <param name="Vector">The sample's initialization vector, 8 or 16 bytes.</param>
/// <param name="Position">Encrypted bytes of the sample in front of them.</param>
internal readonly record struct EncryptedRange(long Offset, long Length, TrackEncryption Encryption, byte[] Vector, long Position)
{
    public long End => Offset + Length;
}
