using System.Text.Json;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Finds assets in exports by their containers, with the keys that were saved.</summary>
public sealed class ExportReader : IExportedKeys
{
    private readonly string _path;
    private readonly ExportIndex _index;
    private readonly ExportSecrets _secrets;

    /// <param name="path">An export, the folder of one account in it, or a file with what getEncryptionKey answered.</param>
    /// <param name="opening">What opens keys that are sealed.</param>
    /// <param name="tokens">For key vaults.</param>
    public ExportReader(string path, SecretsTarget opening, ITokenSource tokens)
        : this(path, opening, tokens, null)
    {
    }

    internal ExportReader(string path, SecretsTarget opening, ITokenSource tokens, SecretClientOptions? vaultOptions)
    {
        _path = path;
        _secrets = new ExportSecrets(opening, tokens, vaultOptions);
        _index = new ExportIndex(path);
    }

    public async Task<ExportedKeys> FindAsync(IAssetStore store, CancellationToken cancellation)
    {
        if (File.Exists(_path))
        {
            return new ExportedKeys(null, ReadKeyFile(_path));
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
