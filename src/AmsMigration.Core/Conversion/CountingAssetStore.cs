using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>An asset's store that is listed once, counts the bytes read from it, and remembers which files were opened.</summary>
internal sealed class CountingAssetStore(IAssetStore inner, IReadOnlyList<AssetFile>? files = null) : IAssetStore
{
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private IReadOnlyList<AssetFile>? _files = files;
    private long _bytesRead;

    public string Name => inner.Name;

    public string Location => inner.Location;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Paths of the files that were opened up to now.</summary>
    public IReadOnlyCollection<string> Opened
    {
        get
        {
            lock (_opened)
            {
                return [.. _opened];
            }
        }
    }

    public async Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) =>
        _files ??= await inner.ListAsync(cancellation).ConfigureAwait(false);

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        lock (_opened)
        {
            _opened.Add(path);
        }

        return new CountingSource(this, await inner.OpenAsync(path, cancellation).ConfigureAwait(false));
    }

    private sealed class CountingSource(CountingAssetStore store, IByteSource source) : IServerReadable
    {
        public string Path => source.Path;

        public long Length => source.Length;

        public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            int read = await source.ReadAsync(offset, buffer, index, count, cancellation).ConfigureAwait(false);
            Interlocked.Add(ref store._bytesRead, read);
            return read;
        }

        public Task<ServerAddress?> FindAddressAsync(CancellationToken cancellation) =>
            source is IServerReadable readable ? readable.FindAddressAsync(cancellation) : Task.FromResult<ServerAddress?>(null);

        public void Dispose() => source.Dispose();
    }
}
