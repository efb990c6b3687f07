using AmsMigration.Conversion;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Assets;

/// <summary>Looks at assets: reads manifests and headers, never media.</summary>
public static class AssetCatalog
{
    /// <param name="store">The asset's folder or container.</param>
    /// <param name="metadata">What its account knew of it; null where nobody knows it.</param>
    /// <param name="key">Of its files, where they are encrypted in storage and the metadata brings no key.</param>
    /// <param name="files">The store's list, where it was asked for just now.</param>
    /// <exception cref="PackagingException"><c>EncryptionKeyMissing</c>: its files are encrypted in storage, and there is no key; what the store failed with.</exception>
    public static async Task<AmsAsset> DescribeAsync(
        IAssetStore store, CancellationToken cancellation, AmsAssetMetadata? metadata = null, StorageEncryptionKey? key = null,
        IReadOnlyList<AssetFile>? files = null) => (await ReadAsync(store, cancellation, metadata, key, files).ConfigureAwait(false)).Asset;

    /// <summary>The same, with what was read for it, where a conversion follows at once.</summary>
    /// <exception cref="PackagingException">As above.</exception>
    public static async Task<AssetReading> ReadAsync(
        IAssetStore store, CancellationToken cancellation, AmsAssetMetadata? metadata = null, StorageEncryptionKey? key = null,
        IReadOnlyList<AssetFile>? files = null)
    {
        if ((key ?? metadata?.StorageKey) is StorageEncryptionKey known)
        {
            store = DecryptingAssetStore.Over(store, known);
        }
        else if (metadata is { IsStorageEncrypted: true })
        {
            throw new PackagingException(
                "EncryptionKeyMissing", $"the files of asset '{metadata.AssetName}' are encrypted in storage, and their key is known to its account alone");
        }

        var listed = new CountingAssetStore(store, files);
        AssetContent all = await listed.ReadAsync(() => AssetReader.ReadAllTracksAsync(listed, cancellation)).ConfigureAwait(false);
        AssetContent content = AssetReader.Select(all, []);
        files = await listed.ListAsync(cancellation).ConfigureAwait(false);
        List<AmsTrack> tracks = [];
        foreach (Presentation presentation in content.Presentations)
        {
            tracks.AddRange(presentation.Tracks.Select(track => TrackSummary.Of(presentation.Name, track)));
            tracks.AddRange(presentation.Texts.Select(text => TrackSummary.Of(presentation.Name, text)));
        }

        tracks.AddRange(content.LeftOut.Where(track => track.IsMedia).Select(TrackSummary.Of));
        var asset = new AmsAsset(store)
        {
            AssetName = metadata?.AssetName ?? store.Name,
            ContainerName = store.Name,
            AlternateId = metadata?.AlternateId,
            LocatorId = metadata?.Locators.FirstOrDefault()?.LocatorId,
            Metadata = metadata,
            Format = content.Format.ToString(),
            IsStreamable = content.IsStreamable,
            Manifests = [.. content.ServerManifests],
            Tracks = [.. tracks],
            Duration = tracks.Count == 0 ? TimeSpan.Zero : tracks.Max(track => track.Duration),
            Length = files.Sum(file => file.Length),
            FileCount = files.Count,
            Created = FindCreated(files),
            Faults = [.. Faults(content)],
            Mark = listed.HasOnlyOutputs ? SourceMark.Output : await SourceMark.ReadAsync(store, cancellation).ConfigureAwait(false),
        };
        return new AssetReading(asset, listed, all);
    }

    /// <summary>Of the first file, by the listing alone.</summary>
    public static DateTimeOffset? FindCreated(IReadOnlyList<AssetFile> files) => files.Min(file => file.Created ?? file.LastModified);

    private static IEnumerable<string> Faults(AssetContent content) =>
        content.Warnings
            .Concat(content.Presentations.SelectMany(presentation => presentation.Warnings.Concat(GapHandler.Describe(presentation))))
            .Concat(FilesLeftBehind.Describe(content.IsStreamable ? content.Unmentioned : [], isEncrypted: false))
            .Select(warning => warning.ToString())
            .Concat(content.LeftOut.Select(track => $"{track.File}: {track.Codec} track {track.TrackId} is left out: {track.Reason}"))
            .Distinct();
}
