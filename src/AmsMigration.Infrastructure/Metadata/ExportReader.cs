using System.Text.Json;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Finds assets in exports by their containers, with the keys that were saved.</summary>
/// <param name="path">An export, the folder of one account in it, or a file with what getEncryptionKey answered.</param>
/// <param name="opening">What opens keys that are sealed.</param>
/// <param name="tokens">For key vaults.</param>
public sealed class ExportReader(string path, SecretsTarget opening, ITokenSource tokens) : IExportedKeys
{
    private readonly Lazy<IReadOnlyList<ExportFolder>> _folders = new(() => ExportFolder.FindAll(path));
    private readonly ExportSecrets _secrets = new(opening, tokens);
    private readonly SemaphoreSlim _reading = new(1);
    private Dictionary<string, (ExportFolder Folder, string Asset)>? _byContainer;

    public async Task<ExportedKeys> FindAsync(IAssetStore store, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            return new ExportedKeys(null, ReadKeyFile(path));
        }

        Dictionary<string, (ExportFolder Folder, string Asset)> known = await IndexAsync(cancellation).ConfigureAwait(false);
        if (!known.TryGetValue(store.Name, out (ExportFolder Folder, string Asset) found)
            || await AssetFile.ReadAsync(found.Folder, found.Asset, cancellation).ConfigureAwait(false) is not AssetFile file)
        {
            return new ExportedKeys(null, null);
        }

        await AttachAsync(found.Folder, file, cancellation).ConfigureAwait(false);
        return new ExportedKeys(file.Metadata, file.Metadata.StorageKey);
    }

    private static Assets.StorageEncryptionKey ReadKeyFile(string path)
    {
        try
        {
            return KeyJson.StorageKey(KeyJson.Parse(File.ReadAllBytes(path)));
        }
        catch (JsonException e)
        {
            // Its message quotes a character of the file and no more.
            throw new PackagingException("EncryptionKeyWrong", $"it is no JSON: {e.Message}", path, inner: e);
        }
    }

    private async Task<Dictionary<string, (ExportFolder, string)>> IndexAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_byContainer is null)
            {
                var known = new Dictionary<string, (ExportFolder, string)>(StringComparer.OrdinalIgnoreCase);
                foreach (ExportFolder folder in _folders.Value)
                {
                    foreach (JsonElement asset in await KindFile.ReadAsync(folder, "assets.json", cancellation).ConfigureAwait(false))
                    {
                        if (Json.Text(asset, "properties", "container") is string container && Json.Text(asset, "name") is string name)
                        {
                            known[container] = (folder, name);
                        }
                    }
                }

                _byContainer = known;
            }

            return _byContainer;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task AttachAsync(ExportFolder folder, AssetFile file, CancellationToken cancellation)
    {
        AmsAssetMetadata metadata = file.Metadata;
        bool needsKeys = metadata.IsStorageEncrypted || metadata.Locators.Any(locator => locator.ContentKeys.Length > 0);
        if (!needsKeys || file.Keys is null)
        {
            return;
        }

        await KeyFinder.AttachAsync(metadata, _secrets.Open(folder, file.Keys, metadata.AccountName ?? ""), cancellation).ConfigureAwait(false);
    }
}
