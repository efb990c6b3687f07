using AmsMigration.Packaging.Sources.Smooth;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>A server manifest of an archive and its client manifest.</summary>
/// <param name="Path">In the asset.</param>
/// <param name="Server">Null where there is none.</param>
/// <param name="Client">Null where there is none that can be read.</param>
internal sealed record ArchiveManifest(string Path, ServerManifest? Server, ClientManifest? Client)
{
    /// <summary>
    /// The folders of each manifest: of a single one all, of several those that each of them names. What none of them names goes with the first; one that
    /// plays the same as another is left out.
    /// </summary>
    public static IReadOnlyList<(ArchiveManifest Manifest, IReadOnlyList<TrackFolder> Folders)> Share(
        IReadOnlyList<ArchiveManifest> manifests, IReadOnlyList<TrackFolder> folders, List<PackagingWarning> warnings)
    {
        if (manifests.Count == 1)
        {
            return [(manifests[0], folders)];
        }

        List<TrackFolder> unnamed = [.. folders.Where(folder => !manifests.Any(manifest => manifest.Names(folder)))];
        List<(ArchiveManifest Manifest, IReadOnlyList<TrackFolder> Folders)> shares = [];
        foreach (ArchiveManifest manifest in manifests)
        {
            TrackFolder[] own = [.. folders.Where(folder => manifest.Names(folder) || (shares.Count == 0 && unnamed.Contains(folder)))];
            if (own.Length == 0)
            {
                warnings.Add(new PackagingWarning("NothingPlayable", "None of the track folders that the manifest names is there.", manifest.Path));
            }
            else if (shares.Find(share => share.Folders.SequenceEqual(own)).Manifest is ArchiveManifest twin)
            {
                warnings.Add(new PackagingWarning("SamePresentation", $"It plays the same tracks as '{twin.Path}', which is converted.", manifest.Path));
            }
            else
            {
                shares.Add((manifest, own));
            }
        }

        return shares;
    }

    private bool Names(TrackFolder folder) =>
        Client?.Streams.Any(stream => stream.Name == folder.Name.Stream) == true
        || Server?.Tracks.Any(track => track.Source == folder.Path || (track.TrackName == folder.Name.Stream && track.Bitrate == folder.Name.Bitrate)) == true;
}
