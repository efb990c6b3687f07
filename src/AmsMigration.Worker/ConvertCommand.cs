using System.CommandLine;
using System.CommandLine.Parsing;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Worker;

/// <summary><c>convert SOURCE DESTINATION</c>.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string> Source = new("SOURCE")
    {
        Description = "An asset's folder, a folder of assets, a server manifest (.ism) or a media file; or the address of a container, of a folder in one, or of a storage account.",
    };

    private static readonly Argument<string?> Destination = new("DESTINATION")
    {
        Description = "The output folder, or the address of a container or of a folder in one; made when it is not there.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> InPlace = new("--in-place")
    {
        Description = "Write only playlists, an MPD and initialization segments, beside the fragments of a live archive that are CMAF already; takes no DESTINATION.",
    };

    private static readonly Option<double> SegmentDuration = new("--segment-duration")
    {
        Description = "Wanted length of a segment in seconds.",
        DefaultValueFactory = _ => 6,
    };

    private static readonly Option<OutputLayout> Layout = new("--layout") { Description = "SingleFile (byte ranges) or Segmented (one file a segment)." };

    private static readonly Option<GapHandling> Gaps = new("--gap-handling")
    {
        Description = "Fill (the last picture stays, AAC is silent) or Discontinuity (players jump over what all tracks lack).",
    };

    private static readonly Option<ProtectionScheme> Protection = new("--protection")
    {
        Description = "None, Aes128 (HLS, whole segments), Cenc or Cbcs (samples).",
    };

    private static readonly Option<string[]> ContentKeys = new("--content-key")
    {
        Description = "KEYID:KEY (hexadecimal) to encrypt with, or Video=KEYID:KEY and Audio=KEYID:KEY. "
            + "Other users of the machine may see a command line: @FILE reads arguments from a file.",
    };

    private static readonly Option<FileInfo?> NewContentKeys = new("--new-content-key-path")
    {
        Description = "A file for new keys, one for each asset; an asset that has one in it keeps it.",
    };

    private static readonly Option<string[]> SourceKeys = new("--source-content-key") { Description = "KEYID:KEY of a source that is encrypted." };

    private static readonly Option<string[]> LicenseUris = new("--license-uri")
    {
        Description = "SYSTEM=URI where players get keys or licences, e.g. ClearKey=https://keys.contoso.com/?kid={KeyIdGuid}.",
    };

    private static readonly Option<double> ClearLead = new("--clear-lead") { Description = "Seconds at the start that stay in the clear." };

    private static readonly Option<string?> ManifestName = new("--manifest-name") { Description = "Name of the manifests without extension." };

    private static readonly Option<string?> Template = new("--path-template")
    {
        Description = $"Where in the destination an asset goes, e.g. video/{{AssetName}}. Tokens: {string.Join(", ", PathTemplate.Tokens)}. "
            + "Without it a single asset goes to the destination itself and each of several to a folder of its name.",
    };

    private static readonly Option<AmsUrlLayout> UrlLayout = new("--url-layout")
    {
        Description = "Asset (the output's own paths), or StreamingLocator: manifests at the paths of the asset's old addresses, too.",
    };

    private static readonly Option<Guid[]> LocatorIds = new("--locator-id") { Description = "A streaming locator whose paths are kept." };

    private static readonly Option<string?> UrlDestination = new("--url-destination")
    {
        Description = "Where a folder for each locator goes: a folder, a container, or an account that gets a container for each; without it DESTINATION.",
    };

    private static readonly Option<bool> SmoothStreaming = new("--smooth-streaming")
    {
        Description = "At the paths of old addresses, write fragments for clients of Smooth Streaming, too: media is stored once more for each locator.",
    };

    private static readonly Option<bool> CopyNonStreamable = new("--copy-non-streamable") { Description = "Copy files that no presentation uses, too." };

    private static readonly Option<bool> PlayerPage = new("--player-page") { Description = "Write an index.html that plays the output." };

    private static readonly Option<bool> Force = new("--force") { Description = "Convert again and overwrite what is there." };

    private static readonly Option<int> ThrottleLimit = new("--throttle-limit")
    {
        Description = "Assets that are converted at once.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> WaitForOther = new("--wait-for-other")
    {
        Description = "Seconds to wait for another run that is writing the same output. Without it the asset is left to that run.",
    };

    private static readonly Option<bool> BreakLease = new("--break-lease") { Description = "Take an output over from another run that is writing it." };

    private static readonly Option<bool> MarkSource = new("--mark-source")
    {
        Description = "Write the outcome to the metadata of each asset's container, as AMSMigrate does.",
    };

    private static readonly Option<bool> ServerSideCopy = new("--server-side-copy")
    {
        Description = "Have the destination's storage service fetch media from the source's by itself, from container to container.",
    };

    private static readonly Option<FileInfo?> Log = new("--log") { Description = "A file that gets one line of JSON for each event of the run." };

    private static readonly Option<bool> WhatIf = new("--what-if") { Description = "List the files that would be written, with their sizes, and write nothing." };

    public static Command Create()
    {
        Rules.NeedText(Source, Destination, UrlDestination, ManifestName, NewContentKeys, Log);
        Rules.NeedName(Layout);
        Rules.NeedName(Gaps);
        Rules.NeedName(Protection);
        Rules.NeedName(UrlLayout);
        Rules.NeedSeconds(SegmentDuration, 0.1, 3600, " from 0.1 to 3600");
        Rules.NeedSeconds(ClearLead, 0, 3600, ", 3600 at most");
        Rules.NeedSeconds(WaitForOther, 0, 7 * 24 * 3600, ", a week of them at most");
        ThrottleLimit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= 256))
            {
                result.AddError("--throttle-limit takes a number from 1 to 256.");
            }
        });
        var command = new Command("convert", "Convert one asset or a folder of assets.")
        {
            Source, Destination, InPlace, SegmentDuration, Layout, Gaps, Protection, ContentKeys, NewContentKeys, SourceKeys, LicenseUris, ClearLead,
            ManifestName, Template, UrlLayout, LocatorIds, UrlDestination, SmoothStreaming,
            CopyNonStreamable, PlayerPage, ThrottleLimit, Force, WaitForOther, BreakLease, MarkSource, ServerSideCopy, Log, WhatIf,
        };
        command.Validators.Add(Validate);
        command.SetAction(RunAsync);
        return command;
    }

    private static void Validate(CommandResult result)
    {
        bool isInPlace = result.GetValue(InPlace);
        if (isInPlace == result.GetResult(Destination) is { Tokens.Count: > 0 })
        {
            result.AddError(isInPlace ? "--in-place takes no DESTINATION." : "DESTINATION is missing; only --in-place does without.");
        }

        bool hasLocators = result.GetResult(LocatorIds) is { Implicit: false };
        if (hasLocators != (result.GetValue(UrlLayout) == AmsUrlLayout.StreamingLocator) || (!hasLocators && (result.GetResult(UrlDestination) is not null || result.GetValue(SmoothStreaming))))
        {
            result.AddError("--url-layout StreamingLocator and --locator-id go together; --url-destination and --smooth-streaming go with them.");
        }

        if (isInPlace && hasLocators && result.GetResult(UrlDestination) is null)
        {
            result.AddError("--in-place leaves media where it is; --url-destination says where the manifests at the paths of locators go.");
        }

        Option[] others = [SegmentDuration, Layout, Template, CopyNonStreamable, SmoothStreaming];
        foreach (Option other in isInPlace ? others.Where(option => result.GetResult(option) is { Implicit: false }) : [])
        {
            result.AddError($"{other.Name} means nothing with --in-place: segments stay what and where they are.");
        }
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<IAssetStore> sources;
        IDestination? destination;
        ConversionOptions options;
        RunLog? log;
        try
        {
            sources = await Locations.SourcesAsync(arguments.GetRequiredValue(Source), cancellation);
            destination = arguments.GetValue(Destination) is string place ? new ClaimedDestination(Locations.Destination(place)) : null;
            options = ReadOptions(arguments, sources.Count);
            log = arguments.GetValue(Log) is FileInfo file && !arguments.GetValue(WhatIf) ? new RunLog(file.FullName, OptionNames.Reword) : null;
        }
        catch (Exception e) when (UsageException.Is(e))
        {
            await Console.Error.WriteLineAsync(OptionNames.Reword(e.Message));
            return ExitCode.Usage;
        }

        using (log)
        {
            return arguments.GetValue(WhatIf)
                ? await ShowAsync(sources, destination, options, cancellation)
                : await ConvertAsync(sources, destination, options, arguments.GetValue(ThrottleLimit), log, cancellation);
        }
    }

    /// <summary>Planning leaves arrays behind that are as large as the asset is long, and the buffers of the transfer come next: a container has little memory.</summary>
    private static Task<bool> MakeRoomAsync(ConversionPlan plan)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Task.FromResult(true);
    }

    private static async Task<int> ShowAsync(
        IReadOnlyList<IAssetStore> sources, IDestination? destination, ConversionOptions options, CancellationToken cancellation)
    {
        int exitCode = ExitCode.Success;
        foreach (IAssetStore store in sources)
        {
            try
            {
                AssetReading reading = await AssetCatalog.ReadAsync(store, cancellation);
                Report.Plan(await ConversionPlan.CreateAsync(reading.Asset, destination, options, cancellation, reading));
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Report.Failure(store, e);
                exitCode = ExitCode.Failure;
            }
        }

        return exitCode;
    }

    private static async Task<int> ConvertAsync(
        IReadOnlyList<IAssetStore> sources, IDestination? destination, ConversionOptions options, int limit, RunLog? log, CancellationToken cancellation)
    {
        var tally = new RunTally();
        using var progress = new TerminalProgress();
        Locations.Retried = log is null ? null : log.Retry;
        log?.Start(destination?.Location ?? "in place");
        try
        {
            var together = new ParallelOptions { MaxDegreeOfParallelism = limit, CancellationToken = cancellation };
            await Parallel.ForEachAsync(sources, together, async (store, stop) =>
            {
                AmsConversionResult result = await ConvertAsync(store, destination, options, progress, log, stop);
                progress.Write(() =>
                {
                    Report.Result(result);
                    tally.Add(result);
                });
            });
        }
        finally
        {
            log?.End(tally.Summary);
        }

        Report.Summary(tally.Summary, log?.Failure);
        return tally.Summary.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>An asset that cannot even be looked at has failed, and the others go on.</summary>
    private static async Task<AmsConversionResult> ConvertAsync(
        IAssetStore store, IDestination? destination, ConversionOptions options, TerminalProgress progress, RunLog? log, CancellationToken cancellation)
    {
        AssetReading reading;
        try
        {
            reading = await AssetCatalog.ReadAsync(store, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            var failed = new AmsConversionResult
            {
                AssetName = store.Name, Source = store.Location, Status = AmsConversionStatus.Failed, Destination = destination?.Location ?? store.Location, Error = e,
            };
            log?.Result(failed);
            return failed;
        }

        using TerminalProgress.Slot slot = progress.Begin();
        return (await AssetConverter.ConvertAsync(reading.Asset, destination, options, MakeRoomAsync, slot, cancellation, log, reading))!;
    }

    private static AliasOptions? ReadAliases(ParseResult arguments) => arguments.GetValue(UrlLayout) == AmsUrlLayout.StreamingLocator
        ? new AliasOptions(
            Locations.Destination(arguments.GetValue(UrlDestination) ?? arguments.GetRequiredValue(Destination)!, mayBeAccount: arguments.GetValue(UrlDestination) is not null),
            arguments.GetValue(LocatorIds) ?? []) { SmoothStreaming = arguments.GetValue(SmoothStreaming) }
        : null;

    private static ConversionOptions ReadOptions(ParseResult arguments, int assets) => new()
    {
        Packaging = new PackagingOptions
        {
            SegmentDuration = TimeSpan.FromSeconds(arguments.GetValue(SegmentDuration)),
            Layout = arguments.GetValue(Protection) == ProtectionScheme.Aes128 ? OutputLayout.Segmented : arguments.GetValue(Layout),
            ManifestName = arguments.GetValue(ManifestName),
        },
        Protection = new ProtectionOptions
        {
            Scheme = arguments.GetValue(Protection),
            LicenseUris = ContentKeyArguments.ParseUris(arguments.GetValue(LicenseUris) ?? []),
            ClearLead = TimeSpan.FromSeconds(arguments.GetValue(ClearLead)),
        },
        ContentKeys = arguments.GetValue(NewContentKeys) is FileInfo keys
            ? ContentKeyFile.Open(keys.FullName)
            : new GivenContentKeys(ContentKeyArguments.Parse(arguments.GetValue(ContentKeys) ?? [])),
        SourceKeys = new GivenContentKeys(ContentKeyArguments.Parse(arguments.GetValue(SourceKeys) ?? [])),
        Aliases = ReadAliases(arguments),
        GapHandling = arguments.GetValue(Gaps),
        InPlace = arguments.GetValue(InPlace),
        PathTemplate = arguments.GetValue(Template) switch
        {
            string template => PathTemplate.Parse(template),
            null when assets == 1 => PathTemplate.None,
            null => PathTemplate.Default,
        },
        CopyNonStreamable = arguments.GetValue(CopyNonStreamable),
        PlayerPage = arguments.GetValue(PlayerPage),
        Force = arguments.GetValue(Force),
        WaitForOther = TimeSpan.FromSeconds(arguments.GetValue(WaitForOther)),
        BreakLease = arguments.GetValue(BreakLease),
        MarkSource = arguments.GetValue(MarkSource),
        ServerSideCopy = arguments.GetValue(ServerSideCopy),
    };
}
