using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Conversion;

public enum AmsConversionStatus
{
    /// <summary>Everything that can be converted was.</summary>
    Completed,

    /// <summary>Nothing was done: the output is there and complete, another run is writing it, or there is nothing to convert.</summary>
    Skipped,

    /// <summary>Stopped by an error; the next run goes on from there.</summary>
    Failed,
}

/// <summary>What became of one asset.</summary>
public sealed class AmsConversionResult
{
    public required string AssetName { get; init; }

    /// <summary>Ids of the streaming locators that published it, in the addresses that people have; empty where only storage is left.</summary>
    public string[] LocatorIds { get; init; } = [];

    /// <summary>The owner's id for it; null where only storage is left.</summary>
    public string? AlternateId { get; init; }

    public required AmsConversionStatus Status { get; init; }

    /// <summary>Full path or URI of the output folder.</summary>
    public required string Destination { get; init; }

    /// <summary>Master playlist of the first presentation; null where there is none.</summary>
    public string? HlsUri => Presentations.FirstOrDefault()?.HlsUri;

    /// <summary>MPD of the first presentation; null where there is none.</summary>
    public string? DashUri => Presentations.FirstOrDefault()?.DashUri;

    /// <summary>One for each server manifest.</summary>
    public AmsPresentationOutput[] Presentations { get; init; } = [];

    /// <summary>Every address that played it; empty where only storage is left.</summary>
    public AmsStreamingUrl[] StreamingUrls { get; init; } = [];

    /// <summary>Manifests at the paths of those addresses (-UrlLayout StreamingLocator).</summary>
    public AmsStreamingAlias[] StreamingAliases { get; init; } = [];

    /// <summary>The page that plays it; null where none was asked for.</summary>
    public string? PlayerPage { get; init; }

    /// <summary>Tracks that were written, with the output's own figures.</summary>
    public AmsTrack[] Tracks { get; init; } = [];

    /// <summary>Of the longest presentation.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From the source, headers included.</summary>
    public long BytesRead { get; init; }

    public long BytesWritten { get; init; }

    /// <summary>Bytes of the output that an earlier run had written before it ended early.</summary>
    public long BytesReused { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>Decisions that were taken and faults that did not stop the conversion.</summary>
    public string[] Warnings { get; init; } = [];

    /// <summary>Why it failed; null where it did not.</summary>
    public Exception? Error { get; init; }

    /// <summary>Full path or URI of the asset.</summary>
    public required string Source { get; init; }
}

/// <summary>Where one presentation of an asset plays.</summary>
public sealed class AmsPresentationOutput
{
    /// <summary>Name of its manifests without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Multivariant playlist; null where an asset that was static already has none.</summary>
    public required string? HlsUri { get; init; }

    /// <summary>MPD; null where an asset that was static already has none.</summary>
    public required string? DashUri { get; init; }

    /// <summary>Zero where the asset was static already.</summary>
    public required TimeSpan Duration { get; init; }

    public override string ToString() => Name;
}
