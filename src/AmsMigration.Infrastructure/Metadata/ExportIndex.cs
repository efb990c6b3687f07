using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Packaging;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Finds assets in exports, by their containers or names. Safe for use by several threads.</summary>
/// <param name="path">An export, or the folder of one account in it.</param>
internal sealed class ExportIndex(string path)
{
    private readonly SemaphoreSlim _reading = new(1);
    private Dictionary<string, (ExportFolder Folder, string Asset)>? _byContainer;
    private Dictionary<string, (ExportFolder Folder, string Asset)>? _byName;

    /// <summary>Null where the export does not know the container.</summary>
    /// <exception cref="PackagingException"><c>ExportNotFound</c>.</exception>
    public async Task<(ExportFolder Folder, AssetFile File)?> FindContainerAsync(string container, CancellationToken cancellation)
    {
        await ReadAsync(cancellation).ConfigureAwait(false);
        return await OpenAsync(_byContainer!, container, cancellation).ConfigureAwait(false);
    }

    /// <summary>Null where the export knows no asset of that name. Of two accounts' assets it is the last one's.</summary>
    /// <exception cref="PackagingException"><c>ExportNotFound</c>.</exception>
    public async Task<(ExportFolder Folder, AssetFile File)?> FindNameAsync(string assetName, CancellationToken cancellation)
    {
        await ReadAsync(cancellation).ConfigureAwait(false);
        return await OpenAsync(_byName!, assetName, cancellation).ConfigureAwait(false);
    }

    private static async Task<(ExportFolder Folder, AssetFile File)?> OpenAsync(
        Dictionary<string, (ExportFolder Folder, string Asset)> known, string key, CancellationToken cancellation) =>
        known.TryGetValue(key, out (ExportFolder Folder, string Asset) found)
            && await AssetFile.ReadAsync(found.Folder, found.Asset, cancellation).ConfigureAwait(false) is AssetFile file
            ? (found.Folder, file)
            : null;

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_byName is not null)
            {
                return;
            }

            var byContainer = new Dictionary<string, (ExportFolder, string)>(StringComparer.OrdinalIgnoreCase);
            var byName = new Dictionary<string, (ExportFolder, string)>(StringComparer.OrdinalIgnoreCase);
            foreach (ExportFolder folder in ExportFolder.FindAll(path))
            {
                foreach (JsonElement asset in await KindFile.ReadAsync(folder, "assets.json", cancellation).ConfigureAwait(false))
                {
                    if (Json.Text(asset, "name") is string name)
                    {
                        byName[name] = (folder, name);
                        if (Json.Text(asset, "properties", "container") is string container)
                        {
                            byContainer[container] = (folder, name);
                        }
                    }
                }
            }

            (_byContainer, _byName) = (byContainer, byName);
        }
        finally
        {
            _reading.Release();
        }
    }
}
