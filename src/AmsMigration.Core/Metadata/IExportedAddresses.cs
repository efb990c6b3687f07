using AmsMigration.Conversion;
using AmsMigration.Packaging;

namespace AmsMigration.Metadata;

/// <summary>What an export knows of assets that were converted without it. Keys are not asked for. Safe for use by several threads.</summary>
public interface IExportedAddresses
{
    /// <summary>By the container that was converted, or by the asset's name; null where the export knows neither.</summary>
    /// <exception cref="PackagingException"><c>ExportNotFound</c>.</exception>
    Task<AmsAssetMetadata?> FindAsync(AmsConversionResult result, CancellationToken cancellation);
}
