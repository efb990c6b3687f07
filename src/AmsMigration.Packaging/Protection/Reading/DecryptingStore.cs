using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>An asset's files as they would be without encryption: every byte at its place.</summary>
public sealed class DecryptingStore : IAssetStore
{
    private readonly IAssetStore _inner;
    private readonly Dictionary<string, EncryptedRange[]> _ranges;
    private readonly IReadOnlyList<ContentKey> _keys;

    private DecryptingStore(IAssetStore inner, Dictionary<string, EncryptedRange[]> ranges, IReadOnlyList<ContentKey> keys)
    {
        _inner = inner;
        _ranges = ranges;
        _keys = keys;
    }

    public string Name => _inner.Name;

    public string Location => _inner.Location;

    /// <summary>The store itself where no track is encrypted.</summary>
    /// <param name="presentations">What was read of it.</param>
    /// <param name="keys">Those of all of their tracks at least.</param>
    public static IAssetStore Of(IAssetStore store, IEnumerable<Presentation> presentations, IReadOnlyList<ContentKey> keys)
    {
        Dictionary<string, EncryptedRange[]> ranges = presentations
            .SelectMany(presentation => presentation.Tracks
                .SelectMany(track => track.Encrypted)
                .SelectMany(file => file.Value.Select(range => (presentation.Files[file.Key].Path, Range: range))))
            .Distinct()
            .GroupBy(entry => entry.Path, entry => entry.Range)
            .ToDictionary(file => file.Key, file => file.OrderBy(range => range.Offset).ToArray());
        return ranges.Count == 0 ? store : new DecryptingStore(store, ranges, keys);
    }

    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) => _inner.ListAsync(cancellation);

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        IByteSource source = await _inner.OpenAsync(path, cancellation).ConfigureAwait(false);
        return _ranges.TryGetValue(path, out EncryptedRange[]? ranges) ? new DecryptingSource(source, ranges, _keys) : source;
    }
}
