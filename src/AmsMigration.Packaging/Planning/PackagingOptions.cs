namespace AmsMigration.Packaging.Planning;

public enum OutputLayout
{
    /// <summary>One file a rendition with a sidx: HLS byte ranges, DASH on-demand profile.</summary>
    SingleFile,

    /// <summary>An initialization segment and one file a segment: DASH SegmentTemplate.</summary>
    Segmented,
}

/// <summary>What a user can choose about an output.</summary>
public sealed record PackagingOptions
{
    /// <summary>
    /// Wanted length of a segment; cuts fall on the first place at or after it where every video rendition has a sync sample.
    /// </summary>
    public TimeSpan SegmentDuration { get; init; } = TimeSpan.FromSeconds(6);

    public OutputLayout Layout { get; init; }

    /// <summary>Name of the manifests without extension; null for the presentation's own.</summary>
    public string? ManifestName { get; init; }
}
