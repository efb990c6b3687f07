using System.Security.Cryptography;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Assets;

/// <summary>A file encrypted with AES-256 in counter mode (NIST SP 800-38A 6.5), read from any place: counter block = vector, block number.</summary>
internal sealed class DecryptingByteSource : IByteSource
{
    private const int BlockLength = 16;
    private const int ChunkLength = 1 << 14;

    private readonly IByteSource _inner;
    private readonly Aes _aes;
    private readonly ulong _vector;

    public DecryptingByteSource(IByteSource inner, byte[] key, ulong vector)
    {
        _inner = inner;
        _vector = vector;
        _aes = Aes.Create();
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.Key = key;
    }

    public string Path => _inner.Path;

    public long Length => _inner.Length;

    public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int read = await _inner.ReadAsync(offset, buffer, index, count, cancellation).ConfigureAwait(false);
        Apply(offset, buffer, index, read);
        return read;
    }

    public void Dispose()
    {
        _aes.Dispose();
        _inner.Dispose();
    }

    private void Apply(long offset, byte[] buffer, int index, int count)
    {
        using ICryptoTransform cipher = _aes.CreateEncryptor();
        byte[] counters = new byte[Math.Min(ChunkLength, count + (2 * BlockLength)) / BlockLength * BlockLength];
        byte[] stream = new byte[counters.Length];
        for (int done = 0; done < count;)
        {
            long position = offset + done;
            int skipped = (int)(position % BlockLength);
            int taken = Math.Min(count - done, counters.Length - skipped);
            int length = (skipped + taken + BlockLength - 1) / BlockLength * BlockLength;
            FillCounters(counters, length, (ulong)(position / BlockLength));
            cipher.TransformBlock(counters, 0, length, stream, 0);
            for (int i = 0; i < taken; i++)
            {
                buffer[index + done + i] ^= stream[skipped + i];
            }

            done += taken;
        }
    }

    private void FillCounters(byte[] counters, int length, ulong number)
    {
        for (int i = 0; i < length; i += BlockLength, number++)
        {
            Write(counters, i, _vector);
            Write(counters, i + 8, number);
        }
    }

    private static void Write(byte[] block, int at, ulong value)
    {
        for (int i = 7; i >= 0; i--, value >>= 8)
        {
            block[at + i] = (byte)value;
        }
    }
}
