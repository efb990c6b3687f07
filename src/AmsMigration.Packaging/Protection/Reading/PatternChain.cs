using System.Security.Cryptography;
using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>Decrypts CBC with a pattern (ISO/IEC 23001-7 9.5) from anywhere in a range.</summary>
internal static class PatternChain
{
    private const int BlockSize = BlockMode.BlockSize;

    /// <summary>The last encrypted block in front of another; -1 where there is none.</summary>
    public static long BlockBefore(TrackEncryption encryption, long block)
    {
        long before = block - 1;
        while (before >= 0 && !IsEncrypted(encryption, before))
        {
            before--;
        }

        return before;
    }

    /// <param name="bytes">From <paramref name="start"/> on, which lies no later than the encrypted block in front of the first that is decrypted.</param>
    /// <param name="from">The first place in the file that is wanted.</param>
    /// <param name="end">Where whole blocks of the range, or the bytes that are there, end in the file.</param>
    public static void Decrypt(EncryptedRange range, ContentKey key, byte[] bytes, long start, long from, long end)
    {
        long first = (from - range.Offset) / BlockSize;
        long behind = (end - range.Offset) / BlockSize;
        List<int> places = [];
        for (long block = first; block < behind; block++)
        {
            if (IsEncrypted(range.Encryption, block))
            {
                places.Add((int)(range.Offset + (block * BlockSize) - start));
            }
        }

        if (places.Count == 0)
        {
            return;
        }

        long before = BlockBefore(range.Encryption, (places[0] + start - range.Offset) / BlockSize);
        var chain = new byte[(places.Count + 1) * BlockSize];
        if (before < 0)
        {
            Buffer.BlockCopy(range.Vector, 0, chain, 0, range.Vector.Length);
        }
        else
        {
            Buffer.BlockCopy(bytes, (int)(range.Offset + (before * BlockSize) - start), chain, 0, BlockSize);
        }

        for (int i = 0; i < places.Count; i++)
        {
            Buffer.BlockCopy(bytes, places[i], chain, (i + 1) * BlockSize, BlockSize);
        }

        using Aes aes = AesBlocks.Create(key.GetBytes(), CipherMode.ECB);
        using ICryptoTransform cipher = aes.CreateDecryptor();
        var clear = new byte[places.Count * BlockSize];
        cipher.TransformBlock(chain, BlockSize, clear.Length, clear, 0);
        AesBlocks.Xor(clear, 0, chain, 0, clear.Length);
        for (int i = 0; i < places.Count; i++)
        {
            Buffer.BlockCopy(clear, i * BlockSize, bytes, places[i], BlockSize);
        }
    }

    private static bool IsEncrypted(TrackEncryption encryption, long block)
    {
        int crypt = encryption is { Crypt: 0 } ? 1 : encryption.Crypt;
        return block % (crypt + encryption.Skip) < crypt;
    }
}
