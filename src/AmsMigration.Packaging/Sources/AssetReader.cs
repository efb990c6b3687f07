using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>Recognises an asset and reads its presentations, without their media.</summary>
public static class AssetReader
{
    public static async Task<AssetContent> ReadAsync(IAssetStore store, CancellationToken cancellation)
    {
        IReadOnlyList<AssetFile> files = await store.ListAsync(cancellation).ConfigureAwait(false);
        List<Track> tracks = [];
        List<LeftOutTrack> leftOut = [];
        List<PackagingWarning> warnings = [];
        List<AssetFile> others = [];
        for (int i = 0; i < files.Count; i++)
        {
            if (!files[i].Path.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase))
            {
                others.Add(files[i]);
                continue;
            }

            try
            {
                using IByteSource source = await store.OpenAsync(files[i].Path, cancellation).ConfigureAwait(false);
                MediaFileContent content = await Mp4Reader.ReadAsync(source, i, cancellation).ConfigureAwait(false);
                tracks.AddRange(content.Tracks.Where(t => t.Kind == TrackKind.Video || tracks.All(other => other.Kind != t.Kind)));
                leftOut.AddRange(content.LeftOut);
                warnings.AddRange(content.Warnings);
            }
            catch (PackagingException e)
            {
                warnings.Add(new PackagingWarning(e.Code, e.Message));
                others.Add(files[i]);
            }
        }

        return new AssetContent
        {
            Format = AssetFormat.BareMp4,
            Presentations = tracks.Count == 0 ? [] : [new Presentation { Name = store.Name, Files = files, Tracks = tracks }],
            LeftOut = leftOut,
            OtherFiles = others,
            Warnings = warnings,
            ServerManifests = [],
        };
    }
}
