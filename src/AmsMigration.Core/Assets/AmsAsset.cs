using AmsMigration.Metadata;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Assets;

/// <summary>An asset as its storage shows it: what it is, what it plays, and what is wrong with it. Holds no media and no sample tables.</summary>
public sealed class AmsAsset
{
    /// <summary>What Media Services named containers with, before the asset's id.</summary>
    private const string ContainerPrefix = "asset-";

    internal AmsAsset(IAssetStore store) => Store = store;

    /// <summary>The asset's own name; where only storage is left, the folder's or container's.</summary>
    public required string AssetName { get; init; }

    /// <summary>The folder or container that holds the files.</summary>
    public required string ContainerName { get; init; }

    /// <summary>The id that the account knew it by, of which its container was mostly named; null where neither says it.</summary>
    public string? AssetId => Metadata?.AssetId ?? IdInName;

    /// <summary>What its account knew of it; null where only storage is left.</summary>
    public AmsAssetMetadata? Metadata { get; init; }

    private string? IdInName => ContainerName.StartsWith(ContainerPrefix, StringComparison.OrdinalIgnoreCase)
        && Guid.TryParseExact(ContainerName.Substring(ContainerPrefix.Length), "D", out Guid id)
            ? id.ToString("D")
            : null;

    /// <summary>The owner's own id for it; only the account knew it.</summary>
    public string? AlternateId { get; init; }

    /// <summary>Of its first streaming locator; only the account knew it.</summary>
    public string? LocatorId { get; init; }

    /// <summary>Full path or URI of the asset, without any secret.</summary>
    public string Location => Store.Location;

    /// <summary>Which of the formats that AMS wrote.</summary>
    public required string Format { get; init; }

    /// <summary>False where nothing can be converted; <see cref="Faults"/> says why.</summary>
    public required bool IsStreamable { get; init; }

    /// <summary>Server manifests (.ism) at the root, each a presentation.</summary>
    public required string[] Manifests { get; init; }

    /// <summary>Tracks of all presentations, and those that cannot be converted.</summary>
    public required AmsTrack[] Tracks { get; init; }

    /// <summary>Of the longest presentation.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Length { get; init; }

    public required int FileCount { get; init; }

    /// <summary>When its first file was made or, where the store does not say, last written; null where it has none.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What is wrong with it, and what a conversion will do about it.</summary>
    public required string[] Faults { get; init; }

    /// <summary>What became of it, where AMSMigrate or this module (-MarkSource) has marked its container.</summary>
    public AmsMigrationStatus MigrationStatus => Mark.Status;

    /// <summary>Where the mark says that its output is; null where it does not.</summary>
    public string? MigratedTo => Mark.OutputPath;

    internal SourceMark Mark { get; init; } = SourceMark.None;

    internal IAssetStore Store { get; }

    public override string ToString() => AssetName;
}

/// <summary>A track of an asset.</summary>
public sealed class AmsTrack
{
    /// <summary>The presentation (server manifest without extension, or media file) that it belongs to.</summary>
    public required string Presentation { get; init; }

    /// <summary>Video, Audio or Text; for a track that is left out, what is known of it.</summary>
    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>The codec's name for people, e.g. <c>H.264</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>RFC 6381, e.g. <c>avc1.64001f</c>; null for a file of text and for a track that is left out.</summary>
    public string? CodecString { get; init; }

    /// <summary>BCP 47; null where unknown.</summary>
    public string? Language { get; init; }

    /// <summary>Pixels; 0 where not video.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Frames a second, to three decimals; 0 where not video.</summary>
    public decimal FrameRate { get; init; }

    public int Channels { get; init; }

    /// <summary>Hz; 0 where not audio.</summary>
    public int SampleRate { get; init; }

    /// <summary>Bits a second over the whole track.</summary>
    public long Bitrate { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The asset's file that holds it.</summary>
    public required string File { get; init; }

    public uint TrackId { get; init; }

    /// <summary>Why it is not converted; null where it is.</summary>
    public string? Refusal { get; init; }

    public override string ToString() => Type switch
    {
        "Video" => $"{Type} {Codec} {Width}x{Height} {Bitrate / 1000}k",
        "Audio" => string.Join(" ", new[] { Type, Codec, Language, $"{Bitrate / 1000}k" }.Where(part => part is not null)),
        _ => string.Join(" ", new[] { Type, Codec, Language }.Where(part => part is not null)),
    };
}
