using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Mp4;

namespace AmsMigration.Packaging.Sources;

/// <summary>What one media file holds.</summary>
/// <param name="Tracks">Those that can be carried, named after kind and language.</param>
/// <param name="LeftOut">The others, with the reason.</param>
public sealed record MediaFileContent(
    IReadOnlyList<Track> Tracks, IReadOnlyList<LeftOutTrack> LeftOut, IReadOnlyList<PackagingWarning> Warnings)
{
    /// <summary>Of each track_ID, in order; none where all samples stand in tables.</summary>
    internal IReadOnlyDictionary<uint, IReadOnlyList<TrackFragment>> Fragments { get; init; } = new Dictionary<uint, IReadOnlyList<TrackFragment>>();

    /// <summary>Presentation times of fragments by 'mfra', where it was wanted; ticks of the track.</summary>
    internal IReadOnlyDictionary<(uint TrackId, long MovieOffset), long>? IndexedTimes { get; init; }
}

/// <summary>A track that is not converted.</summary>
/// <param name="File">The asset's file that holds it.</param>
/// <param name="TrackId">track_ID in that file.</param>
/// <param name="Codec">The codec's or handler's name for people, e.g. <c>VC-1</c>, <c>timecode</c>.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="IsMedia">True for audio and video that cannot be carried; false for timecode, metadata, chapters and hints.</param>
public sealed record LeftOutTrack(string File, uint TrackId, string Codec, string Reason, bool IsMedia)
{
    /// <summary>Ids of the keys that it takes to decrypt it; empty where that is not why.</summary>
    public IReadOnlyList<Guid> MissingKeyIds { get; init; } = [];
}
