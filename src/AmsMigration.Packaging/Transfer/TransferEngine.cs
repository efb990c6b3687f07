using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>The only loop that moves media bytes: one forward pass over each source file, scattered to the outputs that want it.</summary>
public static class TransferEngine
{
    /// <summary>
    /// Writes a plan: media first, each file visible when it is whole, manifests last. If it fails or is cancelled no manifest stays; media stay, for a later
    /// run to go on from.
    /// </summary>
    /// <exception cref="PackagingException"><c>SourceChanged</c>, or what a store throws.</exception>
    public static Task<TransferResult> RunAsync(
        PackagingPlan plan, IAssetStore source, IOutputStore output, TransferOptions options, IProgress<TransferProgress>? progress,
        CancellationToken cancellation, TransferContinuation? continuation = null)
    {
        List<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> lanes =
            [.. plan.Renditions.Select(r => ((IEnumerable<OutputFile>)r.Files, r.Track.Samples.Files))];
        return RunAsync(lanes, plan.Presentation.Files, plan.ManifestRanks, source, output, options, progress, continuation, cancellation);
    }

    /// <summary>Writes files that are made of a presentation's samples, beside its output.</summary>
    /// <param name="sources">Indexes of the source files that each list of files is made of.</param>
    /// <exception cref="PackagingException"><c>SourceChanged</c>, or what a store throws.</exception>
    public static Task<TransferResult> RunAsync(
        IReadOnlyList<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> files, IReadOnlyList<AssetFile> sources, IAssetStore source, IOutputStore output,
        TransferOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation) =>
        RunAsync([.. files], sources, [], source, output, options, progress, null, cancellation);

    /// <summary>Copies files as they are, under the same names.</summary>
    /// <exception cref="PackagingException"><c>SourceChanged</c>, or what a store throws.</exception>
    public static Task<TransferResult> CopyAsync(
        IReadOnlyList<AssetFile> files, IAssetStore source, IOutputStore output, TransferOptions options, IProgress<TransferProgress>? progress,
        CancellationToken cancellation, TransferContinuation? continuation = null)
    {
        List<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> lanes = [.. files.Select((file, index) => (
            (IEnumerable<OutputFile>)[new OutputFile
            {
                Path = file.Path,
                ContentType = ContentTypes.Of(file.Path),
                Length = file.Length,
                Extents = file.Length == 0 ? [] : [Extent.FromSource(index, 0, file.Length)],
            }],
            (IEnumerable<int>)[index]))];
        return RunAsync(lanes, files, [], source, output, options, progress, continuation, cancellation);
    }

    /// <summary>Writes files that need no source, one after the other.</summary>
    public static Task<TransferResult> WriteAsync(
        IReadOnlyList<OutputFile> files, IOutputStore output, TransferOptions options, CancellationToken cancellation,
        TransferContinuation? continuation = null) =>
        RunAsync([], [], files.Select(file => (IReadOnlyList<OutputFile>)[file]), null, output, options, null, continuation, cancellation);

