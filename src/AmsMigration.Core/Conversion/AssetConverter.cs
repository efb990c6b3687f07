using System.Diagnostics;
using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Conversion;

/// <summary>Converts one asset: plan, look at what is there, transfer, tell.</summary>
public static class AssetConverter
{
    /// <summary>Never throws for what is wrong with one asset: the result says it. Cancellation passes through.</summary>
    public static async Task<AmsConversionResult> ConvertAsync(
        AmsAsset asset, IDestination destination, ConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellation) =>
        (await ConvertAsync(asset, destination, options, _ => Task.FromResult(true), progress, cancellation).ConfigureAwait(false))!;

    /// <summary>The same, where somebody wants a word before anything is written.</summary>
    /// <param name="approve">Asked at most once, when the plan is known and there is something to write.</param>
    /// <returns>Null where it was not approved; nothing was written then.</returns>
    public static async Task<AmsConversionResult?> ConvertAsync(
        AmsAsset asset, IDestination destination, ConversionOptions options, Func<ConversionPlan, Task<bool>> approve,
        IProgress<ConversionProgress>? progress, CancellationToken cancellation)
    {
        var elapsed = Stopwatch.StartNew();
        string outputLocation = destination.Location;
        try
        {
            ConversionPlan plan = await ConversionPlan.CreateAsync(asset, destination, options, cancellation).ConfigureAwait(false);
            outputLocation = plan.Destination;
            return await ExecuteAsync(plan, options, approve, progress, elapsed, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return new AmsConversionResult
            {
                AssetName = asset.AssetName,
                Source = asset.Location,
                Status = AmsConversionStatus.Failed,
                Destination = outputLocation,
                Elapsed = elapsed.Elapsed,
                Error = e,
            };
        }
    }

    private static async Task<AmsConversionResult?> ExecuteAsync(
        ConversionPlan plan, ConversionOptions options, Func<ConversionPlan, Task<bool>> approve, IProgress<ConversionProgress>? progress,
        Stopwatch elapsed, CancellationToken cancellation)
    {
        if (!plan.HasWork)
        {
            // What has no media at all, or plays as it is, is no failure; media that cannot be read or carried is.
            if (plan.Warnings.Any(warning => warning.Code != "NothingToConvert"))
            {
                throw new PackagingException("NothingConvertible", $"nothing in this asset can be converted: {string.Join(" ", plan.Warnings)}");
            }

            return Tell(plan, AmsConversionStatus.Skipped, 0, elapsed, new PackagingWarning(
                "NotCopied", "Copying non-streamable files (-CopyNonStreamable) takes it over as it is."));
        }

        switch (await plan.GetOutputStateAsync(cancellation).ConfigureAwait(false))
        {
            case OutputState.Complete when !options.Force:
                return Tell(plan, AmsConversionStatus.Skipped, 0, elapsed, new PackagingWarning(
                    "AlreadyConverted", "The output is there and complete; -Force converts it again."));
            case OutputState.Different when !options.Force:
                throw new PackagingException(
                    "OutputExists", $"'{plan.Destination}' holds files of another conversion; -Force overwrites them, -PathTemplate or -ManifestName avoids them.");
        }

        if (!await approve(plan).ConfigureAwait(false))
        {
            return null;
        }

        long bytesWritten = await TransferAsync(plan, progress, cancellation).ConfigureAwait(false);
        return Tell(plan, AmsConversionStatus.Completed, bytesWritten, elapsed);
    }

    private static async Task<long> TransferAsync(ConversionPlan plan, IProgress<ConversionProgress>? progress, CancellationToken cancellation)
    {
        long total = plan.TotalBytes;
        long done = 0;
        IProgress<TransferProgress>? Report() => progress is null
            ? null
            : new Relay<TransferProgress>(t => progress.Report(
                new ConversionProgress(plan.Asset.AssetName, done + t.BytesDone, total, t.CurrentFile)));

        progress?.Report(new ConversionProgress(plan.Asset.AssetName, 0, total, null));
        var options = new TransferOptions();
        if (plan.Copies.Count > 0)
        {
            done += (await TransferEngine.CopyAsync(plan.Copies, plan.Source, plan.Output, options, Report(), cancellation).ConfigureAwait(false)).BytesWritten;
        }

        foreach (PackagingPlan presentation in plan.Presentations)
        {
            done += (await TransferEngine.RunAsync(presentation, plan.Source, plan.Output, options, Report(), cancellation).ConfigureAwait(false)).BytesWritten;
        }

        if (plan.Page.Count > 0)
        {
            done += (await TransferEngine.WriteAsync(plan.Page, plan.Output, options, cancellation).ConfigureAwait(false)).BytesWritten;
        }

        progress?.Report(new ConversionProgress(plan.Asset.AssetName, done, total, null));
        return done;
    }

    private static AmsConversionResult Tell(
        ConversionPlan plan, AmsConversionStatus status, long bytesWritten, Stopwatch elapsed, PackagingWarning? note = null)
    {
        AmsPresentationOutput[] outputs = [.. plan.Presentations.Select(presentation => new AmsPresentationOutput
        {
            Name = presentation.ManifestName,
            HlsUri = plan.Output.Locate(presentation.ManifestName + ".m3u8"),
            DashUri = plan.Output.Locate(presentation.ManifestName + ".mpd"),
            Duration = presentation.Renditions.Max(r => TrackSummary.ToTimeSpan(r.Duration, r.Track.Timescale)),
        })];
        return new AmsConversionResult
        {
            AssetName = plan.Asset.AssetName,
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
            BytesWritten = bytesWritten,
            Elapsed = elapsed.Elapsed,
            Warnings = [.. plan.Warnings.Concat(note is null ? [] : [note]).Select(warning => warning.ToString())],
        };
    }

    /// <summary>Reports on the caller's thread; <see cref="Progress{T}"/> would post each report to a pool thread, out of order.</summary>
    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
