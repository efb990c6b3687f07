using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Protection;

/// <summary>A file that is encrypted whole in counter mode (NIST SP 800-38A 6.5), read in clear from any place.</summary>
/// <param name="key">16 or 32 bytes.</param>
/// <param name="vector">The first half of the counter block, 8 bytes; the second counts blocks from 0.</param>
public sealed class CounterModeSource(IByteSource inner, byte[] key, byte[] vector) : IByteSource
{
    public string Path => inner.Path;

    public long Length => inner.Length;

    /// <summary>Each read has a cipher of its own: several may be under way.</summary>
    public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int read = await inner.ReadAsync(offset, buffer, index, count, cancellation).ConfigureAwait(false);
        using var cipher = new CounterMode(key);
        cipher.StartSample(vector);
        cipher.Seek(offset);
        cipher.Encrypt(buffer, index, read, isEnd: false);
        return read;
    }

    public void Dispose() => inner.Dispose();
}
