using System.Diagnostics;
using System.Reflection;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Tests.Planning;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Transfer;

public sealed class TransferEngineTests
{
    private static readonly byte[] Header = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

    public static TheoryData<string> Patterns => [.. Layouts.Keys];

    private static Dictionary<string, Func<TransferCase, TransferCase>> Layouts { get; } = new()
    {
        ["sample by sample"] = c => Interleave(c, 300, 77, 23),
        ["chunks larger than a buffer"] = c => Interleave(c, 9, 5000, 1500),
        ["one track behind the other"] = c => c.WithSource(30_000)
            .WithLane("v.mp4", Extent.FromBytes(Header), Extent.FromSource(0, 0, 20_000))
            .WithLane("a.mp4", Extent.FromBytes(Header), Extent.FromSource(0, 20_000, 10_000)),
        ["a track whose chunks lie backwards"] = c => c.WithSource(30_000)
            .WithLane("v.mp4", [.. Enumerable.Range(0, 100).Select(i => Extent.FromSource(0, i * 300, 200))])
            .WithLane("a.mp4", [.. Enumerable.Range(0, 100).Select(i => Extent.FromSource(0, ((99 - i) * 300) + 200, 100))]),
        ["a track that begins in the middle and ends at the start"] = c => c.WithSource(30_000)
            .WithLane("v.mp4", [.. Enumerable.Range(0, 100).Select(i => Extent.FromSource(0, i * 300, 200))])
            .WithLane("a.mp4", [.. Enumerable.Range(0, 100).Select(i => Extent.FromSource(0, ((i + 50) % 100 * 300) + 200, 100))]),
        ["two tracks of the same bytes"] = c => c.WithSource(9000)
            .WithLane("v.mp4", Extent.FromSource(0, 10, 8000))
            .WithLane("w.mp4", Extent.FromSource(0, 0, 9000)),
        ["a track over several files"] = c => c.WithSource(3000).WithSource(500).WithSource(4000)
            .WithLane("v.mp4", Extent.FromSource(0, 0, 3000), Extent.FromSource(1, 0, 500), Extent.FromSource(2, 0, 4000))
            .WithLane("a.mp4", Extent.FromSource(2, 100, 300)),
        ["files in the wrong order"] = c => c.WithSource(3000).WithSource(500).WithSource(4000)
            .WithLane("v.mp4", Extent.FromSource(2, 0, 3000), Extent.FromSource(0, 0, 500), Extent.FromSource(1, 0, 400))
            .WithLane("a.mp4", Extent.FromSource(0, 0, 3000), Extent.FromSource(0, 0, 3000)),
        ["independent files"] = c => Enumerable.Range(0, 7).Aggregate(c, (all, i) =>
            all.WithSource(2500).WithLane($"{i}.mp4", Extent.FromBytes(Header), Extent.FromSource(i, 0, 2500))),
        ["a file a segment"] = c => c.WithSource(9000).WithLane(
            [
                ("v/init.mp4", [Extent.FromBytes(Header)]),
                .. Enumerable.Range(0, 9).Select(i => ($"v/{i}.m4s", new[] { Extent.FromBytes(Header), Extent.FromSource(0, i * 1000, 1000) })),
            ]),
        ["encrypted segments beside a track that stays as it is"] = c => c.WithSource(30_000)
            .WithEncryptedLane([.. Enumerable.Range(0, 9).Select(i =>
                ($"v/{i}.m4s", new[] { Extent.FromBytes(Header), Extent.FromSource(0, i * 3000, 1000), Extent.FromSource(0, (i * 3000) + 1500, 500 + i) }))])
            .WithLane("a.mp4", [.. Enumerable.Range(0, 9).Select(i => Extent.FromSource(0, (i * 3000) + 1000, 500))]),
        ["nothing but empty extents and files"] = c => c.WithSource(100)
            .WithLane(("empty.mp4", []), ("e.mp4", [Extent.FromBytes([]), Extent.FromSource(0, 5, 0), Extent.FromSource(0, 100, 0)]))
            .WithLane("last.mp4", Extent.FromSource(0, 0, 0), Extent.FromSource(0, 99, 1), Extent.FromSource(0, 0, 0)),
    };

