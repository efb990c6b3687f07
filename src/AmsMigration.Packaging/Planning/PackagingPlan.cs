using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// Every file of an output, to the byte, before any media byte is read. A pure function of the presentation and the options.
/// </summary>
public sealed class PackagingPlan
{
    public required Presentation Presentation { get; init; }

    public required PackagingOptions Options { get; init; }

    /// <summary>Name of the manifests without extension.</summary>
    public required string ManifestName { get; init; }

    /// <summary>
    /// Added to every presentation time so that none is negative; in seconds it is <c>Shift.Value / Shift.Timescale</c>, in a track's
    /// ticks that to the
    /// nearest (<see cref="TimeMath.Rescale"/>).
    /// </summary>
    public required (long Value, uint Timescale) Shift { get; init; }

    /// <summary>In the order of <see cref="Presentation.Tracks"/>, without those that were left out.</summary>
    public required IReadOnlyList<Rendition> Renditions { get; init; }

    /// <summary>In the order of <see cref="Presentation.Texts"/>.</summary>
    public required IReadOnlyList<TextRendition> Texts { get; init; }

    /// <summary>And when the presentation was recorded.</summary>
    public required EventTimeline Events { get; init; }

    /// <summary>Text, playlists, MPD: written after all media, in this order.</summary>
    public required IReadOnlyList<OutputFile> Manifests { get; init; }

    /// <summary>The presentation's first, then those of planning.</summary>
    public required IReadOnlyList<PackagingWarning> Warnings { get; init; }

    /// <summary>Manifests in lists of those that may become visible beside each other: what others name before these, and what players open last.</summary>
    public IEnumerable<IReadOnlyList<OutputFile>> ManifestRanks => Manifests.GroupBy(RankOf).OrderBy(rank => rank.Key).Select(rank => rank.ToList());

    /// <summary>All files in the order in which they become visible.</summary>
    public IEnumerable<OutputFile> Files => Renditions.SelectMany(r => r.Files).Concat(Manifests);

    private int RankOf(OutputFile file) =>
        file.ContentType is not (ContentTypes.Hls or ContentTypes.Dash) ? 0 : file.Path.StartsWith(ManifestName + "/", StringComparison.Ordinal) ? 1 : 2;
}

/// <summary>One track as it is written.</summary>
public sealed class Rendition
{
    public required Track Track { get; init; }

    /// <summary>Unique in the output, safe as a file name and in a URI, e.g. <c>video_720p_3400k</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Relative path of the initialization segment; in <see cref="OutputLayout.SingleFile"/> the one media file.</summary>
    public required string InitPath { get; init; }

    /// <summary>Bytes of ftyp and moov from the start of <see cref="InitPath"/>.</summary>
    public required long InitLength { get; init; }

    /// <summary>Bytes of the sidx that follows them; 0 where there is none.</summary>
    public required long IndexLength { get; init; }

    public required IReadOnlyList<Segment> Segments { get; init; }

    public required IReadOnlyList<Fragment> Fragments { get; init; }

    /// <summary>Media files in the order in which their bytes come from the source.</summary>
    public required IReadOnlyList<OutputFile> Files { get; init; }

    /// <summary>Of what is presented, ticks: the sum of the segments'.</summary>
    public required long Duration { get; init; }

    /// <summary>Greatest bit rate of any segment, bits a second, rounded up (HLS BANDWIDTH, RFC 8216bis 4.4.6.2).</summary>
    public required long PeakBandwidth { get; init; }

    /// <summary>Bits a second over the whole, rounded up (HLS AVERAGE-BANDWIDTH).</summary>
    public required long AverageBandwidth { get; init; }

    /// <summary>Frames a second as a fraction in lowest terms; 0/1 where not video or not known.</summary>
    public (long Numerator, long Denominator) FrameRate { get; init; } = (0, 1);

    /// <summary>Added to the composition offsets of the source, ticks.</summary>
    internal long CompositionBias { get; init; }

    /// <summary>Ticks of sound in front of the time that is presented first, which the edit list leaves out.</summary>
    internal long Priming { get; init; }

    /// <summary>Pixels of presentation after sample aspect ratio and rotation; 0 where not video.</summary>
    public int DisplayWidth { get; init; }

    public int DisplayHeight { get; init; }

