using System.Globalization;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Protection;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Conversion;

/// <summary>What a user can choose about a conversion run.</summary>
public sealed record ConversionOptions
{
    public PackagingOptions Packaging { get; init; } = new();

    /// <summary>What becomes of time for which tracks have no media.</summary>
    public GapHandling GapHandling { get; init; }

    /// <summary>Write what lets players play a live archive where it lies, beside its fragments, instead of a converted copy.</summary>
    public bool InPlace { get; init; }

    /// <summary>How the output is encrypted. Its keys are those of <see cref="ContentKeys"/>; of its templates, <c>{AssetName}</c> is filled in here.</summary>
    public ProtectionOptions Protection { get; init; } = ProtectionOptions.None;

    /// <summary>Keys that outputs are encrypted with.</summary>
    public IContentKeys ContentKeys { get; init; } = GivenContentKeys.None;

    /// <summary>Keys that encrypted sources are decrypted with, beside <see cref="ContentKeys"/>.</summary>
    public IContentKeys SourceKeys { get; init; } = GivenContentKeys.None;

    /// <summary>Where in the destination an asset goes; see <see cref="Conversion.PathTemplate"/>.</summary>
    public PathTemplate PathTemplate { get; init; } = PathTemplate.Default;

    /// <summary>Copy files that no presentation uses (documents, images, captions) beside the output.</summary>
    public bool CopyNonStreamable { get; init; }

    /// <summary>Write an index.html that plays the output.</summary>
    public bool PlayerPage { get; init; }

    /// <summary>Write manifests at the paths of streaming locators, too; null where not.</summary>
    public AliasOptions? Aliases { get; init; }

    /// <summary>Convert again and overwrite what is there.</summary>
    public bool Force { get; init; }

    /// <summary>How long to wait for another run that is writing the same output; zero to leave the asset to it.</summary>
    public TimeSpan WaitForOther { get; init; }

    /// <summary>Take the output from another run that holds it.</summary>
    public bool BreakLease { get; init; }

    /// <summary>Have the destination's service fetch long ranges of media from the source's by itself, where both are services.</summary>
    public bool ServerSideCopy { get; init; }

    /// <summary>Write the outcome to the metadata of the asset's container, as AMSMigrate does.</summary>
    public bool MarkSource { get; init; }

    /// <summary>The choices that decide what an output holds, for its record and its fingerprint; the others only decide how it is made.</summary>
    internal void Describe(JsonBuilder json) => json
        .Add("segmentDuration", Packaging.SegmentDuration.ToString("c", CultureInfo.InvariantCulture))
        .Add("layout", Packaging.Layout.ToString())
        .Add("manifestName", Packaging.ManifestName)
        .Add("gapHandling", GapHandling.ToString())
        .Add("inPlace", InPlace)
        .Add("copyNonStreamable", CopyNonStreamable)
        .Add("playerPage", PlayerPage);
}

/// <summary>Bytes of one asset's output.</summary>
/// <param name="BytesDone">Written now, or by an earlier run that this one goes on from.</param>
/// <param name="BytesWritten">Written now.</param>
/// <param name="CurrentFile">The file last written to, relative to the output; null before the first.</param>
public sealed record ConversionProgress(string AssetName, long BytesDone, long BytesTotal, long BytesWritten, string? CurrentFile);
