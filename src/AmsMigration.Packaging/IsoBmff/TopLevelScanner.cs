using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>Walks the boxes at the top of a file with few small reads, however far apart they lie.</summary>
internal sealed class TopLevelScanner(IByteSource source)
{
    private const int LargeWindow = 64 * 1024;
    private const int SmallWindow = 16 * 1024;

    /// <summary>Fragments that lie closer than this are worth more bytes a read: several come with one.</summary>
    private const int NearDistance = 256 * 1024;

    /// <summary>A day of video at 120 frames a second needs less; a table that is longer is a lie that costs memory.</summary>
    private const int MaxHeaderLength = 256 * 1024 * 1024;

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

        string type = new([(char)_window[at + 4], (char)_window[at + 5], (char)_window[at + 6], (char)_window[at + 7]]);
        long left = source.Length - offset;
        long header = 8;
        long size = U32(at);
        if (size == 0)
        {
            size = left;
        }
        else if (size == 1)
        {
            header = 16;
            size = there < 16 ? 0 : (long)Math.Min(((ulong)U32(at + 8) << 32) | U32(at + 12), long.MaxValue);
        }

        return size < header || !IsPlausible(type) ? null : new TopLevelBox(type, offset, Math.Min(size, left), size > left);
    }

    /// <summary>The whole box as bytes.</summary>
    /// <exception cref="PackagingException"><c>OversizedBox</c>, <c>SourceChanged</c>.</exception>
    public async Task<byte[]> ReadBytesAsync(TopLevelBox box, CancellationToken cancellation)
    {
        if (box.Length > MaxHeaderLength)
        {
            throw new PackagingException(
                "OversizedBox", $"'{box.Type}' has {box.Length} bytes; expected at most {MaxHeaderLength}", source.Path, box.Offset);
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

    /// <summary>True where bytes from an offset to the end of the file are zeros, as far as a small read shows.</summary>
    public async Task<bool> IsPaddingAsync(long offset, CancellationToken cancellation)
    {
        int at = await LoadAsync(offset, (int)Math.Min(source.Length - offset, SmallWindow), cancellation).ConfigureAwait(false);
        for (int i = at; i < _windowCount; i++)
        {
            if (_window[i] != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Box types are printable; the one exception is QuickTime's copyright sign.</summary>
    private static bool IsPlausible(string type) => type.All(c => c is (>= ' ' and <= '~') or '\u00a9');

    private async Task<int> LoadAsync(long offset, int count, CancellationToken cancellation)
    {
        count = (int)Math.Min(count, source.Length - offset);
        if (offset < _windowOffset || offset + count > _windowOffset + _windowCount)
        {
            int wanted = Math.Max(count, offset - _windowOffset <= NearDistance ? LargeWindow : SmallWindow);
            wanted = (int)Math.Min(wanted, source.Length - offset);
            if (_window.Length < wanted)
            {
                _window = new byte[wanted];
            }

            _windowOffset = offset;
            _windowCount = 0;
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
