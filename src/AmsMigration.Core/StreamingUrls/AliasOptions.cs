using AmsMigration.Conversion;

namespace AmsMigration.StreamingUrls;

/// <summary>What a user can choose about manifests at the paths of streaming locators.</summary>
/// <param name="Destination">Gets a folder for each locator: the root of a web site, or of its files.</param>
/// <param name="LocatorIds">Of the locators; empty for all that an asset's exported metadata names.</param>
public sealed record AliasOptions(IDestination Destination, IReadOnlyList<Guid> LocatorIds)
{
    /// <summary>For clients of Smooth Streaming, too: their manifest, and a file for each fragment, which is media once more.</summary>
    public bool SmoothStreaming { get; init; }
}
