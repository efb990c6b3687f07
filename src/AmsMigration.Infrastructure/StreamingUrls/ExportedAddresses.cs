using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.StreamingUrls;

/// <inheritdoc cref="IExportedAddresses"/>
/// <param name="path">An export, or the folder of one account in it.</param>
public sealed class ExportedAddresses(string path) : IExportedAddresses
{
    private readonly ExportIndex _index = new(path);

    public async Task<AmsAssetMetadata?> FindAsync(AmsConversionResult result, CancellationToken cancellation)
    {
        string container = result.Source.Split('?')[0].TrimEnd('/', '\\').Split('/', '\\').Last();
        (ExportFolder Folder, AssetFile File)? found = await _index.FindContainerAsync(container, cancellation).ConfigureAwait(false)
            ?? await _index.FindNameAsync(result.AssetName, cancellation).ConfigureAwait(false);
        return found?.File.Metadata;
    }
}
