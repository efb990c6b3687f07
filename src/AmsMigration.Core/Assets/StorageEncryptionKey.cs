using AmsMigration.Packaging;

namespace AmsMigration.Assets;

/// <summary>
/// Key and initialization vectors of an asset whose files were encrypted by the client that uploaded them, as version 2 of the API could: AES-256 in counter
/// mode; the counter block is the file's 8-byte initialization vector, big endian, before a 64-bit block counter that starts at 0. Never printed.
/// </summary>
public sealed class StorageEncryptionKey
{
    internal const int KeyLength = 32;

    private readonly Dictionary<string, ulong> _vectors;

    /// <param name="vectors">By file name, or by track folder for files of live archives.</param>
    internal StorageEncryptionKey(byte[] key, IReadOnlyDictionary<string, ulong> vectors)
    {
        if (key.Length != KeyLength)
        {
            throw new PackagingException("EncryptionKeyWrong", $"the key of a storage-encrypted asset has {key.Length} bytes; expected {KeyLength}");
        }

        Key = key;
        _vectors = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, ulong> vector in vectors)
        {
            _vectors[vector.Key] = vector.Value;
        }
    }

    internal byte[] Key { get; }

    /// <summary>Of a file by its path; for a fragment's blob of a live archive that of its track, by the folder's name.</summary>
    internal byte[]? FindVector(string path)
    {
        int slash = path.IndexOf('/');
        return _vectors.TryGetValue(path, out ulong vector) || (slash > 0 && _vectors.TryGetValue(path.Substring(0, slash), out vector))
            ? ToBytes(vector)
            : null;
    }

    private static byte[] ToBytes(ulong vector)
    {
        byte[] bytes = new byte[8];
        for (int i = bytes.Length - 1; i >= 0; i--, vector >>= 8)
        {
            bytes[i] = (byte)vector;
        }

        return bytes;
    }

    public override string ToString() => "(storage encryption key)";
}
