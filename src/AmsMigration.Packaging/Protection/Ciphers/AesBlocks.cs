using System.Security.Cryptography;
#if NET
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
#endif

namespace AmsMigration.Packaging.Protection.Ciphers;

/// <summary>The work of the modes that is done for each byte; where the framework has vectors, with them.</summary>
internal static class AesBlocks
{
    private const int BlockSize = BlockMode.BlockSize;

    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="vector">16 bytes; zeros where it is left out.</param>
    public static Aes Create(byte[] key, CipherMode mode, byte[]? vector = null)
    {
        Aes aes = Aes.Create();
        aes.Mode = mode;
        aes.Padding = PaddingMode.None;
        aes.Key = key;
        aes.IV = vector ?? new byte[BlockSize];
        return aes;
    }

    /// <summary>Counter blocks: the first half stays, the second counts, big endian, and wraps (ISO/IEC 23001-7 9.6.1).</summary>
#if NET
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
#endif
    public static void FillCounters(byte[] counters, int blocks, byte[] vector, long first)
    {
        ulong counter = unchecked(ReadCounter(vector) + (ulong)first);
#if NET
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(counters.AsSpan(0, blocks * BlockSize));
        ulong head = MemoryMarshal.Read<ulong>(vector);
        for (int i = 0; i < words.Length; i += 2)
        {
            words[i] = head;
            words[i + 1] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(counter) : counter;
            unchecked
            {
                counter++;
            }
        }
#else
        for (int at = 0; at < blocks * BlockSize; at += BlockSize)
        {
            Buffer.BlockCopy(vector, 0, counters, at, 8);
            for (int i = 0; i < 8; i++)
            {
                counters[at + 8 + i] = (byte)(counter >> (56 - (8 * i)));
            }

            unchecked
            {
                counter++;
            }
        }
#endif
    }

#if NET
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
#endif
    public static void Xor(byte[] bytes, int index, byte[] with, int withIndex, int count)
    {
        int done = 0;
#if NET
        Span<Vector<byte>> left = MemoryMarshal.Cast<byte, Vector<byte>>(bytes.AsSpan(index, count));
        ReadOnlySpan<Vector<byte>> right = MemoryMarshal.Cast<byte, Vector<byte>>(with.AsSpan(withIndex, count));
        for (int i = 0; i < left.Length; i++)
        {
            left[i] ^= right[i];
        }

        done = left.Length * Vector<byte>.Count;
#endif
        for (; done < count; done++)
        {
            bytes[index + done] ^= with[withIndex + done];
        }
    }

    private static ulong ReadCounter(byte[] vector)
    {
        ulong counter = 0;
        for (int i = 8; i < BlockSize; i++)
        {
            counter = (counter << 8) | vector[i];
        }

        return counter;
    }
}
