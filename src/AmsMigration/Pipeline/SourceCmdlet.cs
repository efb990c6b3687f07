using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using AmsMigration.Assets;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Pipeline;

/// <summary>What cmdlets share that read assets, which may be encrypted in storage, and may be known from an export.</summary>
public abstract class SourceCmdlet : StorageCmdlet
{
    private IExportedKeys? _keys;

    [Parameter(HelpMessage = "An export by Export-AmsAssetMetadata, or a file with what getEncryptionKey answered: opens assets that are encrypted in storage, and names them.")]
    [ValidateNotNullOrEmpty]
    public string? EncryptionKeyPath { get; set; }

    [Parameter(HelpMessage = "Opens the keys in the export, where they were saved with a passphrase.")]
    [ValidateNotNull]
    public SecureString? Passphrase { get; set; }

    [Parameter(HelpMessage = "Opens the keys in the export, where they were saved for a certificate; with its private key.")]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Null where no export is given. Pipeline thread only.</summary>
    private protected IExportedKeys? Keys => EncryptionKeyPath is null ? null : _keys ??= OpenKeys(EncryptionKeyPath);

    /// <summary>Looks at an asset, with what is known of it.</summary>
    private protected static async Task<AssetReading> ReadAsync(
        IAssetStore store, AmsAssetMetadata? metadata, IExportedKeys? keys, CancellationToken cancellation, IReadOnlyList<AssetFile>? files = null)
    {
        ExportedKeys? found = keys is null ? null : await keys.FindAsync(store, cancellation).ConfigureAwait(false);
        return await AssetCatalog.ReadAsync(store, cancellation, metadata ?? found?.Metadata, metadata?.StorageKey ?? found?.StorageKey, files).ConfigureAwait(false);
    }

    /// <summary>The container or folder of an asset that an export knows; what is wrong with it becomes an error record.</summary>
    private protected IEnumerable<IAssetStore> TryOpen(AmsAssetMetadata metadata)
    {
        if (!Uri.TryCreate(metadata.Location, UriKind.Absolute, out Uri? address) || address.IsFile)
        {
            return FindAssets([metadata.Location], isLiteral: true);
        }

        try
        {
            return [Storage.OpenAsset(metadata.StorageAccountName is null
                ? address
                : new Uri($"{FindAccount(metadata.StorageAccountName, address).AbsoluteUri.TrimEnd('/')}/{metadata.ContainerName}"))];
        }
        catch (PackagingException e)
        {
            WriteError(Errors.From(e, metadata));
            return [];
        }
    }

    private Uri FindAccount(string name, Uri container) => Storage.FindAccount(name, new Uri(container.GetLeftPart(UriPartial.Authority)));

    private IExportedKeys OpenKeys(string path)
    {
        string? found = FileSystemPaths.ResolveExisting(this, [path], isLiteral: true).FirstOrDefault();
        if (found is null)
        {
            ThrowTerminatingError(Errors.ExportNotFound(path));
        }

        return new ExportReader(found!, new SecretsTarget { Passphrase = Secret.Read(Passphrase), Certificate = Certificate }, Tokens);
    }
}