    /// <summary>The same with some of its segments alone: no index tells them.</summary>
    /// <param name="segments">At least one, in order.</param>
    internal Rendition Cut(IReadOnlyList<Segment> segments) => new()
    {
        Track = Track,
        Name = Name,
        InitPath = InitPath,
        InitLength = InitLength,
        IndexLength = 0,
        Segments = [segments[0] with { IsDiscontinuity = false }, .. segments.Skip(1)],
        Fragments = Fragments,
        Files = Files,
        Duration = segments.Sum(segment => segment.Duration),
        PeakBandwidth = RenditionFigures.GetPeakBandwidth(segments, Track.Timescale),
        AverageBandwidth = RenditionFigures.GetAverageBandwidth(segments, Track.Timescale),
        FrameRate = FrameRate,
        DisplayWidth = DisplayWidth,
        DisplayHeight = DisplayHeight,
        CompositionBias = CompositionBias,
        Priming = Priming,
        Protection = Protection,
        SegmentProtection = SegmentProtection,
    };

    /// <summary>How its samples are encrypted; null where they are not.</summary>
    internal TrackProtection? Protection { get; init; }

    /// <summary>How its segments are encrypted as a whole; null where they are not.</summary>
    internal SegmentProtection? SegmentProtection { get; init; }
}

/// <summary>What a player asks for at once: one or more fragments.</summary>
/// <param name="Path">Relative path of the file that holds it.</param>
/// <param name="Offset">Bytes from the start of that file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Start">Earliest presentation time, ticks of the track on the output's time line.</param>
/// <param name="Duration">To the start of the next segment, to the end of media in front of a jump, or to the end of the track, ticks.</param>
public sealed record Segment(string Path, long Offset, long Length, long Start, long Duration, int FirstFragment, int FragmentCount)
{
    /// <summary>The media of all tracks makes a jump in front of it (HLS EXT-X-DISCONTINUITY).</summary>
    public bool IsDiscontinuity { get; init; }

    /// <summary>Ticks from its end to the start of the next segment: what all tracks lack.</summary>
    public long Gap { get; init; }

    /// <summary>It is not encrypted, though the segments behind the clear lead are.</summary>
    public bool IsClear { get; init; }
}

/// <summary>One moof and mdat (CMAF fragment, ISO/IEC 23000-19 7.3.2.3).</summary>
/// <param name="Offset">Bytes from the start of the file that holds it.</param>
/// <param name="HeaderLength">moof and the mdat's header, bytes.</param>
/// <param name="PayloadLength">Sample bytes.</param>
/// <param name="DecodeTime">tfdt's baseMediaDecodeTime, ticks on the output's time line.</param>
/// <param name="Start">Earliest presentation time, ticks on the output's time line.</param>
/// <param name="FirstSampleSize">Bytes of the first sample: with the header, what an I-frame playlist names.</param>
/// <param name="IsSync">Starts with a sync sample.</param>
public readonly record struct Fragment(
    int FirstSample,
    int SampleCount,
    long Offset,
    int HeaderLength,
    long PayloadLength,
    long DecodeTime,
    long Start,
    uint FirstSampleSize,
    bool IsSync)
{
    /// <summary>Its samples are not encrypted, though those of others are.</summary>
    public bool IsClear { get; init; }
}

/// <summary>A file of the output: its bytes as a list of extents.</summary>
public sealed class OutputFile
{
    /// <summary>Relative to the output's root, parts separated by '/'.</summary>
    public required string Path { get; init; }

    public required string ContentType { get; init; }

    /// <summary>Sum of the extents' lengths.</summary>
    public required long Length { get; init; }

    /// <summary>In order; enumerated anew at each use and made on the way, so that a long file costs no memory.</summary>
    public required IEnumerable<Extent> Extents { get; init; }
}

/// <summary>A run of bytes: literal, or a range of a source file; both may change on their way.</summary>
public readonly struct Extent
{
    private Extent(byte[]? literal, int file, long offset, long length, ByteTransform? transform)
    {
        Transform = transform;
        Literal = literal;
        File = file;
        Offset = offset;
        Length = length;
    }

    /// <summary>The bytes; null where they lie in the source.</summary>
    public byte[]? Literal { get; }

    /// <summary>Index into <see cref="Presentation.Files"/>.</summary>
    public int File { get; }

    public long Offset { get; }

    public long Length { get; }

    /// <summary>What the bytes go through; extents in a row that share it are one run to it. Null where they stay as they are.</summary>
    internal ByteTransform? Transform { get; }

    public static Extent FromBytes(byte[] bytes) => new(bytes, -1, 0, bytes.Length, null);

    public static Extent FromSource(int file, long offset, long length) => new(null, file, offset, length, null);

    /// <summary>The same bytes, on their way through a transform.</summary>
    internal Extent Through(ByteTransform? transform) => new(Literal, File, Offset, Length, transform);
}
