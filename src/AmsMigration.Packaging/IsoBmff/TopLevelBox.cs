using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>A box at the top of a file: where it lies.</summary>
/// <param name="Offset">Bytes from the start of the file to its size field.</param>
/// <param name="HeaderLength">8 or 16 bytes.</param>
/// <param name="Length">Bytes, header included; cut to what the file has.</param>
/// <param name="IsTruncated">The file ends before the box does.</param>
internal readonly record struct TopLevelBox(string Type, long Offset, int HeaderLength, long Length, bool IsTruncated)
{
    public long End => Offset + Length;
}

/// <summary>Walks the boxes at the top of a file with few small reads, however far apart they lie.</summary>
internal sealed class TopLevelScanner(IByteSource source)
{
    private const int HeadLength = 64 * 1024;
    private const int WindowLength = 8 * 1024;

    private byte[] _window = [];
    private int _windowCount;
    private long _windowOffset;

    /// <summary>The box at an offset; null at the end of the file, or where what follows is not a box.</summary>
    public async Task<TopLevelBox?> ReadAsync(long offset, CancellationToken cancellation)
    {
        if (offset + 8 > source.Length)
        {
            return null;
        }

        int at = await LoadAsync(offset, 16, cancellation).ConfigureAwait(false);
        int there = _windowCount - at;
        if (there < 8)
        {
            return null;
        }

        long size = U32(at);
        string type = new([(char)_window[at + 4], (char)_window[at + 5], (char)_window[at + 6], (char)_window[at + 7]]);
        int header = 8;
        if (!IsPlausible(type))
        {
            return null;
        }

        switch (size)
        {
            case 0:
                size = source.Length - offset;
                break;
            case 1 when there < 16:
                return null;
            case 1:
                ulong large = ((ulong)U32(at + 8) << 32) | U32(at + 12);
                size = large > long.MaxValue ? long.MaxValue : (long)large;
                header = 16;
                break;
        }

        if (size < header)
        {
            return null;
        }

        long left = source.Length - offset;
        return new TopLevelBox(type, offset, header, Math.Min(size, left), size > left);
    }

    /// <summary>The whole box as bytes.</summary>
    public async Task<byte[]> ReadBytesAsync(TopLevelBox box, CancellationToken cancellation)
    {
        if (box.Length > int.MaxValue - 64)
        {
            throw new PackagingException("OversizedBox", $"'{box.Type}' has {box.Length} bytes; no header is that long", source.Path, box.Offset);
        }

        var bytes = new byte[box.Length];
        int done = 0;
        if (box.Offset >= _windowOffset && box.Offset < _windowOffset + _windowCount)
        {
            int at = (int)(box.Offset - _windowOffset);
            done = Math.Min(_windowCount - at, bytes.Length);
            Buffer.BlockCopy(_window, at, bytes, 0, done);
        }

        int read = done + await ReadFullyAsync(box.Offset + done, bytes, done, bytes.Length - done, cancellation).ConfigureAwait(false);
        return read == bytes.Length
            ? bytes
            : throw new PackagingException("SourceChanged", $"the file ended after {read} of {bytes.Length} bytes of '{box.Type}'", source.Path, box.Offset);
    }

    /// <summary>Letters, digits and the few signs that registered box types use; anything else is junk behind the last box.</summary>
    private static bool IsPlausible(string type) => type.All(c => c is (>= ' ' and <= '~') or '\u00a9');

    private async Task<int> LoadAsync(long offset, int count, CancellationToken cancellation)
    {
        count = (int)Math.Min(count, source.Length - offset);
        if (offset < _windowOffset || offset + count > _windowOffset + _windowCount)
        {
            // The head of a file holds most of what is asked for; further on it is a header here and there between media.
            int wanted = offset == 0 ? HeadLength : WindowLength;
            if (_window.Length < wanted)
            {
                _window = new byte[wanted];
            }

            _windowOffset = offset;
            _windowCount = await ReadFullyAsync(offset, _window, 0, wanted, cancellation).ConfigureAwait(false);
        }

        return (int)(offset - _windowOffset);
    }

    private async Task<int> ReadFullyAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int done = 0;
        while (done < count)
        {
            int read = await source.ReadAsync(offset + done, buffer, index + done, count - done, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    private uint U32(int at) =>
        ((uint)_window[at] << 24) | ((uint)_window[at + 1] << 16) | ((uint)_window[at + 2] << 8) | _window[at + 3];
}