    [Theory]
    [MemberData(nameof(Patterns))]
    public async Task Every_layout_comes_out_to_the_byte(string pattern)
    {
        foreach ((int buffer, int readAhead, int parallelism) in new[] { (1, 0, 1), (64, 2, 2), (1024, 0, 2), (1024, 3, 1), (100_000, 1, 4), (1 << 20, 2, 2) })
        {
            TransferCase run = Layouts[pattern](new TransferCase
            {
                Options = new TransferOptions { BufferSize = buffer, ReadAhead = readAhead, Parallelism = parallelism },
            }).WithManifest("talk.m3u8");

            TransferResult result = await run.RunAsync();

            run.AssertComplete();
            Assert.Equal(run.Expected.Values.Sum(content => content.Length), result.BytesWritten);
            Assert.Equal(run.Expected.Count, result.FilesWritten);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_interleaved_source_is_read_once_and_forward(int readAhead)
    {
        TransferCase run = Interleave(new TransferCase { Options = new TransferOptions { BufferSize = 1024, ReadAhead = readAhead } }, 300, 77, 23);
        var source = new ProbedAssetStore(run.Source);

        TransferResult result = await run.RunAsync(source);

        run.AssertComplete();
        Assert.Equal(30_000, result.BytesRead);
        long[] offsets = [.. source.Reads.Select(read => read.Offset).Order()];
        Assert.Equal(Enumerable.Range(0, 30).Select(i => i * 1024L), offsets);
        Assert.Equal(1, run.Source.Opened[TransferCase.Name(0)]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public async Task Small_files_are_read_beside_each_other_for_one_place_at_the_gate(int large)
    {
        var gate = new MemoryGate(2 << 20, 2 << 20);
        var run = new TransferCase { Options = new TransferOptions { BufferSize = 2 << 20, ReadAhead = 2, Parallelism = 1, Gate = gate } };
        int[] lengths = [.. Enumerable.Range(0, 30).Select(i => i == large ? 300_000 : 1000 + i)];
        run = lengths.Aggregate(run, (all, length) => all.WithSource(length));
        run = run.WithLane("v.mp4", [.. Enumerable.Range(0, 30).Reverse().SelectMany(i => new[] { Extent.FromBytes(Header), Extent.FromSource(i, 10, lengths[i] - 10) })]);
        var reads = new ReadsAtOnce();
        var source = new ProbedAssetStore(run.Source, reads.CountAsync);

        await run.RunAsync(source);

        run.AssertComplete();
        Assert.InRange(reads.Most, 3, 6);
        Assert.All(source.Reads.GroupBy(read => read.Path), ofFile => Assert.Single(ofFile));
        Assert.Equal(0, gate.Used);
    }

    [Fact]
    public async Task A_file_that_was_read_ahead_and_has_changed_is_named()
    {
        TransferCase run = new TransferCase { Options = new TransferOptions { BufferSize = 2 << 20, ReadAhead = 2 } }.WithSource(1000).WithSource(1000);
        run = run.WithLane("v.mp4", Extent.FromSource(0, 0, 1000), Extent.FromSource(1, 0, 1000));
        run.Source.With(TransferCase.Name(1), new byte[999]);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync());

        Assert.Equal(("SourceChanged", TransferCase.Name(1)), (e.Code, e.File));
        run.AssertNothingPlays();
    }

    [Fact]
    public async Task A_track_that_lies_backwards_costs_its_bytes_once_more_and_not_a_buffer_for_each_range()
    {
        TransferCase run = Layouts["a track whose chunks lie backwards"](new TransferCase());

        TransferResult result = await run.RunAsync();

        Assert.InRange(result.BytesRead, 30_000, 40_000);
    }

    [Fact]
    public async Task A_second_run_through_a_part_is_read_in_whole_buffers()
    {
        TransferCase run = Layouts["a track that begins in the middle and ends at the start"](new TransferCase());
        var source = new ProbedAssetStore(run.Source);

        await run.RunAsync(source);

        Assert.InRange(source.Reads.Count, 30, 60);
    }

    [Fact]
    public async Task A_hundred_thousand_small_ranges_take_no_time()
    {
        TransferCase run = Interleave(new TransferCase(), 100_000, 13, 7);
        var clock = Stopwatch.StartNew();

        await run.RunAsync();

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        run.AssertComplete();
    }

    [Fact]
    public async Task A_hundred_thousand_small_ranges_take_no_memory()
    {
        bool isDebug = typeof(TransferEngine).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled ?? false;
        Assert.SkipWhen(isDebug, "in a debug build every call of an async method makes an object");
        TransferCase run = Interleave(new TransferCase { Options = new TransferOptions { BufferSize = 1024, Parallelism = 1 } }, 100_000, 13, 7);
        Dictionary<(string, string), (int Thread, long Bytes)> allocated = [];
        var output = new ProbedOutputStore(run.Output, (what, path) =>
        {
            allocated.TryAdd((what, path), (Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread()));
            return Task.CompletedTask;
        });

        await run.RunAsync(output: output);

        (int firstThread, long before) = allocated[("write", "v.mp4")];
        (int lastThread, long after) = allocated[("commit", "v.mp4")];
        Assert.Equal(firstThread, lastThread);
        Assert.InRange(after - before, 0, 64 * 1024);
    }

    [Fact]
    public async Task Manifests_come_last_and_in_the_order_of_the_plan()
    {
        TransferCase run = Layouts["independent files"](new TransferCase()).WithManifest("video.m3u8").WithManifest("talk.mpd").WithManifest("talk.m3u8");

        await run.RunAsync();

        Assert.Equal(["commit video.m3u8", "commit talk.mpd", "commit talk.m3u8"], run.Output.Events.Skip(7));
    }

    [Fact]
    public async Task A_real_plan_comes_out_as_planned()
    {
        PackagingPlan plan = TestPresentation.Plan(
            TestPresentation.Video(TestPresentation.FramesWithReordering(40, 13, 1001)), TestPresentation.Audio(TestPresentation.Frames(700, 1024, 1)));
        MemoryAssetStore source = new MemoryAssetStore("source").With("talk.mp4", TestPresentation.Source);
        var output = new MemoryOutputStore();

        await TransferEngine.RunAsync(plan, source, output, new TransferOptions(), null, CancellationToken.None);

        Assert.All(plan.Renditions.SelectMany(r => r.Files), file => Assert.Equal(PlanReader.ReadFile(file, TestPresentation.Source), output.Files[file.Path]));
    }

    [Fact]
    public async Task Independent_files_are_copied_side_by_side()
    {
        TransferCase run = Layouts["independent files"](new TransferCase { Options = new TransferOptions { Parallelism = 3 } });
        using var together = new Barrier(3);
        var source = new ProbedAssetStore(run.Source, read =>
        {
            if (read.Offset == 0 && string.CompareOrdinal(read.Path, TransferCase.Name(3)) < 0)
            {
                Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(20)));
            }

            return Task.FromResult<int?>(null);
        });

        await run.RunAsync(source);

        run.AssertComplete();
    }

    /// <summary>One processor encrypts no faster than a disk writes, and the blocks of a segment wait for each other.</summary>
    [Fact]
    public async Task Segments_are_encrypted_beside_each_other_a_few_at_once()
    {
        const int Segments = 20;
        var thirdBegun = new TaskCompletionSource();
        int created = 0, committed = 0, most = 0;
        TransferCase run = new TransferCase().WithSource(Segments * 1000)
            .WithEncryptedLane([.. Enumerable.Range(0, Segments).Select(i => ($"{i}.m4s", new[] { Extent.FromSource(0, i * 1000, 1000) }))]);
        var output = new ProbedOutputStore(run.Output, async (what, path) =>
        {
            if (what == "create")
            {
                most = Math.Max(most, Interlocked.Increment(ref created) - Volatile.Read(ref committed));
                if (created == 3)
                {
                    thirdBegun.SetResult();
                }
            }

            if (what == "committed")
            {
                Interlocked.Increment(ref committed);
            }

            if (what == "write" && path == "0.m4s")
            {
                await thirdBegun.Task.WaitAsync(TimeSpan.FromSeconds(20));
            }
        });

        await run.RunAsync(output: output);

        run.AssertComplete();
        Assert.InRange(most, 3, 4);
    }

    [Fact]
    public async Task Slow_reads_overlap_where_they_are_asked_for_in_advance()
    {
        TransferCase run = new TransferCase { Options = new TransferOptions { BufferSize = 100, ReadAhead = 2 } }
            .WithSource(3000).WithLane("v.mp4", Extent.FromSource(0, 0, 3000));
        int underWay = 0;
        int most = 0;
        var source = new ProbedAssetStore(run.Source, async _ =>
        {
            int now = Interlocked.Increment(ref underWay);
            lock (run)
            {
                most = Math.Max(most, now);
            }

            await Task.Delay(10);
            Interlocked.Decrement(ref underWay);
            return null;
        });

        TransferResult result = await run.RunAsync(source);

        run.AssertComplete();
        Assert.Equal(2, most);
        Assert.Equal(3000, result.BytesRead);
    }

    [Fact]
    public async Task Progress_grows_and_is_not_told_too_often()
    {
        TransferCase run = Interleave(new TransferCase { Options = new TransferOptions { BufferSize = 16 } }, 3000, 13, 7);
        List<TransferProgress> reports = [];
        var clock = Stopwatch.StartNew();

        await run.RunAsync(progress: new Recorder(reports));

        Assert.InRange(reports.Count, 1, 1 + (clock.ElapsedMilliseconds / 100));
        Assert.Equal(reports.Select(report => report.BytesDone).Order(), reports.Select(report => report.BytesDone));
        Assert.All(reports, report => Assert.Contains(report.CurrentFile, run.Expected.Keys));
    }

    [Fact]
    public async Task Files_are_copied_as_they_are()
    {
        TransferCase run = new TransferCase().WithSource(0).WithSource(5000).WithSource(1);

        TransferResult result = await TransferEngine.CopyAsync(run.SourceFiles, run.Source, run.Output, run.Options, null, CancellationToken.None);

        Assert.Equal(new TransferResult(5001, 5001, 3), result);
        IReadOnlyList<AssetFile> source = await run.Source.ListAsync(CancellationToken.None);
        Assert.Equal(source, await run.Output.ToAsset().ListAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Transfers_that_share_a_gate_hold_no_more_buffers_than_it_lets_through(int readAhead)
    {
        var gate = new MemoryGate(2 * 1024, 1024);
        var reads = new ReadsAtOnce();
        Task[] transfers = [.. Enumerable.Range(0, 4).Select(async _ =>
        {
            TransferCase run = new TransferCase { Options = new TransferOptions { BufferSize = 1024, ReadAhead = readAhead, Parallelism = 4, Gate = gate } }
                .WithSource(5000).WithSource(5000).WithSource(5000);
            var source = new ProbedAssetStore(run.Source, reads.CountAsync);
            await TransferEngine.CopyAsync(run.SourceFiles, source, run.Output, run.Options, null, CancellationToken.None);
        })];

        await Task.WhenAll(transfers);

        Assert.Equal(2, reads.Most);
        Assert.Equal(0, gate.Used);
    }

    [Fact]
    public async Task A_block_of_each_output_counts_at_the_gate_or_all_of_a_small_one()
    {
        var gate = new MemoryGate(1, 1024);
        long most = 0;
        TransferCase run = new TransferCase { Options = new TransferOptions { BufferSize = 1024, BlockSize = 2000, Gate = gate } }.WithSource(6000)
            .WithLane("v.mp4", Extent.FromSource(0, 0, 5000))
            .WithLane(("a.mp4", [Extent.FromSource(0, 5000, 10)]), ("a1.mp4", [Extent.FromSource(0, 5010, 700)]));
        var source = new ProbedAssetStore(run.Source, _ =>
        {
            most = Math.Max(most, gate.Used);
            return Task.FromResult<int?>(null);
        });

        await run.RunAsync(source);

        run.AssertComplete();
        Assert.Equal(1024 + 2000 + 1400, most);
        Assert.Equal(0, gate.Used);
    }

    [Fact]
    public async Task A_transfer_that_is_stopped_at_the_gate_takes_no_place_in_it()
    {
        var gate = new MemoryGate(1024, 1024);
        Assert.True(gate.TryEnter(1));
        TransferCase run = new TransferCase { Options = new TransferOptions { BufferSize = 1024, Gate = gate } }.WithSource(5000);
        using var stop = new CancellationTokenSource(50);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TransferEngine.CopyAsync(run.SourceFiles, run.Source, run.Output, run.Options, null, stop.Token));

        Assert.Equal(1, gate.Used);
    }

    [Theory]
    [InlineData(1000, 8)]
    [InlineData(2 << 20, 2)]
    [InlineData(5 << 20, 0)]
    public async Task Segments_become_visible_in_remote_storage_while_the_next_are_written(int length, int closing)
    {
        TransferCase run = new TransferCase { Options = new TransferOptions { Parallelism = 1 } }.WithSource(length);
        run = run.WithLane([.. Enumerable.Range(0, 12).Select(i => ($"v/{i:d2}.m4s", new[] { Extent.FromSource(0, 0, length) }))]).WithManifest("talk.m3u8");
        int committing = 0;
        int most = 0;
        var output = new RemoteOutputStore(run.Output, async (what, _) =>
        {
            int now = Interlocked.Add(ref committing, what switch { "commit" => 1, "committed" => -1, _ => 0 });
            lock (run)
            {
                most = Math.Max(most, now);
            }

            await Task.Delay(what == "commit" ? 20 : 0);
        });

        await run.RunAsync(output: output);

        run.AssertComplete();
        Assert.Equal(closing + 1, most);
        Assert.Equal("commit talk.m3u8", run.Output.Events.Last());
    }

    [Fact]
    public async Task A_segment_that_remote_storage_refuses_ends_the_transfer_and_those_beside_it()
    {
        TransferCase run = new TransferCase().WithSource(1000);
        run = run.WithLane([.. Enumerable.Range(0, 12).Select(i => ($"v/{i:d2}.m4s", new[] { Extent.FromSource(0, 0, 1000) }))]).WithManifest("talk.m3u8");
        var output = new RemoteOutputStore(run.Output, async (what, path) =>
        {
            await Task.Delay(what == "commit" ? 10 : 0);
            if (what == "commit" && path == "v/03.m4s")
            {
                throw new PackagingException("OutputUnwritable", "refused", path);
            }
        });

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(output: output));

        Assert.Equal("v/03.m4s", e.File);
        run.AssertNothingPlays();
    }

    [Fact]
    public async Task Playlists_become_visible_beside_each_other_in_remote_storage_and_what_names_them_after_the_last()
    {
        TransferCase run = WithPlaylists();
        var late = new TaskCompletionSource();
        int committing = 0;
        var output = new RemoteOutputStore(run.Output, (what, path) => (what, path) switch
        {
            ("commit", "talk/0.m3u8") => late.Task,
            ("commit", "talk/1.vtt") => Task.Delay(50),
            ("commit", _) when path.StartsWith("talk/") && Interlocked.Increment(ref committing) == 5 => Task.Run(late.SetResult),
            _ => Task.CompletedTask,
        });

        await run.RunAsync(output: output).WaitAsync(TimeSpan.FromSeconds(10));

        string[] manifests = [.. run.Output.Events.Select(done => done.Split(' ')[1]).Where(path => !path.EndsWith(".mp4"))];
        Assert.Equal("talk/1.vtt", manifests[0]);
        Assert.Equal(["talk.m3u8", "talk.mpd"], manifests[^2..].Order(StringComparer.Ordinal));
        Assert.Equal(9, manifests.Length);
    }

    [Fact]
    public async Task No_playlist_stays_where_remote_storage_refuses_one_of_them_and_takes_its_time_for_the_others()
    {
        TransferCase run = WithPlaylists();
        var output = new RemoteOutputStore(run.Output, async (what, path) =>
        {
            if (what == "commit" && path == "talk/0.m3u8")
            {
                throw new PackagingException("OutputUnwritable", "refused", path);
            }

            await Task.Delay(what == "commit" ? 50 : 0);
        });

        await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(output: output));

        run.AssertNothingPlays();
        Assert.DoesNotContain("commit talk.m3u8", run.Output.Events);
    }

