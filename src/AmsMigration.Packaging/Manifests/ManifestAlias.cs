using AmsMigration.Packaging.Manifests.Dash;
using AmsMigration.Packaging.Manifests.Hls;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests;

/// <summary>Manifests of an output for other places than its own: the same presentation, with references that lead to where the media lies.</summary>
/// <param name="plan">Of the output.</param>
/// <param name="baseUri">From the folder of the alias to that of the output; ends with a slash, or is empty.</param>
public sealed class ManifestAlias(PackagingPlan plan, string baseUri)
{
    private readonly string _manifestName = plan.ManifestName;

    /// <summary>The multivariant playlist as a file.</summary>
    /// <param name="path">Relative to the root of the aliases.</param>
    public OutputFile ToHls(string path)
    {
        IReadOnlyList<Rendition> listed = [.. plan.Renditions.Where(HlsMediaPlaylist.IsPossible)];
        return ManifestFile.FromText(path, ContentTypes.Hls, HlsMasterPlaylist.Write(
            _manifestName + ".m3u8", _manifestName, listed, plan.Texts, plan.Presentation.Thumbnails, baseUri));
    }

    /// <summary>The MPD as a file; null where segments are encrypted as a whole, which no DASH player decrypts.</summary>
    /// <param name="path">Relative to the root of the aliases.</param>
    public OutputFile? ToDash(string path) => plan.Renditions.Any(rendition => rendition.SegmentProtection is not null)
        ? null
        : ManifestFile.FromText(path, ContentTypes.Dash, DashManifest.Write(
            _manifestName + ".mpd", plan.Renditions, plan.Texts, plan.Presentation.Thumbnails, plan.Events, baseUri));
}
