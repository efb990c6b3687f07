using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using AmsMigration.Accounts;
using AmsMigration.Assets;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Metadata;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.Recommendations;

namespace AmsMigration.Commands;

/// <summary>Saves what accounts, or storage alone, know of assets, before it is gone.</summary>
[Cmdlet(
    VerbsData.Export, "AmsAssetMetadata", DefaultParameterSetName = "Account", SupportsShouldProcess = true,
    HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsAssetMetadata))]
public sealed class ExportAmsAssetMetadataCommand : StorageCmdlet
{
    private IMetadataExports _exports = null!;
    private MetadataExportOptions _options = null!;
    private bool _hasStorage;
    private bool _hasExported;

    [Parameter(ParameterSetName = "Account", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Accounts from Get-AmsAccountExpiry.")]
    [ValidateNotNull]
    public AmsAccountExpiry[] Account { get; set; } = [];

    [Parameter(
        ParameterSetName = "Recommendation", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Recommendations from Get-AmsMigrationRecommendation; the account is exported, once, where static migration stands.")]
    [ValidateNotNull]
    public AmsMigrationRecommendation[] Recommendation { get; set; } = [];

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Assets from Get-AmsAsset: what storage alone knows of them.")]
    [ValidateNotNull]
    public AmsAsset[] InputObject { get; set; } = [];

    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Name of the account.")]
    [ValidateNotNullOrEmpty]
    public string AccountName { get; set; } = "";

    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Resource group of the account.")]
    [ValidateNotNullOrEmpty]
    public string ResourceGroupName { get; set; } = "";

    [Parameter(ParameterSetName = "Name", ValueFromPipelineByPropertyName = true, HelpMessage = "Subscription of the account; by default that of the session's sign-in.")]
    [ValidateNotNullOrEmpty]
    public string? SubscriptionId { get; set; }

    [Parameter(ParameterSetName = "ResourceId", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Ids of accounts, as Get-AzResource writes them.")]
    [ValidateNotNullOrEmpty]
    public string[] ResourceId { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder, or the address of a container or of a folder in one, that gets a folder for each account.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    [Parameter(HelpMessage = "Json (always written), Yaml, Csv, MediaKind (the file that MediaKind's importer reads).")]
    public MetadataFormat[] Format { get; set; } = [MetadataFormat.Json];

    [Parameter(HelpMessage = "Save content keys, secrets of content key policies and keys of encrypted assets, too, where one of the following four says.")]
    public SwitchParameter IncludeKeys { get; set; }

    [Parameter(HelpMessage = "Address of the key vault that gets the keys.")]
    [ValidateNotNull]
    public Uri? KeyVaultUri { get; set; }

    [Parameter(HelpMessage = "Keys go into files that the private key of this certificate opens.")]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    [Parameter(HelpMessage = "Keys go into files that this passphrase opens.")]
    [ValidateNotNull]
    public SecureString? Passphrase { get; set; }

    [Parameter(HelpMessage = "Keys go into files that everybody can read.")]
    public SwitchParameter AllowPlainText { get; set; }

    [Parameter(HelpMessage = "Assets that are asked about at once. The default is 8.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    [Parameter(HelpMessage = "Ask again for everything, even what an earlier run has.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = StorageHelp.ConnectionString)]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionString { get; set; }

    [Parameter(HelpMessage = "Address of Azure Resource Manager, for a cloud that nobody knows.")]
    [ValidateNotNull]
    public Uri? ResourceManagerUrl { get; set; }

    private protected override string Activity => "Exporting metadata";

    private protected override AzureEndpoints FindEndpoints()
    {
        AzureEndpoints endpoints = base.FindEndpoints();
        return ResourceManagerUrl is null ? endpoints : endpoints.At(ResourceManagerUrl);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _options = new MetadataExportOptions
        {
            Formats = Format,
            Secrets = ChooseSecrets(),
            ThrottleLimit = ThrottleLimit,
            Force = Force,
            VersionGuide = CatalogPath.Read(this, null).VersionGuide,
        };
        if (Format.Contains(MetadataFormat.MediaKind) && !AllowPlainText)
        {
            WriteWarning("MediaKind's importer reads keys in clear: without -IncludeKeys -AllowPlainText its file has none, and what is protected will not play there.");
        }

        _exports = new MetadataExporter(Endpoints, Tokens, OpenDestination(Path, null));
    }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "Account":
                Array.ForEach(Account, Start);
                break;
            case "Recommendation":
                Array.ForEach(Recommendation, Start);
                break;
            case "InputObject":
                Array.ForEach(InputObject, Start);
                break;
            case "ResourceId":
                foreach (AccountId id in ResourceId.Select(TryParse).OfType<AccountId>())
                {
                    Start(id);
                }

                break;
            default:
                Start(new AccountId(RequireSubscription(SubscriptionId), ResourceGroupName, AccountName));
                break;
        }
    }

    private protected override void ProcessLast()
    {
        if (_hasStorage)
        {
            Start(Path, async cancellation =>
            {
                IReadOnlyList<AmsExportSummary> summaries = await _exports.CompleteStorageAsync(_options, cancellation).ConfigureAwait(false);
                Post(() =>
                {
                    foreach (AmsExportSummary summary in summaries)
                    {
                        Tell(summary);
                    }
                });
            });
        }
    }

    private protected override void Finish()
    {
        if (ParameterSetName == "Recommendation" && !_hasExported)
        {
            WriteWarning("Nothing was exported: of no account is static migration an option, or none was named. Export-AmsAssetMetadata takes accounts from Get-AmsAccountExpiry, too.");
        }
    }

    private void Start(AmsMigrationRecommendation recommendation)
    {
        if (!recommendation.IsOurs)
        {
            WriteVerbose($"{recommendation.Option} is not carried out by this module: {recommendation.NextStep}");
        }
        else if (recommendation.Assets.Length > 0)
        {
            Array.ForEach(recommendation.Assets, Start);
        }
        else if (recommendation.Account is not null)
        {
            Start(recommendation.Account);
        }
    }

    private void Start(AmsAccountExpiry account)
    {
        if (account.Phase == AmsAccountPhase.Deleted)
        {
            _hasExported = true;
            WriteError(Errors.AccountDeleted(account));
        }
        else
        {
            Start(new AccountId(account.SubscriptionId, account.ResourceGroupName, account.AccountName));
        }
    }

    private void Start(AccountId account)
    {
        _hasExported = true;
        if (ShouldProcess(Path, $"Export the metadata of account '{account.AccountName}'{(_options.Secrets is null ? "" : $", and its keys to {_options.Secrets}")}"))
        {
            Start(account.ToString(), cancellation => ExportAsync(account, cancellation));
        }
    }

    private void Start(AmsAsset asset)
    {
        _hasExported = true;
        if (ShouldProcess(Path, $"Export what storage knows of asset '{asset.AssetName}'"))
        {
            _hasStorage = true;
            Start(asset, async cancellation =>
            {
                using ProgressBoard.Slot slot = Progress.Begin(asset.AssetName);
                AmsAssetMetadata metadata = await _exports.ExportAsync(asset, _options, cancellation).ConfigureAwait(false);
                Post(() => WriteObject(metadata));
            });
        }
    }

    private async Task ExportAsync(AccountId account, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(account.AccountName);
        AmsExportSummary summary = await _exports.ExportAsync(
            account, _options,
            async metadata => await AskAsync(() =>
            {
                WriteObject(metadata);
                return true;
            }).ConfigureAwait(false),
            new SlotProgress(slot), cancellation).ConfigureAwait(false);
        Post(() => Tell(summary));
    }

    private void Tell(AmsExportSummary summary)
    {
        foreach (AmsExportProblem problem in summary.Problems)
        {
            WriteVerbose(problem.ToString());
        }

        if (summary.Problems.Length > 0)
        {
            WriteWarning(
                $"{summary.AccountName}: the service refused {summary.Problems.Length} resources, of which export.json says why. Run the same command again to ask for them again.");
        }

        WriteInformation(summary, [nameof(AmsExportSummary)]);
    }

    /// <summary>Ends the command where keys would go nowhere, or to two places.</summary>
    private SecretsTarget? ChooseSecrets()
    {
        int ways = new[] { KeyVaultUri is not null, Certificate is not null, Passphrase is not null, AllowPlainText.IsPresent }.Count(isGiven => isGiven);
        if (ways > 1 || IncludeKeys != (ways == 1))
        {
            ThrowTerminatingError(Errors.KeysTarget(IncludeKeys, ways));
        }

        return IncludeKeys
            ? new SecretsTarget { KeyVault = KeyVaultUri, Certificate = Certificate, Passphrase = Secret.Read(Passphrase), IsPlainText = AllowPlainText }
            : null;
    }

    private sealed class SlotProgress(ProgressBoard.Slot slot) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => slot.Say($"{value.Assets} assets, {value.Doing}");
    }
}
