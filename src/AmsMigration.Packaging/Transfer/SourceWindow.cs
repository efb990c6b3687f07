using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>A buffer over the files of a source that moves forward: whoever asks in order of offset causes each byte to be read once.</summary>
internal sealed class SourceWindow(IAssetStore store, IReadOnlyList<AssetFile> files, int size) : IDisposable
{
    private IByteSource? _source;
    private int _file = -1;
    private long _offset;

    public byte[] Buffer { get; } = new byte[size];

    /// <summary>Bytes in <see cref="Buffer"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes read in all.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Where in <see cref="Buffer"/> a byte of the source lies; -1 where it has to be loaded.</summary>
    public int Find(int file, long offset) =>
        file == _file && offset >= _offset && offset < _offset + Count ? (int)(offset - _offset) : -1;

    /// <summary>Moves the window so that it begins at an offset.</summary>
    /// <exception cref="PackagingException"><c>SourceChanged</c>: the file ends before it.</exception>
    public async Task LoadAsync(int file, long offset, CancellationToken cancellation)
    {
        if (file != _file)
        {
            _source?.Dispose();
            _source = null;
            _file = -1;
            Count = 0;
            _source = await store.OpenAsync(files[file].Path, cancellation).ConfigureAwait(false);
            _file = file;
        }

        _offset = offset;
        Count = 0;
        Count = await _source!.ReadAsync(offset, Buffer, 0, Buffer.Length, cancellation).ConfigureAwait(false);
        BytesRead += Count;
        if (Count == 0)
        {
            throw new PackagingException(
                "SourceChanged", $"the file ends here but had {files[file].Length} bytes when it was looked at; it was changed meanwhile", files[file].Path, offset);
        }
    }

    public void Dispose() => _source?.Dispose();
}
