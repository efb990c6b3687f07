using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Storage;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;

namespace AmsMigration.Commands;

/// <summary>Lists and classifies assets. Reads manifests and headers, never media.</summary>
[Cmdlet(VerbsCommon.Get, "AmsAsset", DefaultParameterSetName = "Path", HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsAsset))]
public sealed class GetAmsAssetCommand : SourceCmdlet
{
    private const string ContainerNameHelp = "Only containers of these names; wildcards are allowed.";
    private const string PrefixHelp = "Only containers whose name begins so. The service looks for it, which is quicker than a wildcard.";

    private IExportedKeys? _keys;

    [Parameter(
        ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "Folders of assets, server manifests or media files, wildcards allowed; or addresses of containers.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The same without wildcards.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = "Container", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Addresses of containers, with a shared access signature or without.")]
    [ValidateNotNull]
    public Uri[] ContainerUri { get; set; } = [];

    [Parameter(ParameterSetName = "StorageAccount", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Names of storage accounts: each container is an asset.")]
    [ValidateNotNullOrEmpty]
    [StorageAccountName]
    public string[] StorageAccountName { get; set; } = [];

    [Parameter(ParameterSetName = "Service", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Address of a blob service, with a shared access signature or without: each container is an asset.")]
    [ValidateNotNull]
    public Uri ServiceUri { get; set; } = null!;

    [Parameter(ParameterSetName = "ConnectionString", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Of a storage account: each container is an asset.")]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionString { get; set; }

    [Parameter(ParameterSetName = "Metadata", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Assets from Export-AmsAssetMetadata, which bring their names, locators and keys.")]
    [ValidateNotNull]
    public AmsAssetMetadata[] Metadata { get; set; } = [];

    [Parameter(ParameterSetName = "StorageAccount", HelpMessage = ContainerNameHelp)]
    [Parameter(ParameterSetName = "Service", HelpMessage = ContainerNameHelp)]
    [Parameter(ParameterSetName = "ConnectionString", HelpMessage = ContainerNameHelp)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] ContainerName { get; set; } = ["*"];

    [Parameter(ParameterSetName = "StorageAccount", HelpMessage = PrefixHelp)]
    [Parameter(ParameterSetName = "Service", HelpMessage = PrefixHelp)]
    [Parameter(ParameterSetName = "ConnectionString", HelpMessage = PrefixHelp)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Prefix { get; set; }

    [Parameter(HelpMessage = "Only assets whose first file was made at this time or later.")]
    public DateTimeOffset? CreatedAfter { get; set; }

    [Parameter(HelpMessage = "Only assets whose first file was made before this time.")]
    public DateTimeOffset? CreatedBefore { get; set; }

    [Parameter(HelpMessage = "Containers of an account that are looked at at once. The default is 8.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override string Activity => "Looking at assets";

    private protected override void Process()
    {
        _keys = Keys;
        switch (ParameterSetName)
        {
            case "StorageAccount":
                foreach (string account in StorageAccountName)
                {
                    StartAccount(Endpoints.BlobService(account));
                }

                break;
            case "Service":
                StartAccount(ServiceUri);
                break;
            case "ConnectionString":
                Start("ConnectionString", cancellation => FindAsync(Storage.AccountUri!, cancellation));
                break;
            case "Metadata":
                foreach (AmsAssetMetadata metadata in Metadata)
                {
                    StartEach(TryOpen(metadata), metadata);
                }

                break;
            default:
                StartEach(ParameterSetName switch
                {
                    "Container" => ContainerUri.SelectMany(container => TryOpen(container.OriginalString)),
                    "LiteralPath" => FindAssets(LiteralPath, isLiteral: true),
                    _ => FindAssets(Path, isLiteral: false),
                });
                break;
        }
    }

    private void StartEach(IEnumerable<IAssetStore> stores, AmsAssetMetadata? metadata = null)
    {
        foreach (IAssetStore store in stores)
        {
            Start(store.Location, cancellation => DescribeAsync(store, metadata, cancellation));
        }
    }

    private void StartAccount(Uri account) => Start(Redact(account.OriginalString), cancellation => FindAsync(account, cancellation));

    private Task FindAsync(Uri account, CancellationToken cancellation)
    {
        WildcardPattern[] patterns = [.. ContainerName.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];
        return ForEachContainerAsync(
            account, Prefix, name => patterns.Any(pattern => pattern.IsMatch(name)), ThrottleLimit, (store, c) => DescribeAsync(store, null, c), cancellation);
    }

    private async Task DescribeAsync(IAssetStore store, AmsAssetMetadata? metadata, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(store.Name);
        IReadOnlyList<AssetFile>? files = null;
        if ((CreatedAfter ?? CreatedBefore) is not null)
        {
            files = await store.ListAsync(cancellation).ConfigureAwait(false);
            if (!IsWanted(AssetCatalog.FindCreated(files)))
            {
                return;
            }
        }

        AmsAsset asset = (await ReadAsync(store, metadata, _keys, cancellation, files).ConfigureAwait(false)).Asset;
        Post(() => WriteObject(asset));
    }

    private bool IsWanted(DateTimeOffset? created) => created >= (CreatedAfter ?? DateTimeOffset.MinValue) && created < (CreatedBefore ?? DateTimeOffset.MaxValue);
}
