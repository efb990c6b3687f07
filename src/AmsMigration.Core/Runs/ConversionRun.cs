using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Runs;

/// <summary>
/// Writes one plan under a claim: goes on with what an earlier run left, or takes an older output away before the first new file is seen, and keeps the record
/// true at every moment.
/// </summary>
internal sealed class ConversionRun
{
    private readonly ConversionPlan _plan;
    private readonly OutputJudgement _before;
    private readonly IProgress<ConversionProgress>? _progress;
    private readonly RunLog? _log;
    private readonly TransferOptions _options;
    private readonly Lazy<Task> _begin;
    private readonly bool _isContinued;
    private long _done;
    private long _written;
    private long _reused;

    private ConversionRun(
        ConversionPlan plan, OutputJudgement before, IProgress<ConversionProgress>? progress, RunLog? log, CancellationToken cancellation)
    {
        _plan = plan;
        _before = before;
        _progress = progress;
        _log = log;
        _options = TransferOptions.For(plan.Asset.Store, plan.Output) with { ServerCopies = plan.Options.ServerSideCopy ? new ServerCopies() : null };
        _isContinued = before.Verdict == OutputVerdict.Unfinished && !plan.Options.Force;
        _begin = new Lazy<Task>(() => BeginAsync(cancellation));
    }

    /// <param name="before">What the output held when it was claimed.</param>
    /// <returns>Bytes written, bytes of the output that an earlier run had written, and what went otherwise than was asked for.</returns>
    public static async Task<(long Written, long Reused, PackagingWarning[] Notes)> ExecuteAsync(
        ConversionPlan plan, OutputJudgement before, IProgress<ConversionProgress>? progress, RunLog? log, CancellationToken cancellation)
    {
        var run = new ConversionRun(plan, before, progress, log, cancellation);
        await run.ExecuteAsync(cancellation).ConfigureAwait(false);
        return (run._written, run._reused, run._options.ServerCopies?.Refusal is string refusal
            ? [new PackagingWarning("NotCopiedByServer", $"Media went by way of this machine: {refusal}.")]
            : []);
    }

    private async Task ExecuteAsync(CancellationToken cancellation)
    {
        var continuation = new TransferContinuation
        {
            FingerprintOf = _plan.Fingerprint.OfFile,
            Committed = new HashSet<string>(_isContinued ? _plan.ContentFiles.Where(IsPresent).Select(file => file.Path) : [], StringComparer.Ordinal),
            BeforeCommit = () => _begin.Value,
            AfterCommit = file => _log?.File(_plan.Asset.AssetName, file.Path, file.Length),
        };
        IEnumerable<string> worthKeeping = _plan.Options.Force ? [] : _plan.ContentFiles.Select(file => _plan.Fingerprint.OfFile(file.Path));
        await _plan.Output.DiscardStagedAsync([.. worthKeeping], cancellation).ConfigureAwait(false);

        if (_before.Verdict == OutputVerdict.Absent)
        {
            // There is nothing to protect, and whoever finds what a run has begun, or wants it cleared, finds it by the record.
            await _begin.Value.ConfigureAwait(false);
        }

        Report(new TransferProgress(0, 0, null));
        foreach (IGrouping<int, AssetFile> copies in _plan.Copies.GroupBy(_plan.RankOfCopy))
        {
            Count(await TransferEngine.CopyAsync(
                [.. copies], _plan.Source, _plan.Output, _options, Reports(), cancellation, continuation).ConfigureAwait(false));
        }

        foreach (PackagingPlan presentation in _plan.Presentations)
        {
            Count(await TransferEngine.RunAsync(
                presentation, _plan.Media, _plan.Output, _options, Reports(), cancellation, continuation).ConfigureAwait(false));
        }

        if (_plan.Page.Count > 0)
        {
            Count(await TransferEngine.WriteAsync(_plan.Page, _plan.Output, _options, cancellation, continuation).ConfigureAwait(false));
        }

        Count(await WriteRecordAsync(RecordState.Complete, cancellation).ConfigureAwait(false));
        await _plan.Output.DiscardStagedAsync([], cancellation).ConfigureAwait(false);
        Report(new TransferProgress(0, 0, null));
    }

    /// <summary>
    /// Over an older output it comes when there is something to show for it, so that that stays whole if the source cannot be read. What leads to other
    /// files goes before them, and the record last: if the process dies in between, the next run sees that files are missing and does the same again.
    /// </summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        if (!_isContinued)
        {
            IEnumerable<string> older = _before.Record?.Files.Select(file => file.Key) ?? _plan.ContentFiles.Select(file => file.Path);
            foreach (string path in older.Where(_before.Present.ContainsKey).Reverse())
            {
                await _plan.Output.DeleteAsync(path, cancellation).ConfigureAwait(false);
            }
        }

        if (!_isContinued || _before.Record!.State != RecordState.InProgress)
        {
            await WriteRecordAsync(RecordState.InProgress, cancellation).ConfigureAwait(false);
        }
    }

    private Task<TransferResult> WriteRecordAsync(RecordState state, CancellationToken cancellation) =>
        OutputRecord.PutAsync(_plan.Output, OutputRecord.Write(_plan, state, DateTime.UtcNow), cancellation);

    private bool IsPresent((string Path, long Length) file) => _before.Present.TryGetValue(file.Path, out long length) && length == file.Length;

    private void Count(TransferResult result)
    {
        _done += result.BytesWritten + result.BytesReused;
        _written += result.BytesWritten;
        _reused += result.BytesReused;
    }

    private Relay? Reports() => _progress is null ? null : new Relay(Report);

    private void Report(TransferProgress transfer) => _progress?.Report(new ConversionProgress(
        _plan.Asset.AssetName, _done + transfer.BytesDone, _plan.TotalBytes, _written + transfer.BytesWritten, transfer.CurrentFile));

    /// <summary>Reports on the caller's thread; <see cref="Progress{T}"/> would post each report to a pool thread, out of order.</summary>
    private sealed class Relay(Action<TransferProgress> report) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => report(value);
    }
}
