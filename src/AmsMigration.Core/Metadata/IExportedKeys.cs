using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Metadata;

/// <summary>What was saved of assets before, with their keys: an export, or a file with the key of one asset. Safe for use by several threads.</summary>
public interface IExportedKeys
{
    /// <summary>What is known of an asset; nothing where the export does not know its container.</summary>
    /// <exception cref="PackagingException"><c>SecretUnreadable</c>, <c>PassphraseMissing</c>, <c>PassphraseWrong</c>, <c>CertificateWrong</c>.</exception>
    Task<ExportedKeys> FindAsync(IAssetStore store, CancellationToken cancellation);
}

/// <summary>What an export knows of an asset.</summary>
public sealed record ExportedKeys(AmsAssetMetadata? Metadata, StorageEncryptionKey? StorageKey);
