using AmsMigration.Packaging.Planning;

namespace AmsMigration.Conversion;

/// <summary>What a user can choose about a conversion run.</summary>
public sealed record ConversionOptions
{
    public PackagingOptions Packaging { get; init; } = new();

    /// <summary>Where in the destination an asset goes; see <see cref="Conversion.PathTemplate"/>.</summary>
    public PathTemplate PathTemplate { get; init; } = PathTemplate.Default;

    /// <summary>Copy files that no presentation uses (documents, images, captions) beside the output.</summary>
    public bool CopyNonStreamable { get; init; }

    /// <summary>Write an index.html that plays the output.</summary>
    public bool PlayerPage { get; init; }

    /// <summary>Convert again and overwrite what is there.</summary>
    public bool Force { get; init; }
}

/// <summary>Bytes of one asset's output.</summary>
/// <param name="CurrentFile">The file last written to, relative to the output; null before the first.</param>
public sealed record ConversionProgress(string AssetName, long BytesWritten, long BytesTotal, string? CurrentFile);
