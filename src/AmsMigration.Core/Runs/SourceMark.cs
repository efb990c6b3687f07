using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Runs;

/// <summary>What became of an asset, as its container's metadata says it.</summary>
public enum AmsMigrationStatus
{
    NotMigrated,
    Completed,
    Failed,

    /// <summary>It was written by a migration; there is nothing in it to migrate.</summary>
    Output,
}

/// <summary>
/// The names and values that AMSMigrate (github.com/Azure/azure-media-migration) writes to an asset's container, so that a migration that was begun with it goes
/// on here and the other way round.
/// </summary>
internal sealed record SourceMark(AmsMigrationStatus Status, string? OutputPath)
{
    private const string ResultName = "MigrateResult";
    private const string AssetTypeName = "AssetType";
    private const string OutputPathName = "OutputPath";
    private const string ManifestName = "ManifestName";
    private const string OutputAssetType = "dmt_generated";

    public static SourceMark None { get; } = new(AmsMigrationStatus.NotMigrated, null);

    /// <summary>Of what holds nothing but outputs, whoever made them.</summary>
    public static SourceMark Output { get; } = new(AmsMigrationStatus.Output, null);

    /// <summary>None where the store has no place for it.</summary>
    /// <exception cref="PackagingException">The store failed: what is marked as done elsewhere is not to be done again for that.</exception>
    public static async Task<SourceMark> ReadAsync(IAssetStore store, CancellationToken cancellation) =>
        store is IMetadataStore metadata ? Parse(await metadata.GetMetadataAsync(cancellation).ConfigureAwait(false)) : None;

    /// <summary>Marks the container of a plan's asset with what became of it.</summary>
    /// <returns>False where the store has no place for it.</returns>
    public static async Task<bool> WriteAsync(ConversionPlan plan, bool isCompleted, CancellationToken cancellation)
    {
        if (plan.Asset.Store is not IMetadataStore metadata)
        {
            return false;
        }

        await metadata.SetMetadataAsync(
            new Dictionary<string, string?>
            {
                [ResultName] = isCompleted ? "Completed" : "Failed",
                [AssetTypeName] = TypeOf(plan.Asset.Format),
                [OutputPathName] = isCompleted ? ToAddress(plan.Destination) : null,
                [ManifestName] = plan.Presentations.Count > 0 ? Uri.EscapeDataString(plan.Presentations[0].ManifestName) : null,
            },
            cancellation).ConfigureAwait(false);
        return true;
    }

    /// <returns>True where there was something to remove. What a migration wrote into its own output stays.</returns>
    public static async Task<bool> ClearAsync(IAssetStore store, CancellationToken cancellation)
    {
        if (store is not IMetadataStore metadata)
        {
            return false;
        }

        IReadOnlyDictionary<string, string> present = await metadata.GetMetadataAsync(cancellation).ConfigureAwait(false);
        string[] names = [.. new[] { ResultName, AssetTypeName, OutputPathName, ManifestName }.Where(name => Find(present, name) is not null)];
        if (names.Length == 0 || Parse(present).Status == AmsMigrationStatus.Output)
        {
            return false;
        }

        await metadata.SetMetadataAsync(names.ToDictionary(name => name, _ => (string?)null), cancellation).ConfigureAwait(false);
        return true;
    }

    internal static SourceMark Parse(IReadOnlyDictionary<string, string> metadata)
    {
        AmsMigrationStatus status = (Find(metadata, AssetTypeName), Find(metadata, ResultName)) switch
        {
            (OutputAssetType, _) => AmsMigrationStatus.Output,
            (_, string result) when Is(result, "Completed") => AmsMigrationStatus.Completed,
            (_, string result) when Is(result, "Failed") => AmsMigrationStatus.Failed,
            _ => AmsMigrationStatus.NotMigrated,
        };
        return new SourceMark(status, Find(metadata, OutputPathName));
    }

    /// <summary>True where it says that the asset went to the same place.</summary>
    public bool LeadsTo(string destination) => OutputPath is string path && Is(path.TrimEnd('/'), ToAddress(destination).TrimEnd('/'));

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string? Find(IReadOnlyDictionary<string, string> metadata, string name) => metadata.FirstOrDefault(pair => Is(pair.Key, name)).Value;

    /// <summary>Metadata travels in HTTP headers: ASCII only. AMSMigrate ends the address of an output with a slash.</summary>
    private static string ToAddress(string location) =>
        Uri.TryCreate(location, UriKind.Absolute, out Uri? uri) ? uri.AbsoluteUri.TrimEnd('/') + "/" : Uri.EscapeDataString(location);

    /// <summary>AMSMigrate's word for a format: what the server manifest calls it.</summary>
    private static string TypeOf(string format) => format switch
    {
        "Mp4" => "mp4",
        "Smooth" => "fmp4",
        "LiveArchive" => "vod-fmp4",
        "LiveArchiveCmaf" => "vod-cmaf",
        _ => "non_ism",
    };
}
