using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Metadata;
using AmsMigration.Packaging;

namespace AmsMigration.Infrastructure.StreamingUrls;

/// <summary>What an export knows of assets that were converted without it. Keys are not asked for. Safe for use by several threads.</summary>
/// <param name="path">An export, or the folder of one account in it.</param>
public sealed class ExportedAddresses(string path)
{
    private readonly ExportIndex _index = new(path);

    /// <summary>By the container that was converted, or by the asset's name; null where the export knows neither.</summary>
    /// <exception cref="PackagingException"><c>ExportNotFound</c>.</exception>
    public async Task<AmsAssetMetadata?> FindAsync(AmsConversionResult result, CancellationToken cancellation)
    {
        string container = result.Source.Split('?')[0].TrimEnd('/', '\\').Split('/', '\\').Last();
        (ExportFolder Folder, AssetFile File)? found = await _index.FindContainerAsync(container, cancellation).ConfigureAwait(false)
            ?? await _index.FindNameAsync(result.AssetName, cancellation).ConfigureAwait(false);
        return found?.File.Metadata;
    }
}
