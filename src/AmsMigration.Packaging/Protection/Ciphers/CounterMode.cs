using System.Security.Cryptography;

namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>Counter mode (ISO/IEC 23001-7 9.6, scheme 'cenc'): encrypts and decrypts; the counter goes on over the protected runs of a sample.</summary>
internal sealed class CounterMode : BlockMode
{
    /// <summary>Key stream made at once: large enough to hide what a call costs, small enough for the cache next to the processor.</summary>
    private const int StreamLength = 16 * 1024;

    private readonly Aes _aes;
    private readonly ICryptoTransform _cipher;
    private readonly byte[] _counters = new byte[StreamLength];
    private readonly byte[] _stream = new byte[StreamLength];
    private byte[] _vector = new byte[BlockSize];
    private long _position;

    /// <param name="key">16 bytes; 32 for AES-256, which storage was encrypted with.</param>
    public CounterMode(byte[] key)
    {
        _aes = AesBlocks.Create(key, CipherMode.ECB);
        _cipher = _aes.CreateEncryptor();
    }

    public override void StartSample(byte[] vector)
    {
        _vector = new byte[BlockSize];
        Buffer.BlockCopy(vector, 0, _vector, 0, vector.Length);
        _position = 0;
    }

    /// <summary>Goes to a place in the sample's protected bytes.</summary>
    public void Seek(long position) => _position = position;

    public override void StartRange()
    {
        // The counter goes on.
    }

    public override int Encrypt(byte[] buffer, int index, int count, bool isEnd)
    {
        for (int done = 0; done < count;)
        {
            int skipped = (int)(_position % BlockSize);
            int length = Math.Min(count - done, StreamLength - skipped);
            int blocks = (skipped + length + BlockSize - 1) / BlockSize;
            AesBlocks.FillCounters(_counters, blocks, _vector, _position / BlockSize);
            _cipher.TransformBlock(_counters, 0, blocks * BlockSize, _stream, 0);
            AesBlocks.Xor(buffer, index + done, _stream, skipped, length);
            _position += length;
            done += length;
        }

        return count;
    }

    public override void Dispose()
    {
        _cipher.Dispose();
        _aes.Dispose();
    }
}