    private static async Task<TransferResult> RunAsync(
        List<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> lanes, IReadOnlyList<AssetFile> sourceFiles, IEnumerable<IReadOnlyList<OutputFile>> last,
        IAssetStore? source, IOutputStore output, TransferOptions options, IProgress<TransferProgress>? progress,
        TransferContinuation? continuation, CancellationToken cancellation)
    {
        long longest = sourceFiles.Count == 0 ? 0 : sourceFiles.Max(file => file.Length);
        int size = (int)Math.Min(options.BufferSize, Math.Max(longest, TransferRun.GatherSize));
        BufferPool buffers = options.Gate?.Buffers is BufferPool shared && shared.Size == size ? shared : new BufferPool(size);
        var run = new TransferRun(output, continuation, buffers, options.ServerCopies is not null, progress);
        try
        {
            await CopyGroupsAsync(run, GroupBySource(lanes), sourceFiles, source, options, cancellation).ConfigureAwait(false);
            foreach (IReadOnlyList<OutputFile> files in last)
            {
                await WriteTogetherAsync(run, files, cancellation).ConfigureAwait(false);
            }

            return run.Result;
        }
        catch (Exception e)
        {
            await run.UndoAsync().ConfigureAwait(false);
            if (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, e, cancellation);
            }

            // Clients of remote stores report a request that took too long as cancelled, though nobody cancelled it.
            if (e is OperationCanceledException)
            {
                throw new PackagingException("StoreTimedOut", $"A store did not answer in time: {e.Message}", inner: e);
            }

            throw;
        }
    }

    /// <summary>Where one fails the others are waited for: what becomes visible after all is known to be taken away again.</summary>
    private static async Task WriteTogetherAsync(TransferRun run, IReadOnlyList<OutputFile> files, CancellationToken cancellation)
    {
        using var lane = new Lane(run, files, isKept: false);
        try
        {
            await lane.AdvanceAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            await lane.SettleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>At most <see cref="TransferOptions.Parallelism"/> groups at once; the first failure stops the others, and all are joined.</summary>
    private static async Task CopyGroupsAsync(
        TransferRun run, List<LaneGroup> groups, IReadOnlyList<AssetFile> files, IAssetStore? source, TransferOptions options,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var queue = new ConcurrentQueue<LaneGroup>(groups);
        Exception? fault = null;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Parallelism, groups.Count)).Select(_ => Task.Run(WorkAsync))).ConfigureAwait(false);
        if (fault is not null)
        {
            ExceptionDispatchInfo.Capture(fault).Throw();
        }

        async Task WorkAsync()
        {
            try
            {
                while (queue.TryDequeue(out LaneGroup? group))
                {
                    await CopyGatedAsync(run, group, files, source!, options, stop.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, e, null);
                stop.Cancel();
            }
        }
    }

    private static async Task CopyGatedAsync(
        TransferRun run, LaneGroup group, IReadOnlyList<AssetFile> files, IAssetStore source, TransferOptions options,
        CancellationToken cancellation)
    {
        long memory = MemoryOf(group, options);
        await (options.Gate?.EnterAsync(memory, cancellation) ?? Task.CompletedTask).ConfigureAwait(false);
        try
        {
            await CopyGroupAsync(run, group, files, source, options, cancellation).ConfigureAwait(false);
        }
        finally
        {
            options.Gate?.Leave(memory);
        }
    }

    /// <summary>Bytes of a buffer to read into, and of what gathers of each lane's file before it goes to a store: all of a small one, in up to twice the room. The first is an initialization segment where there are several.</summary>
    private static long MemoryOf(LaneGroup group, TransferOptions options) => options.BufferSize + group.Lanes.Sum(
        files => options.BlockSize == 0 ? 0 : files.Take(2).Select(file => Math.Min(2 * file.Length, options.BlockSize)).DefaultIfEmpty().Max());

    private static async Task CopyGroupAsync(
        TransferRun run, LaneGroup group, IReadOnlyList<AssetFile> files, IAssetStore source, TransferOptions options,
        CancellationToken cancellation)
    {
        ReadAhead ahead = ReadAhead.Of(options.ReadAhead, options.BufferSize, run.Buffers.Size, group.Sources, options.Gate);
        using var window = new SourceWindow(source, files, run.Buffers, ahead);
        using var copier = new RangeCopier(source, files, options.ServerCopies);
        List<Lane> lanes = [.. group.Lanes.Select(output => new Lane(run, output, isKept: true))];
        try
        {
            foreach (Lane lane in lanes)
            {
                await lane.AdvanceAsync(cancellation).ConfigureAwait(false);
            }

            while (Foremost(lanes) is Lane lane)
            {
                if (await copier.TryAsync(lane, cancellation).ConfigureAwait(false))
                {
                    await lane.AdvanceAsync(cancellation).ConfigureAwait(false);
                    continue;
                }

                if (!window.TryFind(lane.File, lane.Offset, out byte[] buffer, out int index, out int count))
                {
                    await window.LoadAsync(lane.File, lane.Offset, lane.Remaining, cancellation, lane.HasCopied).ConfigureAwait(false);
                    continue;
                }

                await lane.TakeAsync(buffer, index, (int)Math.Min(count, lane.Remaining), cancellation).ConfigureAwait(false);
                await lane.AdvanceAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            run.Read(window.BytesRead);
            await Task.WhenAll(lanes.Select(lane => lane.SettleAsync())).ConfigureAwait(false);
            lanes.ForEach(lane => lane.Dispose());
        }
    }

    /// <summary>The lane whose next bytes lie first in the source; null when all are done.</summary>
    private static Lane? Foremost(List<Lane> lanes)
    {
        Lane? foremost = null;
        foreach (Lane lane in lanes)
        {
            if (lane.HasSource && (foremost is null || lane.File < foremost.File || (lane.File == foremost.File && lane.Offset < foremost.Offset)))
            {
                foremost = lane;
            }
        }

        return foremost;
    }

    /// <summary>Lanes that read the same file belong together, so that it is read once.</summary>
    private static List<LaneGroup> GroupBySource(List<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> lanes)
    {
        List<(HashSet<int> Sources, List<IEnumerable<OutputFile>> Lanes, int[] Order)> groups = [];
        foreach ((IEnumerable<OutputFile> files, IEnumerable<int> sources) in lanes)
        {
            int[] order = [.. sources];
            HashSet<int> wanted = [.. order];
            List<IEnumerable<OutputFile>> together = [files];
            foreach ((HashSet<int> Sources, List<IEnumerable<OutputFile>> Lanes, int[] Order) group in groups.Where(g => g.Sources.Overlaps(wanted)).ToList())
            {
                wanted.UnionWith(group.Sources);
                together.InsertRange(0, group.Lanes);
                groups.Remove(group);
                order = [.. wanted.OrderBy(file => file)];
            }

            groups.Add((wanted, together, order));
        }

        return [.. groups.Select(group => new LaneGroup(group.Lanes, group.Order))];
    }

    /// <param name="Sources">Files that the lanes are made of, in the order in which they are read: that of one lane is its own, several go by the number.</param>
    private sealed record LaneGroup(List<IEnumerable<OutputFile>> Lanes, int[] Sources);
}
