using System.Diagnostics;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Conversion;

/// <summary>Converts one asset: plan, look at what is there, transfer, tell.</summary>
public static class AssetConverter
{
    /// <summary>Never throws for what is wrong with one asset: the result says it. Cancellation passes through.</summary>
    /// <param name="destination">Null where assets are to be played in place (<see cref="ConversionOptions.InPlace"/>).</param>
    public static async Task<AmsConversionResult> ConvertAsync(
        AmsAsset asset, IDestination? destination, ConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellation,
        RunLog? log = null) =>
        (await ConvertAsync(asset, destination, options, _ => Task.FromResult(true), progress, cancellation, log).ConfigureAwait(false))!;

    /// <summary>The same, where somebody wants a word before anything is written.</summary>
    /// <param name="approve">Asked at most once, when the plan is known and there is something to write.</param>
    /// <param name="reading">Of the asset, where it was looked at just now: what was read for that is not read again.</param>
    /// <returns>Null where it was not approved; nothing was written then.</returns>
    public static async Task<AmsConversionResult?> ConvertAsync(
        AmsAsset asset, IDestination? destination, ConversionOptions options, Func<ConversionPlan, Task<bool>> approve,
        IProgress<ConversionProgress>? progress, CancellationToken cancellation, RunLog? log = null, AssetReading? reading = null)
    {
        var elapsed = Stopwatch.StartNew();
        ConversionPlan? plan = null;
        AmsConversionResult? result;
        try
        {
            plan = await ConversionPlan.CreateAsync(asset, destination, options, cancellation, reading).ConfigureAwait(false);
            log?.Plan(plan);
            result = await ExecuteAsync(plan, approve, progress, log, elapsed, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            PackagingWarning[] notes = plan is null || e is PackagingException { Code: "ClaimLost" or SourceGuard.Refused }
                ? []
                : await MarkAsync(plan, isCompleted: false, cancellation).ConfigureAwait(false);
            result = new AmsConversionResult
            {
                AssetName = asset.AssetName,
                LocatorIds = LocatorsOf(asset),
                AlternateId = asset.AlternateId,
                StreamingUrls = asset.Metadata?.StreamingUrls ?? [],
                Source = asset.Location,
                Status = AmsConversionStatus.Failed,
                Destination = plan?.Destination ?? destination?.Location ?? asset.Location,
                BytesRead = plan?.Source.BytesRead ?? 0,
                Elapsed = elapsed.Elapsed,
                Warnings = [.. notes.Select(note => note.ToString())],
                Error = e,
            };
        }

        if (result is not null)
        {
            log?.Result(result);
        }

        return result;
    }

    private static async Task<AmsConversionResult?> ExecuteAsync(
        ConversionPlan plan, Func<ConversionPlan, Task<bool>> approve, IProgress<ConversionProgress>? progress, RunLog? log, Stopwatch elapsed,
        CancellationToken cancellation)
    {
        if (Refuse(plan) is PackagingWarning refusal)
        {
            return Tell(plan, AmsConversionStatus.Skipped, elapsed, [refusal]);
        }

        OutputJudgement judgement = await OutputJudgement.MakeAsync(plan, cancellation).ConfigureAwait(false);
        foreach (AliasFolder folder in plan.Aliases.Folders)
        {
            await folder.LookAsync(plan.Options.Force, cancellation).ConfigureAwait(false);
        }

        if (Skips(plan, judgement) && plan.Aliases.IsCurrent)
        {
            return Tell(plan, AmsConversionStatus.Skipped, elapsed, [AlreadyConverted]);
        }

        if (!await approve(plan).ConfigureAwait(false))
        {
            return null;
        }

        (bool isDone, AmsConversionResult? result, string? heldBy) = await OutputLease.RunAsync(
            plan.Output, plan.Options.WaitForOther, plan.Options.BreakLease, (claim, token) => WriteAsync(plan, claim, progress, log, elapsed, token),
            cancellation).ConfigureAwait(false);
        return isDone
            ? result
            : Tell(plan, AmsConversionStatus.Skipped, elapsed, [new PackagingWarning(
                "OutputInUse", $"The output is being written by {heldBy}; -WaitForOther waits for it, -BreakLease takes it over.")]);
    }

    /// <summary>What was there may have changed before the claim was taken, so it is looked at again.</summary>
    private static async Task<AmsConversionResult?> WriteAsync(
        ConversionPlan plan, IOutputClaim claim, IProgress<ConversionProgress>? progress, RunLog? log, Stopwatch elapsed, CancellationToken cancellation)
    {
        OutputJudgement judgement = await OutputJudgement.MakeAsync(plan, cancellation).ConfigureAwait(false);
        if (Skips(plan, judgement))
        {
            return plan.Aliases.IsCurrent
                ? Tell(plan, AmsConversionStatus.Skipped, elapsed, [AlreadyConverted])
                : Tell(plan, AmsConversionStatus.Completed, elapsed, [OnlyAliases], await plan.Aliases.WriteAsync(plan.Media, log, cancellation).ConfigureAwait(false));
        }

        await SourceGuard.CheckAsync(plan, claim, judgement, cancellation).ConfigureAwait(false);
        await plan.Options.ContentKeys.KeepAsync(plan.Asset, cancellation).ConfigureAwait(false);
        (long written, long reused, PackagingWarning[] limits) = await ConversionRun.ExecuteAsync(plan, judgement, progress, log, cancellation).ConfigureAwait(false);
        written += await plan.Aliases.WriteAsync(plan.Media, log, cancellation).ConfigureAwait(false);
        PackagingWarning[] notes = await MarkAsync(plan, isCompleted: true, cancellation).ConfigureAwait(false);
        return Tell(plan, AmsConversionStatus.Completed, elapsed, [.. limits, .. notes], written, reused);
    }

    /// <summary>Why there is nothing to do for an asset that is in order.</summary>
    /// <exception cref="PackagingException"><c>NothingConvertible</c>: it is not in order.</exception>
    private static PackagingWarning? Refuse(ConversionPlan plan)
    {
        if (plan.Source.HasOnlyOutputs)
        {
            return new PackagingWarning("SourceIsOutput", "Nothing but outputs of conversions lies in it: it is no asset.");
        }

        if (!plan.Options.Force && plan.Asset.MigrationStatus == AmsMigrationStatus.Output)
        {
            return new PackagingWarning("SourceIsOutput", "Its container was written by AMSMigrate: it is an output and no asset; -Force converts it all the same.");
        }

        if (!plan.Options.Force && plan.Asset.MigrationStatus == AmsMigrationStatus.Completed && !plan.Asset.Mark.LeadsTo(plan.Destination))
        {
            return new PackagingWarning(
                "MigratedElsewhere", $"Its container is marked as migrated to '{plan.Asset.MigratedTo}'; -Force converts it again.");
        }

        if (plan.HasWork)
        {
            return null;
        }

        // What has no media at all, or plays as it is, is no failure; media that cannot be read or carried is.
        return plan.Warnings.All(warning => warning.Code == "NothingToConvert")
            ? new PackagingWarning("NotCopied", "Copying non-streamable files (-CopyNonStreamable) takes it over as it is.")
            : throw new PackagingException("NothingConvertible", $"nothing in this asset can be converted: {string.Join(" ", plan.Warnings)}");
    }

    /// <exception cref="PackagingException"><c>OutputExists</c>; <c>InPlaceNameTaken</c>.</exception>
    private static bool Skips(ConversionPlan plan, OutputJudgement judgement) => judgement.Verdict switch
    {
        _ when plan.Options.InPlace && judgement.FindForeign(plan) is string path => throw new PackagingException(
            "InPlaceNameTaken", "a file of this name belongs to the asset, and nothing of it is ever written over; -ManifestName avoids it", path),
        _ when plan.Options.Force => false,
        OutputVerdict.Complete => true,
        OutputVerdict.Foreign => throw new PackagingException(
            "OutputExists",
            $"'{plan.Destination}' holds {(judgement.Record is null ? "files that were not written by this tool" : $"the output of '{judgement.Record.Source}'")}; "
                + "-Force overwrites them, -PathTemplate or -ManifestName avoids them"),
        _ => false,
    };

    private static PackagingWarning AlreadyConverted { get; } = new("AlreadyConverted", "The output is there and complete; -Force converts it again.");

    private static PackagingWarning OnlyAliases { get; } =
        new("OnlyAliases", "The output is there and complete; the manifests at the paths of its locators alone were written.");

    /// <summary>Notes on what could not be done; the output is what it is.</summary>
    private static async Task<PackagingWarning[]> MarkAsync(ConversionPlan plan, bool isCompleted, CancellationToken cancellation)
    {
        if (!plan.Options.MarkSource)
        {
            return [];
        }

        try
        {
            return await SourceMark.WriteAsync(plan, isCompleted, cancellation).ConfigureAwait(false)
                ? []
                : [new PackagingWarning("SourceNotMarked", "Only containers can be marked, and this asset lies in a folder.")];
        }
        catch (PackagingException e)
        {
            return [new PackagingWarning("SourceNotMarked", $"The asset's container could not be marked: {e.Message}")];
        }
    }

    private static AmsConversionResult Tell(
        ConversionPlan plan, AmsConversionStatus status, Stopwatch elapsed, PackagingWarning[] notes, long written = 0, long reused = 0)
    {
        AmsPresentationOutput[] outputs = [.. plan.Presentations.Select(presentation => new AmsPresentationOutput
        {
            Name = presentation.ManifestName,
            HlsUri = plan.Output.Locate(presentation.ManifestName + ".m3u8"),
            DashUri = LocateIfPlanned(plan, presentation, ".mpd"),
            Duration = presentation.Renditions.Max(r => TrackSummary.ToTimeSpan(r.Duration, r.Track.Timescale)),
        }).Concat(TellStatic(plan))];
        return new AmsConversionResult
        {
            AssetName = plan.Asset.AssetName,
            LocatorIds = LocatorsOf(plan.Asset),
            AlternateId = plan.Asset.AlternateId,
            StreamingUrls = plan.Asset.Metadata?.StreamingUrls ?? [],
            StreamingAliases = [.. plan.Aliases.Aliases],
            Source = plan.Asset.Location,
            Status = status,
            Destination = plan.Destination,
            Presentations = outputs,
            PlayerPage = plan.Page.Count == 0 ? null : plan.Output.Locate(plan.Page[plan.Page.Count - 1].Path),
            Tracks =
            [
                .. plan.Presentations.SelectMany(p => p.Renditions.Select(rendition => TrackSummary.Of(p.ManifestName, rendition))
                    .Concat(p.Texts.Select(text => TrackSummary.Of(p.ManifestName, text)))),
            ],
            Duration = outputs.Length == 0 ? TimeSpan.Zero : outputs.Max(output => output.Duration),
            BytesRead = plan.Source.BytesRead,
            BytesWritten = written,
            BytesReused = reused,
            Elapsed = elapsed.Elapsed,
            Warnings = [.. plan.Warnings.Concat(notes).Select(warning => warning.ToString())],
        };
    }

    private static string[] LocatorsOf(AmsAsset asset) => [.. asset.Metadata?.Locators.Select(locator => locator.LocatorId) ?? []];

    /// <summary>Null for a manifest that the presentation has none of.</summary>
    private static string? LocateIfPlanned(ConversionPlan plan, PackagingPlan presentation, string extension)
    {
        string path = presentation.ManifestName + extension;
        return presentation.Manifests.Any(file => file.Path == path) ? plan.Output.Locate(path) : null;
    }

    /// <summary>Where HLS and DASH play that were static already.</summary>
    private static IEnumerable<AmsPresentationOutput> TellStatic(ConversionPlan plan) => plan.StaticManifests
        .GroupBy(path => Path.ChangeExtension(path, null))
        .Select(manifests => new AmsPresentationOutput
        {
            Name = manifests.Key,
            HlsUri = manifests.Where(path => path.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase)).Select(plan.Output.Locate).FirstOrDefault(),
            DashUri = manifests.Where(path => path.EndsWith(".mpd", StringComparison.OrdinalIgnoreCase)).Select(plan.Output.Locate).FirstOrDefault(),
            Duration = TimeSpan.Zero,
        });
}
