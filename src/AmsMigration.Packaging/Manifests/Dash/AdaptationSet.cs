using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Renditions that a player may switch between (ISO/IEC 23009-1 5.3.3).</summary>
internal sealed class AdaptationSet
{
    /// <summary>Microseconds by which aligned segments may differ: what rounding to a timescale of 1000 costs.</summary>
    private const long AlignmentTolerance = 1000;

    private AdaptationSet(int id, IReadOnlyList<Rendition> renditions)
    {
        Id = id;
        Renditions = renditions;
    }

    public int Id { get; }

    public IReadOnlyList<Rendition> Renditions { get; }

    public Track Track => Renditions[0].Track;

    /// <summary>Segments of all renditions start at the same times.</summary>
    public bool IsAligned => Renditions.All(rendition => StartsLike(rendition, Renditions[0]));

    public bool StartsWithSync => Renditions.All(r => r.Segments.All(segment => r.Fragments[segment.FirstFragment].IsSync));

    /// <summary>
    /// Video first, then audio, then text; in each the default first, because players without a wish take the first.
    /// </summary>
    public static IReadOnlyList<AdaptationSet> Of(IEnumerable<Rendition> renditions) =>
    [
        .. renditions
            .GroupBy(r => (r.Track.Kind, Key(r.Track)))
            .OrderBy(set => set.Key.Kind)
            .ThenByDescending(set => set.Any(r => r.Track.IsDefault))
            .Select((set, i) => new AdaptationSet(i, [.. set])),
    ];

    /// <summary>True where the other is the same video in another codec, cut alike (ISO/IEC 23009-1 5.3.3.5).</summary>
    public bool SwitchesTo(AdaptationSet other) =>
        this != other
        && (Track.Kind, other.Track.Kind) == (TrackKind.Video, TrackKind.Video)
        && Track.Roles.SequenceEqual(other.Track.Roles)
        && Track.Descriptions[0].Codec.VideoRange == other.Track.Descriptions[0].Codec.VideoRange
        && IsAligned
        && other.IsAligned
        && StartsLike(Renditions[0], other.Renditions[0]);

    /// <summary>Bit rates of video are one set whatever their names; audio is told apart by all that a listener would choose by.</summary>
    private static string Key(Track track) => track.Kind == TrackKind.Video
        ? string.Join("|", track.Descriptions[0].Codec.Family, track.Descriptions[0].Codec.VideoRange, string.Join(",", track.Roles))
        : track.GroupKey;

    private static bool StartsLike(Rendition rendition, Rendition other) =>
        rendition.Segments.Count == other.Segments.Count
        && rendition.Segments
            .Zip(other.Segments, (a, b) => Microseconds(a, rendition) - Microseconds(b, other))
            .All(difference => Math.Abs(difference) < AlignmentTolerance);

    private static long Microseconds(Segment segment, Rendition rendition) =>
        TimeMath.Rescale(segment.Start, rendition.Track.Timescale, ManifestTime.Microseconds);
}
