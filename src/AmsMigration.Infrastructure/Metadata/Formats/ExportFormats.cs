using System.Runtime.CompilerServices;
using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata.Formats;

/// <summary>What is made of an export's JSON when that is complete.</summary>
internal static class ExportFormats
{
    public static async Task WriteAsync(ExportFolder folder, MetadataExportOptions options, ISecretStore? secrets, CancellationToken cancellation)
    {
        if (options.Formats.Contains(MetadataFormat.Yaml))
        {
            await YamlFormat.WriteAsync(folder, cancellation).ConfigureAwait(false);
        }

        if (options.Formats.Contains(MetadataFormat.Csv))
        {
            await CsvFormat.WriteAsync(folder, cancellation).ConfigureAwait(false);
        }

        if (options.Formats.Contains(MetadataFormat.MediaKind))
        {
            // Its importer reads keys in clear from the one file, so they go there only where somebody has asked for keys in clear.
            await MediaKindFormat.WriteAsync(folder, options.Secrets is { IsPlainText: true } ? secrets : null, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The files of all assets of the export, earlier runs' included.</summary>
    public static async IAsyncEnumerable<AssetFile> ReadAssetsAsync(ExportFolder folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (JsonElement asset in await KindFile.ReadAsync(folder, "assets.json", cancellation).ConfigureAwait(false))
        {
            if (Json.Text(asset, "name") is string name && await AssetFile.ReadAsync(folder, name, cancellation).ConfigureAwait(false) is AssetFile file)
            {
                yield return file;
            }
        }
    }
}
