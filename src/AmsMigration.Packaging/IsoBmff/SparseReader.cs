using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>
/// Small reads here and there in a file, forward. Where places to come are known, some are read ahead at the same time: far away that is most of the wait.
/// </summary>
/// <param name="window">Bytes read at once at the front of a file and near to where it was read before.</param>
internal sealed class SparseReader(IByteSource source, int window = SparseReader.LargeWindow)
{
    private const int LargeWindow = 64 * 1024;
    private const int SmallWindow = 16 * 1024;

    /// <summary>Places that lie closer than this are worth more bytes a read: several come with one.</summary>
    private const int NearDistance = 256 * 1024;

    private const int MaxAhead = 8;

    private readonly Queue<(long Offset, Task<(byte[] Bytes, int Count)> Read)> _ahead = new();
    private readonly Queue<long> _expected = new();
    private byte[] _window = [];
    private int _windowCount;
    private long _windowOffset;

    public long Length => source.Length;

    public string Path => source.Path;

    /// <summary>Places that will be asked for, in order. No more than a hint: what is asked for and not named here is read all the same.</summary>
    public void Expect(IEnumerable<long> offsets)
    {
        _expected.Clear();
        long last = _windowOffset + _windowCount - SmallWindow;
        foreach (long offset in offsets.Where(offset => offset > 0 && offset < source.Length))
        {
            if (offset >= last + SmallWindow)
            {
                _expected.Enqueue(offset);
                last = offset;
            }
        }
    }

    /// <summary>The bytes at an offset and how many there are: <paramref name="count"/>, more, or fewer at the end of the file.</summary>
    public async Task<(byte[] Buffer, int Index, int Count)> ReadAsync(long offset, int count, CancellationToken cancellation)
    {
        count = (int)Math.Max(0, Math.Min(count, source.Length - offset));
        if (offset < _windowOffset || offset + count > _windowOffset + _windowCount)
        {
            await LoadAsync(offset, count, cancellation).ConfigureAwait(false);
        }

        int index = (int)(offset - _windowOffset);
        return (_window, index, _windowCount - index);
    }

    /// <summary>A range as an array of its own.</summary>
    /// <exception cref="PackagingException"><c>SourceChanged</c>: the file is shorter than it was.</exception>
    public async Task<byte[]> ReadBytesAsync(long offset, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        int done = 0;
        if (offset >= _windowOffset && offset < _windowOffset + _windowCount)
        {
            int index = (int)(offset - _windowOffset);
            done = Math.Min(_windowCount - index, count);
            Buffer.BlockCopy(_window, index, bytes, 0, done);
        }

        int read = done + await ReadFullyAsync(offset + done, bytes, done, count - done, cancellation).ConfigureAwait(false);
        return read == count
            ? bytes
            : throw new PackagingException("SourceChanged", $"the file ended after {read} of {count} bytes that were there before", source.Path, offset);
    }

    /// <summary>Waits for what was read ahead and is not wanted, so that the source can be disposed.</summary>
    public async Task StopAsync()
    {
        _expected.Clear();
        while (_ahead.Count > 0)
        {
            await ((Task)_ahead.Dequeue().Read).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task LoadAsync(long offset, int count, CancellationToken cancellation)
    {
        while (_ahead.Count > 0 && _ahead.Peek().Offset < offset)
        {
            await _ahead.Dequeue().Read.ConfigureAwait(false);
        }

        while (_expected.Count > 0 && _expected.Peek() < offset)
        {
            _expected.Dequeue();
        }

        while (_ahead.Count < MaxAhead && _expected.Count > 0)
        {
            long next = _expected.Dequeue();
            _ahead.Enqueue((next, ReadWindowAsync(next, SmallWindow, cancellation)));
        }

        int wanted = offset - _windowOffset <= NearDistance ? window : Math.Min(window, SmallWindow);
        bool isAhead = _ahead.Count > 0 && _ahead.Peek().Offset == offset && count <= SmallWindow;
        (_window, _windowCount) = isAhead
            ? await _ahead.Dequeue().Read.ConfigureAwait(false)
            : await ReadWindowAsync(offset, Math.Max(count, wanted), cancellation).ConfigureAwait(false);
        _windowOffset = offset;
    }

    private async Task<(byte[] Bytes, int Count)> ReadWindowAsync(long offset, int count, CancellationToken cancellation)
    {
        var bytes = new byte[(int)Math.Min(count, source.Length - offset)];
        return (bytes, await ReadFullyAsync(offset, bytes, 0, bytes.Length, cancellation).ConfigureAwait(false));
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
}