    private static TransferCase WithPlaylists() => Enumerable.Range(0, 6).Select(i => $"talk/{i}.m3u8").Prepend("talk.mpd").Prepend("talk.m3u8").Append("talk/1.vtt")
        .Aggregate(new TransferCase().WithSource(1000).WithLane("v.mp4", [Extent.FromSource(0, 0, 1000)]), (run, path) => run.WithManifest(path));

    private static TransferCase Interleave(TransferCase run, int count, int video, int audio) => run
        .WithSource(count * (video + audio))
        .WithLane("v.mp4", [.. Enumerable.Range(0, count).Select(i => Extent.FromSource(0, i * (video + audio), video)).Prepend(Extent.FromBytes(Header))])
        .WithLane("a.mp4", [.. Enumerable.Range(0, count).SelectMany(i =>
            new[] { Extent.FromBytes(Header), Extent.FromSource(0, (i * (video + audio)) + video, audio) })]);

    /// <summary>Makes each read take its time, and counts those under way.</summary>
    private sealed class ReadsAtOnce
    {
        private readonly object _lock = new();
        private int _now;

        public int Most { get; private set; }

        public async Task<int?> CountAsync(SourceRead read)
        {
            lock (_lock)
            {
                Most = Math.Max(Most, ++_now);
            }

            await Task.Delay(5);
            lock (_lock)
            {
                _now--;
            }

            return null;
        }
    }

    private sealed class RemoteOutputStore(IOutputStore inner, Func<string, string, Task> before) : ProbedOutputStore(inner, before), IRemoteStore;

    private sealed class Recorder(List<TransferProgress> reports) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => reports.Add(value);
    }
}
