using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Assets;

/// <summary>
/// An asset whose files are encrypted in storage, read as if they were not. Files for which the key names no initialization vector were added later and are
/// read as they are.
/// </summary>
internal class DecryptingAssetStore : IAssetStore, IOutputWitness
{
    private readonly IAssetStore _inner;
    private readonly StorageEncryptionKey _key;

    private protected DecryptingAssetStore(IAssetStore inner, StorageEncryptionKey key)
    {
        _inner = inner;
        _key = key;
    }

    public string Name => _inner.Name;

    public string Location => _inner.Location;

    /// <summary>What the inner store can do beside reading, its cover can do, too.</summary>
    public static IAssetStore Over(IAssetStore inner, StorageEncryptionKey key) => inner is IMetadataStore metadata
        ? new Remote(inner, metadata, key)
        : new DecryptingAssetStore(inner, key);

    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) => _inner.ListAsync(cancellation);

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        IByteSource source = await _inner.OpenAsync(path, cancellation).ConfigureAwait(false);
        return _key.FindVector(path) is byte[] vector ? new CounterModeSource(source, _key.Key, vector) : source;
    }

    public Task<CommonPlace?> FindAsync(AssetFile mark, bool isDeep, CancellationToken cancellation) =>
        _inner is IOutputWitness witness ? witness.FindAsync(mark, isDeep, cancellation) : Task.FromResult<CommonPlace?>(null);

    private sealed class Remote(IAssetStore inner, IMetadataStore metadata, StorageEncryptionKey key) : DecryptingAssetStore(inner, key), IRemoteStore, IMetadataStore
    {
        public Task<IReadOnlyDictionary<string, string>> GetMetadataAsync(CancellationToken cancellation) => metadata.GetMetadataAsync(cancellation);

        public Task SetMetadataAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellation) => metadata.SetMetadataAsync(changes, cancellation);
    }
}
