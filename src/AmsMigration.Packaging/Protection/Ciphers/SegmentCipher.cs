using System.Security.Cryptography;

namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>Encrypts a whole segment in CBC mode (RFC 8216 5.2, METHOD=AES-128); its padding is part of what it is given.</summary>
internal sealed class SegmentCipher : ByteTransform
{
    private readonly Aes _aes;
    private readonly ICryptoTransform _cipher;

    /// <param name="key">16 bytes.</param>
    /// <param name="vector">16 bytes.</param>
    /// <param name="length">Bytes with padding: a multiple of 16.</param>
    public SegmentCipher(byte[] key, byte[] vector, long length)
    {
        _aes = AesBlocks.Create(key, CipherMode.CBC, vector);
        _cipher = _aes.CreateEncryptor();
        Length = length;
    }

    public override long Length { get; }

    /// <summary>PKCS #7 (RFC 5652 6.3): 1 to 16 bytes, each of them their number.</summary>
    public static byte[] PaddingOf(long length)
    {
        int count = BlockMode.BlockSize - (int)(length % BlockMode.BlockSize);
        return [.. Enumerable.Repeat((byte)count, count)];
    }

    public override int Apply(byte[] buffer, int index, int count)
    {
        int whole = count - (count % BlockMode.BlockSize);
        if (whole > 0)
        {
            _cipher.TransformBlock(buffer, index, whole, buffer, index);
        }

        return whole;
    }

    public override void Dispose()
    {
        _cipher.Dispose();
        _aes.Dispose();
    }
}
