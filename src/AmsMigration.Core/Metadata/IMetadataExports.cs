using AmsMigration.Accounts;
using AmsMigration.Assets;
using AmsMigration.Packaging;

namespace AmsMigration.Metadata;

/// <summary>Saves what accounts and storage know of assets. Safe for use by several threads.</summary>
public interface IMetadataExports
{
    /// <summary>
    /// Everything that an account knows, into a folder of the account's name. What an earlier run has and the service no longer says stays; a run that was
    /// killed is gone on with.
    /// </summary>
    /// <param name="found">Called for each asset when it is saved, one at a time.</param>
    /// <exception cref="AccountException">Nothing can be had of the account. What is refused of one resource is recorded, and the rest goes on.</exception>
    /// <exception cref="PackagingException">The destination cannot be written to, or another run is writing it.</exception>
    Task<AmsExportSummary> ExportAsync(
        AccountId account, MetadataExportOptions options, Func<AmsAssetMetadata, Task> found, IProgress<ExportProgress>? progress, CancellationToken cancellation);

    /// <summary>What storage alone says of an asset, in the same shape, into a folder of the storage account's name.</summary>
    /// <exception cref="PackagingException">The asset cannot be read, or the destination cannot be written to.</exception>
    Task<AmsAssetMetadata> ExportAsync(AmsAsset asset, MetadataExportOptions options, CancellationToken cancellation);

    /// <summary>Finishes the files of what was exported from storage: lists and tables.</summary>
    Task<IReadOnlyList<AmsExportSummary>> CompleteStorageAsync(MetadataExportOptions options, CancellationToken cancellation);
}

/// <summary>How far the export of an account is.</summary>
/// <param name="Assets">Saved so far.</param>
/// <param name="Doing">What goes on, for people; also what is waited for.</param>
public sealed record ExportProgress(int Assets, string Doing);

/// <summary>What an export came to.</summary>
public sealed class AmsExportSummary
{
    public required string AccountName { get; init; }

    /// <summary>Full path or URI of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>Assets in the export, earlier runs' included.</summary>
    public required int Assets { get; init; }

    /// <summary>Of those, as many had not changed and were not asked for.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Resources by kind.</summary>
    public required IReadOnlyDictionary<string, int> Resources { get; init; }

    /// <summary>Requests that were sent, repeated ones not counted.</summary>
    public required long Requests { get; init; }

    /// <summary>What the service refused; the next run asks again.</summary>
    public required AmsExportProblem[] Problems { get; init; }

    /// <summary>Where keys are; null where they were not asked for.</summary>
    public string? Keys { get; init; }

    public override string ToString() => $"{AccountName}: {Assets} assets, {Problems.Length} problems";
}
