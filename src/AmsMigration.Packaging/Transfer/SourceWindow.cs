using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>
/// A buffer over the files of a source that moves forward: whoever asks in order of offset causes each byte to be read once. What lies behind it is read
/// again, through a buffer of its own, so that the place in front is not lost.
/// </summary>
internal sealed class SourceWindow : IDisposable
{
    private readonly IAssetStore _store;
    private readonly IReadOnlyList<AssetFile> _files;
    private readonly BufferPool _buffers;
    private readonly ReadAheadQueue _ahead;
    private Piece _front;
    private Piece _behind;
    private IByteSource? _source;
    private int _file = -1;

    public SourceWindow(IAssetStore store, IReadOnlyList<AssetFile> files, BufferPool buffers, ReadAhead readAhead)
    {
        _store = store;
        _files = files;
        _buffers = buffers;
        _ahead = new ReadAheadQueue(readAhead, buffers, files, (file, cancellation) => store.OpenAsync(files[file].Path, cancellation));
    }

    /// <summary>Bytes read in all.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Finds a byte of the source that was read already, and how many behind it are at hand.</summary>
    public bool TryFind(int file, long offset, out byte[] buffer, out int index, out int count)
    {
        Piece piece = file == _file && _front.Holds(offset) ? _front : file == _file && _behind.Holds(offset) ? _behind : default;
        buffer = piece.Buffer;
        index = (int)(offset - piece.Offset);
        count = piece.Count - index;
        return buffer is not null;
    }

    /// <summary>Reads, so that <see cref="TryFind"/> finds the byte at an offset.</summary>
    /// <param name="wanted">Bytes wanted from there: all that is read of a single range that lies behind what was read.</param>
    /// <param name="isAlone">Nothing behind it is wanted soon.</param>
    /// <exception cref="PackagingException"><c>SourceChanged</c>: the file is not what it was when it was looked at.</exception>
    public async Task LoadAsync(int file, long offset, long wanted, CancellationToken cancellation, bool isAlone = false)
    {
        if (file != _file)
        {
            await OpenAsync(file, cancellation).ConfigureAwait(false);
        }

        if (offset < _front.End)
        {
            bool isRun = offset >= _behind.End && offset - _behind.End < _buffers.Size;
            int count = isRun ? _buffers.Size : (int)Math.Min(wanted, _buffers.Size);
            _behind = await ReadAsync(_behind.Buffer, offset, count, cancellation).ConfigureAwait(false);
        }
        else if (await _ahead.TakeAsync(file, offset).ConfigureAwait(false) is Piece piece)
        {
            Forget(ref _front);
            _front = piece;
            BytesRead += piece.Count;
        }
        else
        {
            int count = isAlone ? (int)Math.Min(wanted, _buffers.Size) : _buffers.Size;
            _front = await ReadAsync(_front.Buffer, offset, count, cancellation).ConfigureAwait(false);
        }

        if (!isAlone)
        {
            _ahead.Fill(file, _source!, _front.End, cancellation);
        }
    }

    /// <summary>Waits for the reads under way, which would go on writing to their buffers.</summary>
    public void Dispose()
    {
        _ahead.DropAsync().GetAwaiter().GetResult();
        _source?.Dispose();
        Forget(ref _front);
        Forget(ref _behind);
    }

    private async Task OpenAsync(int file, CancellationToken cancellation)
    {
        await _ahead.TurnToAsync(file).ConfigureAwait(false);
        _source?.Dispose();
        _source = null;
        _file = -1;
        Forget(ref _front);
        Forget(ref _behind);
        _source = await _store.OpenAsync(_files[file].Path, cancellation).ConfigureAwait(false);
        _file = file;
        if (_source.Length != _files[file].Length)
        {
            throw Changed(Math.Min(_source.Length, _files[file].Length));
        }
    }

    private async Task<Piece> ReadAsync(byte[]? buffer, long offset, int count, CancellationToken cancellation)
    {
        buffer ??= _buffers.Rent();
        int read = await _source!.ReadAsync(offset, buffer, 0, count, cancellation).ConfigureAwait(false);
        BytesRead += read;
        return read > 0 ? new Piece(buffer, offset, read) : throw Changed(offset);
    }

    private void Forget(ref Piece piece)
    {
        if (piece.Buffer is not null)
        {
            _buffers.Return(piece.Buffer);
        }

        piece = default;
    }

    private PackagingException Changed(long offset) => new(
        "SourceChanged",
        $"the file was changed while it was converted: it has {_source!.Length} bytes, or ends here, but had {_files[_file].Length} when it was looked at",
        _files[_file].Path,
        offset);
}

/// <summary>Bytes of a source file that lie in a buffer from its start.</summary>
internal readonly record struct Piece(byte[] Buffer, long Offset, int Count)
{
    public long End => Offset + Count;

    public bool Holds(long offset) => offset >= Offset && offset < End;
}
