using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>
/// An asset's store that is listed once, without outputs that lie in it, counts the bytes read from it, and remembers which files were opened and what it failed
/// to give.
/// </summary>
/// <param name="listed">The inner store's list, where it was asked for just now.</param>
internal sealed class CountingAssetStore(IAssetStore inner, IReadOnlyList<AssetFile>? listed = null) : IAssetStore
{
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private IReadOnlyList<AssetFile>? _files;
    private long _bytesRead;
    private volatile PackagingException? _failure;

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

    /// <summary>Runs what reads from it. A file that the store failed to give is no damaged file, whatever its reader makes of it.</summary>
    /// <exception cref="PackagingException">What the store failed with, though the reader went on without the file.</exception>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        T result;
        try
        {
            result = await read().ConfigureAwait(false);
        }
        catch (PackagingException) when (_failure is not null)
        {
            throw _failure;
        }

        return _failure is null ? result : throw _failure;
    }

    /// <summary>Outputs are in it, and nothing else. Known when it was listed.</summary>
    public bool HasOnlyOutputs { get; private set; }

    public async Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation)
    {
        if (_files is null)
        {
            IReadOnlyList<AssetFile> all = listed ?? await inner.ListAsync(cancellation).ConfigureAwait(false);
            _files = OwnOutputs.Without(all);
            HasOnlyOutputs = _files.Count == 0 && all.Count > 0;
        }

        return _files;
    }

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        lock (_opened)
        {
            _opened.Add(path);
        }

        return new CountingSource(this, await NoteAsync(() => inner.OpenAsync(path, cancellation)).ConfigureAwait(false));
    }

    /// <summary>A store that failed for good is not asked again, file by file.</summary>
    private async Task<T> NoteAsync<T>(Func<Task<T>> ask)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (PackagingException e) when (e.IsOfStore)
        {
            _failure = e;
            throw;
        }
    }

    private sealed class CountingSource(CountingAssetStore store, IByteSource source) : IServerReadable
    {
        public string Path => source.Path;

        public long Length => source.Length;

        public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            int read = await store.NoteAsync(() => source.ReadAsync(offset, buffer, index, count, cancellation)).ConfigureAwait(false);
            Interlocked.Add(ref store._bytesRead, read);
            return read;
        }

        public Task<ServerAddress?> FindAddressAsync(CancellationToken cancellation) =>
            source is IServerReadable readable ? readable.FindAddressAsync(cancellation) : Task.FromResult<ServerAddress?>(null);

        public void Dispose() => source.Dispose();
    }
}
