using System.Text.Json;
using AmsMigration.Accounts;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Formats;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Saves what accounts and storage know of assets, below one folder or container.</summary>
public sealed class MetadataExporter : IMetadataExports
{
    private readonly AzureEndpoints _endpoints;
    private readonly ITokenSource _tokens;
    private readonly ArmClient _client;
    private readonly IDestination _destination;
    private readonly StorageExport _storage;
    private readonly SecretClientOptions? _vaultOptions;

    public MetadataExporter(AzureEndpoints endpoints, ITokenSource tokens, IDestination destination)
        : this(endpoints, tokens, destination, new ArmOptions(), null)
    {
    }

    internal MetadataExporter(AzureEndpoints endpoints, ITokenSource tokens, IDestination destination, ArmOptions options, SecretClientOptions? vaultOptions)
    {
        _endpoints = endpoints;
        _tokens = tokens;
        _client = new ArmClient(endpoints, tokens, options);
        _destination = destination;
        _storage = new StorageExport(destination);
        _vaultOptions = vaultOptions;
    }

    public async Task<AmsExportSummary> ExportAsync(
        AccountId account, MetadataExportOptions options, Func<AmsAssetMetadata, Task> found, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        var folder = new ExportFolder(_destination.Open(ExportFolder.FileName(account.AccountName)));
        IOutputClaim claim = await folder.ClaimAsync(cancellation).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claim.Lost);
        try
        {
            ISecretStore? secrets = await OpenSecretsAsync(account, folder, options.Secrets, stop.Token).ConfigureAwait(false);
            int saved = 0;
            var run = new AccountExport(account, options, _client, folder, secrets, doing => progress?.Report(new ExportProgress(Volatile.Read(ref saved), doing)));
            AmsExportSummary summary = await run.RunAsync(
                Fingerprint.ToolVersion,
                (body, export) => SaveAssetsAsync(run, folder, account, options, body, export, async metadata =>
                {
                    await found(metadata).ConfigureAwait(false);
                    progress?.Report(new ExportProgress(Interlocked.Increment(ref saved), "assets"));
                }, stop.Token),
                DateTimeOffset.UtcNow, stop.Token).ConfigureAwait(false);
            await ExportFormats.WriteAsync(folder, options, secrets, stop.Token).ConfigureAwait(false);
            return summary;
        }
        finally
        {
            await claim.ReleaseAsync().ConfigureAwait(false);
        }
    }

    public Task<AmsAssetMetadata> ExportAsync(AmsAsset asset, MetadataExportOptions options, CancellationToken cancellation) =>
        _storage.SaveAsync(asset, cancellation);

    public Task<IReadOnlyList<AmsExportSummary>> CompleteStorageAsync(MetadataExportOptions options, CancellationToken cancellation) =>
        _storage.CompleteAsync(options, cancellation);

    private async Task<AssetTally> SaveAssetsAsync(
        AccountExport run, ExportFolder folder, AccountId account, MetadataExportOptions options, JsonElement body, ExportRun export,
        Func<AmsAssetMetadata, Task> found, CancellationToken cancellation)
    {
        ILookup<string, JsonElement>? locators = await ListLocatorsAsync(run, cancellation).ConfigureAwait(false);
        string? primary = AccountReader.StorageAccounts(body).FirstOrDefault();
        var assets = new AssetExport(run, folder, export, account.AccountName, locators, (name, container) => Place(name ?? primary, container));
        int unchanged = 0;
        int version2 = 0;
        await BoundedWork.RunAsync(
            options.ThrottleLimit,
            stopped => _client.ListAsync(new AccountPaths(account).Below("assets"), ApiVersions.Metadata, stopped),
            (asset, stopped) => assets.SaveAsync(asset, options.Force, stopped),
            async saved =>
            {
                assets.Add(saved.File.Resources);
                unchanged += saved.IsUnchanged ? 1 : 0;
                version2 += saved.File.Metadata.Version2 is { Evidence.Length: > 0 } ? 1 : 0;
                await found(saved.File.Metadata).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return new AssetTally(unchanged, version2);
    }

    /// <summary>By asset, so that no asset has to be asked for them; null where the service refuses the list, and each has to be.</summary>
    private static async Task<ILookup<string, JsonElement>?> ListLocatorsAsync(AccountExport run, CancellationToken cancellation)
    {
        int before = run.Problems.All.Length;
        IReadOnlyList<JsonElement> all = await run.ListAsync(ApiVersions.Metadata, cancellation, "streamingLocators").ConfigureAwait(false);
        foreach (JsonElement locator in all)
        {
            run.Kind("streamingLocators").Add(locator);
        }

        return run.Problems.All.Length == before
            ? all.ToLookup(locator => (Json.Text(ServiceJson.Properties(locator), "assetName") ?? "").ToLowerInvariant())
            : null;
    }

    private (string? Account, string Location) Place(string? storageAccount, string container) =>
        (storageAccount, storageAccount is null ? container : new Uri(_endpoints.BlobService(storageAccount), container).AbsoluteUri);

    private async Task<ISecretStore?> OpenSecretsAsync(AccountId account, ExportFolder folder, SecretsTarget? target, CancellationToken cancellation) => target switch
    {
        null => null,
        { KeyVault: Uri vault } => new VaultSecrets(vault, account.AccountName, _tokens, _vaultOptions),
        { IsPlainText: true } => new PlainSecrets(folder),
        _ => await SealedSecrets.OpenAsync(folder, target, cancellation).ConfigureAwait(false),
    };
}
