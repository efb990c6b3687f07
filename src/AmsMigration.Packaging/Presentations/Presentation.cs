using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Presentations;

/// <summary>
/// What an asset plays, free of the format that it came in: tracks on one time line. Media bytes are not held but pointed at.
/// </summary>
public sealed record Presentation
{
    /// <summary>The server manifest's name without its extension, or the media file's; names the output's manifests.</summary>
    public required string Name { get; init; }

    /// <summary>The store's files that <see cref="SampleTable"/> offsets refer to, by index.</summary>
    public required IReadOnlyList<AssetFile> Files { get; init; }

    /// <summary>Renditions of the same content are tracks of the same kind and <see cref="Track.GroupKey"/>.</summary>
    public required IReadOnlyList<Track> Tracks { get; init; }

    /// <summary>Subtitles and captions; <see cref="Tracks"/> has none of them.</summary>
    public IReadOnlyList<TextTrack> Texts { get; init; } = [];

    public IReadOnlyList<ThumbnailTrack> Thumbnails { get; init; } = [];

    /// <summary>By time; such as the splices of SCTE 35.</summary>
    public IReadOnlyList<TimedEvent> Events { get; init; } = [];

    /// <summary>Seconds since 1970 at presentation time 0, ticks of <see cref="TimeMath.TimeSpanTimescale"/>; 0 where the source does not tell.</summary>
    public long WallClock { get; init; }

    public IReadOnlyList<PackagingWarning> Warnings { get; init; } = [];
}

public enum TrackKind
{
    Video,
    Audio,
    Text,
}

/// <summary>One elementary stream: its description and where its samples lie in time and in the source.</summary>
public sealed record Track
{
    public required TrackKind Kind { get; init; }

    /// <summary>The name that the manifest gave (trackName), or one made from kind and language. Not unique, not safe as a file name.</summary>
    public required string Name { get; init; }

    /// <summary>For people: DASH Label, HLS NAME; null where the source has none.</summary>
    public string? Label { get; init; }

    /// <summary>BCP 47 (RFC 5646), e.g. <c>en</c>, <c>pt-BR</c>; null where unknown or <c>und</c>.</summary>
    public string? Language { get; init; }

    /// <summary>DASH roles (urn:mpeg:dash:role:2011, ISO/IEC 23009-1 5.8.5.5), e.g. <c>main</c>, <c>alternate</c>, <c>description</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>True where the source names this track as the one to start with.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Tells apart sound that is alike in all that the source says of it and yet is not the same; 0 for the first.</summary>
    public int Alternative { get; init; }

    /// <summary>Ticks a second (ISO/IEC 14496-12 8.4.2).</summary>
    public required uint Timescale { get; init; }

    /// <summary>The sample entries (ISO/IEC 14496-12 8.5.2) in use, at least one; <see cref="SampleTable"/> points into them.</summary>
    public required IReadOnlyList<SampleDescription> Descriptions { get; init; }

    public required SampleTable Samples { get; init; }

    /// <summary>
    /// Composition time at which presentation begins, in <see cref="Timescale"/> ticks: the media_time of the edit list (ISO/IEC 14496-12 8.6.6).
    /// AAC priming is here too. May be negative.
    /// </summary>
    public long MediaTime { get; init; }

    /// <summary>Presentation time of <see cref="MediaTime"/>, in <see cref="Timescale"/> ticks: the empty edit in front of the media.</summary>
    public long Delay { get; init; }

    /// <summary>Nine 32-bit values of tkhd's matrix (ISO/IEC 14496-12 8.3.2), big endian, 36 bytes; null for identity.</summary>
    public byte[]? Matrix { get; init; }

    /// <summary>tkhd's width and height: pixels of presentation, 16.16 fixed point; 0 where not video.</summary>
    public uint PresentationWidth { get; init; }

    public uint PresentationHeight { get; init; }

    /// <summary>
    /// Closed captions inside the pictures of video, by HLS's names: <c>CC1</c> to <c>CC4</c>, <c>SERVICE1</c> to <c>SERVICE63</c>; empty where none
    /// are known of.
    /// </summary>
    public IReadOnlyList<string> ClosedCaptions { get; init; } = [];

    /// <summary>Samples in front of which the media of all tracks makes a jump; in order.</summary>
    public IReadOnlyList<int> Discontinuities { get; init; } = [];

    /// <summary>Pre-roll of audio in samples, the 'roll' group's distance as a positive number (ISO/IEC 14496-12 10.1); 0 where none.</summary>
    public int RollDistance { get; init; }

    /// <summary>What the manifest says, bits a second; 0 where it says nothing. The output's own figures are computed.</summary>
    public long NominalBitrate { get; init; }

    /// <summary>The file that it came from, for messages and for <c>-Source</c> comparisons; the folder of a live archive's track that lost its header.</summary>
    public required string SourceFile { get; init; }

    /// <summary>track_ID in <see cref="SourceFile"/>.</summary>
    public uint SourceTrackId { get; init; }

    /// <summary>'moov' that stands for the header that such a folder lost; null where there is one.</summary>
    internal byte[]? RebuiltHeader { get; init; }

    /// <summary>Bytes of its samples that are encrypted in the source, by index of the file, in order; none where they are in the clear.</summary>
    internal IReadOnlyDictionary<int, IReadOnlyList<EncryptedRange>> Encrypted { get; init; } = NotEncrypted;

    /// <summary>Ids of the keys that its samples are encrypted with in the source; empty where they are in the clear.</summary>
    public IReadOnlyList<Guid> KeyIds { get; init; } = [];

    private static readonly Dictionary<int, IReadOnlyList<EncryptedRange>> NotEncrypted = [];

    /// <summary>Tracks with the same kind and key are renditions of one adaptation set (ISO/IEC 23009-1 5.3.3).</summary>
    public string GroupKey => string.Join("|", Language ?? "und", Descriptions[0].Codec.Family, Descriptions[0].Codec.Channels, Label ?? "", string.Join(",", Roles), Alternative);

    /// <summary>Presentation time of a composition time, in ticks.</summary>
    public long ToPresentationTime(long compositionTime) => compositionTime - MediaTime + Delay;
}
