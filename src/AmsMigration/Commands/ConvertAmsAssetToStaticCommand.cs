using System.Globalization;
using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Formatting;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Parameters;
using AmsMigration.Pipeline;
using AmsMigration.Protection;
using AmsMigration.Recommendations;
using AmsMigration.Runs;

namespace AmsMigration.Commands;

/// <summary>Converts assets to static CMAF with HLS and DASH manifests.</summary>
[Cmdlet(
    VerbsData.Convert, "AmsAssetToStatic", DefaultParameterSetName = "Path", SupportsShouldProcess = true,
    HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsConversionResult))]
public sealed class ConvertAmsAssetToStaticCommand : SourceCmdlet
{
    private const string AssetHelp = "Assets from Get-AmsAsset.";
    private const string PathHelp = "Folders of assets, server manifests or media files; wildcards are allowed.";
    private const string LiteralPathHelp = "The same without wildcards.";
    private const string DestinationHelp = "The folder, or the address of a container or of a folder in one, that gets a folder for each asset.";
    private const string InPlaceHelp = "Write only what lets players play a live archive where it lies, beside its fragments.";

    private readonly RunTally _tally = new();
    private IDestination? _destination;
    private ConversionOptions _options = null!;
    private RunLog? _log;

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = AssetHelp)]
    [Parameter(ParameterSetName = "InPlaceInputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = AssetHelp)]
    [ValidateNotNull]
    public AmsAsset[] InputObject { get; set; } = [];

    [Parameter(
        ParameterSetName = "Recommendation", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Recommendations from Get-AmsMigrationRecommendation; only where static migration stands are their assets converted.")]
    [ValidateNotNull]
    public AmsMigrationRecommendation[] Recommendation { get; set; } = [];

    [Parameter(
        ParameterSetName = "Metadata", Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Assets from Export-AmsAssetMetadata, which bring their names, locators and keys.")]
    [ValidateNotNull]
    public AmsAssetMetadata[] Metadata { get; set; } = [];

    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = "InPlace", Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = PathHelp)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = LiteralPathHelp)]
    [Parameter(ParameterSetName = "InPlaceLiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = LiteralPathHelp)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "Recommendation", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "Metadata", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, Position = 1, HelpMessage = DestinationHelp)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    [Parameter(ParameterSetName = "InPlace", Mandatory = true, HelpMessage = InPlaceHelp)]
    [Parameter(ParameterSetName = "InPlaceLiteralPath", Mandatory = true, HelpMessage = InPlaceHelp)]
    [Parameter(ParameterSetName = "InPlaceInputObject", Mandatory = true, HelpMessage = InPlaceHelp)]
    public SwitchParameter InPlace { get; set; }

    [Parameter(HelpMessage = "Opens the destination's storage account.")]
    [ValidateNotNullOrEmpty]
    public string? DestinationConnectionString { get; set; }

    [Parameter(HelpMessage = StorageHelp.ConnectionString)]
    [ValidateNotNullOrEmpty]
    public override string? ConnectionString { get; set; }

    [Parameter(HelpMessage = "Wanted length of a segment in seconds, or as a TimeSpan. The default is 6 s.")]
    [Seconds]
    public TimeSpan SegmentDuration { get; set; } = TimeSpan.FromSeconds(6);

    [Parameter(HelpMessage = "SingleFile (one file a rendition, the default) or Segmented (one file a segment).")]
    public OutputLayout Layout { get; set; }

    [Parameter(HelpMessage = "Fill (the last picture stays and AAC is silent, the default) or Discontinuity (players jump over what all tracks lack).")]
    public GapHandling GapHandling { get; set; }

    [Parameter(HelpMessage = "None (the default), Aes128 (HLS, whole segments), Cenc or Cbcs (samples, for DRM systems and Clear Key).")]
    public ProtectionScheme Protection { get; set; }

    [Parameter(HelpMessage = "Keys to encrypt with: one for all tracks, or one each for Video and Audio. Without them those of the asset's exported metadata.")]
    [ContentKeys]
    [ValidateNotNullOrEmpty]
    public ContentKey[] ContentKey { get; set; } = [];

    [Parameter(HelpMessage = "A file for new keys, one for each asset; an asset that has one in it keeps it.")]
    [ValidateNotNullOrEmpty]
    public string? NewContentKeyPath { get; set; }

    [Parameter(HelpMessage = "Keys of sources that are encrypted (PIFF, cenc, cbcs).")]
    [ContentKeys]
    [ValidateNotNullOrEmpty]
    public ContentKey[] SourceContentKey { get; set; } = [];

    [Parameter(HelpMessage = "Systems that the output is signalled for. The default is all that play the scheme.")]
    [ValidateNotNullOrEmpty]
    public KeySystem[] KeySystem { get; set; } = [];

    [Parameter(HelpMessage = "Where players get keys or licences, e.g. @{ Widevine = 'https://...'; ClearKey = 'https://keys.contoso.com/?kid={KeyIdGuid}' }.")]
    [LicenseUris]
    [ValidateNotNull]
    public Dictionary<KeySystem, string> LicenseUri { get; set; } = [];

    [Parameter(HelpMessage = "How much at the start stays in the clear, in seconds or as a TimeSpan: playback begins while the licence is asked for.")]
    [Seconds]
    public TimeSpan ClearLead { get; set; }

    [Parameter(HelpMessage = "Name of the manifests without extension; by default that of the server manifest.")]
    [ArgumentCompleter(typeof(ManifestNameCompleter))]
    [ValidateFileName]
    public string? ManifestName { get; set; }

    [Parameter(HelpMessage = "Where below the destination an asset goes, e.g. 'video/{AssetName}'.")]
    [ArgumentCompleter(typeof(PathTemplateCompleter))]
    [AllowEmptyString]
    public string PathTemplate { get; set; } = Conversion.PathTemplate.Default.ToString();

    [Parameter(HelpMessage = "Copy files that no presentation uses, too: documents, images, captions.")]
    public SwitchParameter CopyNonStreamable { get; set; }

    [Parameter(HelpMessage = "Write an index.html that plays the output.")]
    public SwitchParameter PlayerPage { get; set; }

    [Parameter(HelpMessage = "Assets that are converted at once. The default is 2.")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 2;

    [Parameter(HelpMessage = "Convert again and overwrite what is there.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "How long to wait, in seconds or as a TimeSpan, for another run that is writing the same output. Without it the asset is skipped.")]
    [Seconds(Longest = 7 * 24 * 3600)]
    public TimeSpan WaitForOther { get; set; }

    [Parameter(HelpMessage = "Take an output over from another run that is writing it.")]
    public SwitchParameter BreakLease { get; set; }

    [Parameter(HelpMessage = "Write the outcome to the metadata of each asset's container, as AMSMigrate does.")]
    public SwitchParameter MarkSource { get; set; }

    [Parameter(HelpMessage = "Have the destination's storage service fetch media from the source's by itself, from container to container.")]
    public SwitchParameter ServerSideCopy { get; set; }

    [Parameter(HelpMessage = "A file that gets one line of JSON for each event of the run.")]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected override int WorkLimit => ThrottleLimit;

    private protected override string Activity => "Converting assets";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseInPlace(nameof(SegmentDuration), nameof(Layout), nameof(PathTemplate), nameof(CopyNonStreamable), nameof(DestinationConnectionString), nameof(ServerSideCopy),
            nameof(Protection));
        _destination = InPlace ? null : new ClaimedDestination(OpenDestination(Destination, DestinationConnectionString));
        _options = new ConversionOptions
        {
            Packaging = new PackagingOptions { SegmentDuration = SegmentDuration, Layout = ChooseLayout(), ManifestName = ManifestName },
            Protection = new ProtectionOptions { Scheme = Protection, Systems = KeySystem, LicenseUris = LicenseUri, ClearLead = ClearLead },
            ContentKeys = OpenContentKeys(),
            SourceKeys = new GivenContentKeys(SourceContentKey),
            GapHandling = GapHandling,
            InPlace = InPlace,
            PathTemplate = PathTemplates.Parse(this, PathTemplate),
            CopyNonStreamable = CopyNonStreamable,
            PlayerPage = PlayerPage,
            Force = Force,
            WaitForOther = WaitForOther,
            BreakLease = BreakLease,
            MarkSource = MarkSource,
            ServerSideCopy = ServerSideCopy,
        };
        _log = OpenLog();
        _log?.Start(_destination?.Location ?? "in place");
    }

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case "InputObject" or "InPlaceInputObject":
                StartEach(InputObject);
                break;
            case "Recommendation":
                Array.ForEach(Recommendation, Start);
                break;
            case "Metadata":
                foreach (AmsAssetMetadata metadata in Metadata)
                {
                    StartEach(TryOpen(metadata), metadata);
                }

                break;
            default:
                bool isLiteral = ParameterSetName is "LiteralPath" or "InPlaceLiteralPath";
                StartEach(FindAssets(isLiteral ? LiteralPath : Path, isLiteral), null);
                break;
        }
    }

    private void StartEach(IEnumerable<IAssetStore> stores, AmsAssetMetadata? metadata)
    {
        IExportedKeys? keys = Keys;
        foreach (IAssetStore store in stores)
        {
            Start(store.Location, async cancellation =>
                await ConvertAsync(await DescribeAsync(store, metadata, keys, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>What would be asked for in vain is better said than ignored.</summary>
    /// <summary>Whole segments can be encrypted only where each is a file.</summary>
    private OutputLayout ChooseLayout()
    {
        if (Protection != ProtectionScheme.Aes128)
        {
            return Layout;
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(Layout)) && Layout != OutputLayout.Segmented)
        {
            ThrowTerminatingError(Errors.LayoutNotEncryptable(Layout));
        }

        return OutputLayout.Segmented;
    }

    private IContentKeys OpenContentKeys()
    {
        if (NewContentKeyPath is null)
        {
            return new GivenContentKeys(ContentKey);
        }

        if (ContentKey.Length > 0)
        {
            ThrowTerminatingError(Errors.KeysGivenTwice());
        }

        string path = FileSystemPaths.ResolveNew(this, NewContentKeyPath);
        try
        {
            return ContentKeyFile.Open(path);
        }
        catch (PackagingException e)
        {
            ThrowTerminatingError(Errors.From(e, path));
            throw;
        }
    }

    private void RefuseInPlace(params string[] parameters)
    {
        if (InPlace && Array.Find(parameters, MyInvocation.BoundParameters.ContainsKey) is string name)
        {
            ThrowTerminatingError(Errors.MeaninglessInPlace(name));
        }
    }

    private void StartEach(IEnumerable<AmsAsset> assets)
    {
        foreach (AmsAsset asset in assets)
        {
            Start(asset, cancellation => ConvertAsync(asset, cancellation));
        }
    }

    /// <summary>Its assets; where none were looked at, all that lie in the account's storage.</summary>
    private void Start(AmsMigrationRecommendation recommendation)
    {
        if (!recommendation.IsOurs)
        {
            WriteVerbose($"{recommendation.Option} is not carried out by this module: {recommendation.NextStep}");
            return;
        }

        StartEach(recommendation.Assets);
        if (recommendation.Assets.Length > 0)
        {
            return;
        }

        string[] accounts = recommendation.Account?.StorageAccounts ?? [];
        if (accounts.Length == 0)
        {
            WriteWarning(
                "The recommendation is for no assets, and names no storage account to look for them in: Get-AmsAsset -StorageAccountName <name> finds them and pipes them here.");
        }

        IExportedKeys? keys = Keys;
        foreach (string account in accounts)
        {
            Uri address = Storage.FindAccount(account, Endpoints.BlobService(account));
            Start(account, cancellation => ForEachContainerAsync(
                address, null, _ => true, ThrottleLimit, (store, c) => ConvertFoundAsync(store, keys, c), cancellation));
        }
    }

    /// <summary>The destination may be a container of the same account, and is no asset.</summary>
    private async Task ConvertFoundAsync(IAssetStore store, IExportedKeys? keys, CancellationToken cancellation)
    {
        if (!$"{_destination!.Location}/".StartsWith($"{store.Location}/", StringComparison.OrdinalIgnoreCase))
        {
            await ConvertAsync(await DescribeAsync(store, null, keys, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
    }

    private async Task ConvertAsync(AmsAsset asset, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(asset.AssetName);
        AmsConversionResult? result = await AssetConverter.ConvertAsync(
            asset, _destination, _options, plan => AskAsync(() => Approve(plan)), slot, cancellation, _log).ConfigureAwait(false);
        if (result is not null)
        {
            Post(() => Tell(asset, result));
        }
    }

    /// <summary>With -WhatIf, every file with its size.</summary>
    private bool Approve(ConversionPlan plan)
    {
        List<(string Path, long Length)> files = [.. plan.Files];
        string action = string.Format(
            CultureInfo.CurrentCulture, "Convert asset '{0}' to {1} files of {2} in all, in '{3}'",
            plan.Asset.AssetName, files.Count, Human.Size(plan.TotalBytes), plan.Destination);
        if (ShouldProcess($"{action}.", $"{action}?", MyInvocation.MyCommand.Name, out ShouldProcessReason reason))
        {
            return true;
        }

        if (reason == ShouldProcessReason.WhatIf)
        {
            foreach ((string path, long length) in files)
            {
                ShouldProcess(
                    plan.Locate(path),
                    string.Format(CultureInfo.InvariantCulture, "Write {0} bytes", length));
            }
        }

        return false;
    }

    private protected override void OnFailed(object target, Exception exception)
    {
        _tally.AddFailure(target.ToString()!);
        _log?.Error(target.ToString()!, exception);
    }

    private protected override void OnRetry(StoreRetry retry) => _log?.Retry(retry);

    /// <summary>The summary goes to the information stream: results stay results for whoever comes next in the pipeline.</summary>
    private protected override void Finish()
    {
        AmsRunSummary summary = _tally.Summary;
        if (_log?.Failure is Exception failure)
        {
            WriteWarning($"The log '{LogPath}' is not complete: {failure.Message}");
        }

        WriteVerbose($"{summary}.");
        WriteInformation(summary, [nameof(AmsRunSummary)]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _log is not null)
        {
            _log.End(_tally.Summary);
            _log.Dispose();
            _log = null;
        }
    }

    private RunLog? OpenLog()
    {
        if (LogPath is null)
        {
            return null;
        }

        string path = FileSystemPaths.ResolveNew(this, LogPath);
        try
        {
            return new RunLog(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Errors.LogUnwritable(path, e));
            throw;
        }
    }

    private void Tell(AmsAsset asset, AmsConversionResult result)
    {
        _tally.Add(result);
        foreach (string warning in result.Warnings)
        {
            WriteVerbose($"{result.AssetName}: {warning}");
        }

        if (result.Error is not null)
        {
            WriteError(Errors.From(result.Error, asset));
        }

        WriteObject(result);
    }
}
