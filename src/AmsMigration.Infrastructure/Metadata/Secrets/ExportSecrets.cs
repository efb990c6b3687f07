using System.Collections.Concurrent;
using AmsMigration.Identity;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Metadata.Secrets;

/// <summary>Opens, for reading, the places that an export names for its keys, each once: deriving a passphrase's key takes time. Safe for use by several threads.</summary>
/// <param name="opening">What opens keys that are sealed.</param>
/// <param name="tokens">For key vaults.</param>
internal sealed class ExportSecrets(SecretsTarget opening, ITokenSource tokens, SecretClientOptions? vaultOptions = null)
{
    private readonly ConcurrentDictionary<(string Folder, string Place, string Account), ISecretStore> _stores = new();

    /// <param name="place">Name of the store that the keys were saved in.</param>
    /// <exception cref="PackagingException"><c>PassphraseMissing</c>, <c>CertificateMissing</c>.</exception>
    public ISecretStore Open(ExportFolder folder, string place, string account) =>
        _stores.GetOrAdd((folder.Location, place, account), _ => Create(folder, place, account));

    private ISecretStore Create(ExportFolder folder, string place, string account) =>
        Uri.TryCreate(place, UriKind.Absolute, out Uri? vault) && vault.Scheme == Uri.UriSchemeHttps ? new VaultSecrets(vault, account, tokens, vaultOptions)
        : place == PlainSecrets.Place ? new PlainSecrets(folder)
        : place == SealedSecrets.PassphrasePlace
            ? SealedSecrets.ForReading(folder, opening.Passphrase is string passphrase
                ? new SecretsTarget { Passphrase = passphrase }
                : throw new PackagingException("PassphraseMissing", $"the keys in '{folder.Location}' were encrypted with a passphrase"))
        : SealedSecrets.ForReading(folder, opening.Certificate is { HasPrivateKey: true } certificate
            ? new SecretsTarget { Certificate = certificate }
            : throw new PackagingException("CertificateMissing", $"the keys in '{folder.Location}' are {place}, and open with its private key alone"));
}
