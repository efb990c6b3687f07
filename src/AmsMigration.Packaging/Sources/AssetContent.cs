using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>The formats that Media Services, and people beside it, left in containers.</summary>
public enum AssetFormat
{
    /// <summary>Nothing that plays: documents, images, captions alone, or media that cannot be read.</summary>
    NonStreamable,

    /// <summary>Progressive MP4 files with a server manifest.</summary>
    Mp4,

    /// <summary>MP4 or QuickTime files without a server manifest.</summary>
    BareMp4,

    /// <summary>Smooth Streaming on demand: fragmented MP4 with a server manifest.</summary>
    Smooth,

    /// <summary>A recording of a live event: a header and one blob a fragment for each track.</summary>
    LiveArchive,

    /// <summary>The same with CMAF fragments (low latency).</summary>
    LiveArchiveCmaf,

    /// <summary>HLS playlists and segments, playable as they are.</summary>
    StaticHls,

    /// <summary>A DASH manifest and segments, playable as they are.</summary>
    StaticDash,
}

/// <summary>What an asset is and plays.</summary>
public sealed record AssetContent
{
    public required AssetFormat Format { get; init; }

    /// <summary>
    /// One for each server manifest; without any, one for each group of files that show the same. Names are unique in any letter case.
    /// </summary>
    public required IReadOnlyList<Presentation> Presentations { get; init; }

    /// <summary>Tracks of the presentations' files that are not converted.</summary>
    public required IReadOnlyList<LeftOutTrack> LeftOut { get; init; }

    /// <summary>
    /// Files of which not everything is in a presentation: manifests, indexes, thumbnails, documents, media that could not be read or carried.
    /// </summary>
    public required IReadOnlyList<AssetFile> OtherFiles { get; init; }

    /// <summary>Those of <see cref="OtherFiles"/> that no warning speaks of, but for the manifests and indexes that Media Services wrote.</summary>
    public IReadOnlyList<AssetFile> Unmentioned { get; init; } = [];

    /// <summary>About the asset; each presentation has its own beside these.</summary>
    public required IReadOnlyList<PackagingWarning> Warnings { get; init; }

    /// <summary>Paths of the .ism files.</summary>
    public required IReadOnlyList<string> ServerManifests { get; init; }

    /// <summary>Of an asset that is static already, the manifests that players open: they and all other files play as they are.</summary>
    public IReadOnlyList<string> StaticManifests { get; init; } = [];

    /// <summary>False where nothing can be converted; <see cref="Warnings"/> and <see cref="LeftOut"/> say why.</summary>
    public bool IsStreamable => Presentations.Count > 0;
}
