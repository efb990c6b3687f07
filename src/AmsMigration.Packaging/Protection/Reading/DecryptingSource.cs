using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>A file whose encrypted ranges are decrypted as they are read, wherever a read begins.</summary>
/// <param name="inner">Disposed with it.</param>
/// <param name="ranges">By offset; none overlaps another.</param>
internal sealed class DecryptingSource(IByteSource inner, EncryptedRange[] ranges, IReadOnlyList<ContentKey> keys) : IByteSource
{
    private const int BlockSize = BlockMode.BlockSize;

    public string Path => inner.Path;

    public long Length => inner.Length;

    /// <summary>The key with an id, in either order of the bytes in which its first parts are written.</summary>
    public static ContentKey? FindKey(IReadOnlyList<ContentKey> keys, Guid id) =>
        keys.FirstOrDefault(key => key.Id == id) ?? keys.FirstOrDefault(key => key.Id == ContentKey.ToId(id.ToByteArray()));

    public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int first = FindFirst(offset);
        if (first == ranges.Length || ranges[first].Offset >= offset + count)
        {
            return await inner.ReadAsync(offset, buffer, index, count, cancellation).ConfigureAwait(false);
        }

        long start = StartOfChain(ranges[first], offset);
        long end = Math.Min(Length, EndOfBlock(offset + count));
        var bytes = new byte[(int)(end - start)];
        int read = 0;
        while (read < bytes.Length)
        {
            int part = await inner.ReadAsync(start + read, bytes, read, bytes.Length - read, cancellation).ConfigureAwait(false);
            if (part == 0)
            {
                break;
            }

            read += part;
        }

        for (int i = first; i < ranges.Length && ranges[i].Offset < start + read; i++)
        {
            Decrypt(ranges[i], bytes, start, read, Math.Max(offset, ranges[i].Offset));
        }

        int wanted = (int)Math.Max(0, Math.Min(count, start + read - offset));
        Buffer.BlockCopy(bytes, (int)(offset - start), buffer, index, wanted);
        return wanted;
    }

    public void Dispose() => inner.Dispose();

    /// <summary>The first range that ends behind an offset.</summary>
    private int FindFirst(long offset)
    {
        int low = 0;
        int high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ranges[middle].End <= offset ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>CBC needs the encrypted block in front of the first that is wanted.</summary>
    private static long StartOfChain(EncryptedRange range, long offset)
    {
        if (range.Encryption.IsCounterMode || range.Offset >= offset)
        {
            return offset;
        }

        long block = (offset - range.Offset) / BlockSize;
        long before = Math.Max(0, PatternChain.BlockBefore(range.Encryption, block));
        return range.Offset + (Math.Min(before, block) * BlockSize);
    }

    private long EndOfBlock(long end)
    {
        int last = FindFirst(end);
        if (last == ranges.Length || ranges[last].Offset >= end || ranges[last].Encryption.IsCounterMode)
        {
            return end;
        }

        EncryptedRange range = ranges[last];
        return Math.Min(range.End, range.Offset + ((end - range.Offset + BlockSize - 1) / BlockSize * BlockSize));
    }

    /// <param name="start">Where the bytes lie in the file.</param>
    /// <param name="from">The first place in the file that is wanted.</param>
    private void Decrypt(EncryptedRange range, byte[] bytes, long start, int count, long from)
    {
        ContentKey key = FindKey(keys, range.Encryption.KeyId)
            ?? throw new PackagingException("ContentKeyMissing", $"there is no key with the id {range.Encryption.KeyId}", Path, range.Offset);
        long end = Math.Min(range.End, start + count);
        if (!range.Encryption.IsCounterMode)
        {
            PatternChain.Decrypt(range, key, bytes, start, from, end);
            return;
        }

        using var mode = new CounterMode(key.GetBytes());
        mode.StartSample(range.Vector);
        mode.Seek(range.Position + from - range.Offset);
        mode.Encrypt(bytes, (int)(from - start), (int)(end - from), isEnd: true);
    }
}
