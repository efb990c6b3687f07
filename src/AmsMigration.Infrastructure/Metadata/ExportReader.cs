using System.Text.Json;
using AmsMigration.Identity;
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
    private readonly ExportIndex _index = new(path);
    private readonly ExportSecrets _secrets = new(opening, tokens);

    public async Task<ExportedKeys> FindAsync(IAssetStore store, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            return new ExportedKeys(null, ReadKeyFile(path));
        }

        if (await _index.FindContainerAsync(store.Name, cancellation).ConfigureAwait(false) is not (ExportFolder folder, AssetFile file))
        {
            return new ExportedKeys(null, null);
        }

        await AttachAsync(folder, file, cancellation).ConfigureAwait(false);
        IEnumerable<JsonElement> ofAccount = await KindFile.ReadAsync(folder, "accountFilters.json", cancellation).ConfigureAwait(false);
        file.Metadata.StreamingFilters = FilterJson.Read(file.Resources.AssetFilters, ofAccount);
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
