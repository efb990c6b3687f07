using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>An asset's store that counts the bytes read from it.</summary>
internal sealed class CountingAssetStore(IAssetStore inner) : IAssetStore
{
    private long _bytesRead;

    public string Name => inner.Name;

    public string Location => inner.Location;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) =>
        new CountingSource(this, await inner.OpenAsync(path, cancellation).ConfigureAwait(false));

    private sealed class CountingSource(CountingAssetStore store, IByteSource source) : IByteSource
    {
        public string Path => source.Path;

        public long Length => source.Length;

        public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            int read = await source.ReadAsync(offset, buffer, index, count, cancellation).ConfigureAwait(false);
            Interlocked.Add(ref store._bytesRead, read);
            return read;
        }

        public void Dispose() => source.Dispose();
    }
}
