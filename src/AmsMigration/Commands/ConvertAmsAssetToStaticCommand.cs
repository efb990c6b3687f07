using System.Globalization;
using System.Management.Automation;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Formatting;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Pipeline;
using AmsMigration.Protection;
using AmsMigration.Recommendations;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Commands;

/// <summary>Converts assets to static CMAF with HLS and DASH manifests.</summary>
[Cmdlet(
    VerbsData.Convert, "AmsAssetToStatic", DefaultParameterSetName = "Path", SupportsShouldProcess = true,
    HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsConversionResult))]
public sealed partial class ConvertAmsAssetToStaticCommand : SourceCmdlet
{
    private readonly RunTally _tally = new();
    private IDestination? _destination;
    private ConversionOptions _options = null!;
    private RunLog? _log;

    private protected override int WorkLimit => ThrottleLimit;

    private protected override string Activity => "Converting assets";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseInPlace(nameof(SegmentDuration), nameof(Layout), nameof(PathTemplate), nameof(CopyNonStreamable), nameof(DestinationConnectionString), nameof(ServerSideCopy),
            nameof(Protection), nameof(SmoothStreaming));
        _destination = InPlace ? null : new ClaimedDestination(OpenDestination(Destination, DestinationConnectionString));
        _options = new ConversionOptions
        {
            Packaging = new PackagingOptions { SegmentDuration = SegmentDuration, Layout = ChooseLayout(), ManifestName = ManifestName },
            Protection = new ProtectionOptions { Scheme = Protection, Systems = KeySystem, LicenseUris = LicenseUri, ClearLead = ClearLead },
            ContentKeys = OpenContentKeys(),
            SourceKeys = new GivenContentKeys(SourceContentKey),
            Aliases = OpenAliases(),
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
                await ConvertAsync(await ReadAsync(store, metadata, keys, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false));
        }
    }

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

    /// <summary>Null where old addresses are nobody's concern.</summary>
    private AliasOptions? OpenAliases()
    {
        bool isMeant = LocatorId.Length > 0 || UrlDestination is not null || SmoothStreaming;
        if (UrlLayout == AmsUrlLayout.Asset && (!isMeant || MyInvocation.BoundParameters.ContainsKey(nameof(UrlLayout))))
        {
            return isMeant ? Refuse(Errors.UrlLayoutMissing()) : null;
        }

        if (InPlace && UrlDestination is null)
        {
            return Refuse(Errors.UrlDestinationMissing());
        }

        IDestination destination = OpenDestination(UrlDestination ?? Destination, DestinationConnectionString, mayBeAccount: UrlDestination is not null);
        return new AliasOptions(new ClaimedDestination(destination), LocatorId) { SmoothStreaming = SmoothStreaming };

        AliasOptions? Refuse(ErrorRecord error)
        {
            ThrowTerminatingError(error);
            return null;
        }
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

    /// <summary>What would be asked for in vain is better said than ignored.</summary>
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
            await ConvertAsync(await ReadAsync(store, null, keys, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
    }

    private Task ConvertAsync(AssetReading reading, CancellationToken cancellation) => ConvertAsync(reading.Asset, cancellation, reading);

    private async Task ConvertAsync(AmsAsset asset, CancellationToken cancellation, AssetReading? reading = null)
    {
        using ProgressBoard.Slot slot = Progress.Begin(asset.AssetName);
        AmsConversionResult? result = await AssetConverter.ConvertAsync(
            asset, _destination, _options, plan => AskAsync(() => Approve(plan)), slot, cancellation, _log, reading).ConfigureAwait(false);
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
                WhatIf(plan.Locate(path), length);
            }

            foreach ((string location, long length) in plan.AliasFiles)
            {
                WhatIf(location, length);
            }
        }

        return false;
    }

    private void WhatIf(string location, long length) => ShouldProcess(location, string.Format(CultureInfo.InvariantCulture, "Write {0} bytes", length));

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

    /// <summary>Null where none is wanted, and where nothing is to be written.</summary>
    private RunLog? OpenLog()
    {
        if (LogPath is null || IsWhatIf)
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
