using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Transfer;

public sealed class TransferFaultTests
{
    [Theory]
    [InlineData("create", 6)]
    [InlineData("write", 12)]
    [InlineData("commit", 6)]
    [InlineData("committed", 6)]
    public async Task Whatever_step_of_the_output_fails_nothing_plays(string step, int atLeast)
    {
        int steps = await CountAsync(step);
        Assert.InRange(steps, atLeast, int.MaxValue);
        for (int n = 1; n <= steps; n++)
        {
            TransferCase run = MakeCase();
            int left = n;
            var output = new ProbedOutputStore(run.Output, (what, path) => what == step && Interlocked.Decrement(ref left) == 0
                ? Task.FromException(new PackagingException("OutputUnwritable", "no", path))
                : Task.CompletedTask);

            PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(output: output));

            Assert.Equal("OutputUnwritable", e.Code);
            run.AssertNothingPlays();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Whatever_read_fails_nothing_plays(int readAhead)
    {
        TransferCase whole = MakeCase(readAhead);
        var counted = new ProbedAssetStore(whole.Source);
        await whole.RunAsync(counted);
        for (int n = 1; n <= counted.Reads.Count; n++)
        {
            TransferCase run = MakeCase(readAhead);
            int left = n;
            var source = new ProbedAssetStore(run.Source, read => Interlocked.Decrement(ref left) == 0
                ? Task.FromException<int?>(new IOException("unplugged"))
                : Task.FromResult<int?>(null));

            IOException e = await Assert.ThrowsAsync<IOException>(() => run.RunAsync(source));

            Assert.Equal("unplugged", e.Message);
            run.AssertNothingPlays();
        }
    }

    [Fact]
    public async Task Cancelled_at_any_moment_nothing_plays()
    {
        int steps = await CountAsync(null);
        for (int n = 1; n <= steps; n++)
        {
            TransferCase run = MakeCase();
            using var cancellation = new CancellationTokenSource();
            int left = n;
            var output = new ProbedOutputStore(run.Output, (_, _) =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    cancellation.Cancel();
                }

                return Task.CompletedTask;
            });

            var e = await Assert.ThrowsAsync<OperationCanceledException>(() => run.RunAsync(output: output, cancellation: cancellation.Token));

            Assert.Equal(cancellation.Token, e.CancellationToken);
            run.AssertNothingPlays();
        }
    }

    [Fact]
    public async Task Cancelled_while_a_store_is_slow_it_ends_and_nothing_plays()
    {
        var random = new Random(11);
        for (int i = 0; i < 20; i++)
        {
            TransferCase run = MakeCase(readAhead: i % 3);
            using var cancellation = new CancellationTokenSource();
            int cancelAt = random.Next(1, 10);
            var source = new ProbedAssetStore(run.Source, async read =>
            {
                if (read.Number == cancelAt)
                {
                    cancellation.CancelAfter(random.Next(3));
                }

                await Task.Delay(read.Number >= cancelAt ? Timeout.Infinite : 0, read.Cancellation);
                return null;
            });

            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => run.RunAsync(source, cancellation: cancellation.Token).WaitAsync(TimeSpan.FromSeconds(20)));

            run.AssertNothingPlays();
        }
    }

    [Fact]
    public async Task An_error_that_comes_of_the_cancellation_is_told_as_a_cancellation()
    {
        TransferCase run = MakeCase();
        using var cancellation = new CancellationTokenSource();
        var source = new ProbedAssetStore(run.Source, _ =>
        {
            cancellation.Cancel();
            throw new IOException("the connection was aborted");
        });

        await Assert.ThrowsAsync<OperationCanceledException>(() => run.RunAsync(source, cancellation: cancellation.Token));

        run.AssertNothingPlays();
    }

    [Fact]
    public async Task A_request_that_times_out_is_an_error_and_no_cancellation()
    {
        TransferCase run = MakeCase();
        var source = new ProbedAssetStore(run.Source, _ => throw new TaskCanceledException("The request was canceled due to the configured timeout."));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(source));

        Assert.Equal("StoreTimedOut", e.Code);
        run.AssertNothingPlays();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_file_of_another_length_than_planned_is_told(int more)
    {
        TransferCase run = MakeCase();
        MemoryAssetStore other = new MemoryAssetStore("source").With(TransferCase.Name(0), new byte[9000 + more]).With(TransferCase.Name(1), new byte[4000]);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(other));

        Assert.Equal("SourceChanged", e.Code);
        Assert.Equal(TransferCase.Name(0), e.File);
        run.AssertNothingPlays();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_file_that_is_cut_while_it_is_read_is_told_with_the_place(int readAhead)
    {
        TransferCase run = MakeCase(readAhead);
        var source = new ProbedAssetStore(run.Source, read =>
            Task.FromResult<int?>(read.Path == TransferCase.Name(0) && read.Offset >= 5120 ? 0 : null));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(source));

        Assert.Equal(("SourceChanged", TransferCase.Name(0), 5120), (e.Code, e.File, e.Offset));
        run.AssertNothingPlays();
    }

    [Fact]
    public async Task A_store_that_gives_less_than_it_was_asked_for_is_asked_again()
    {
        TransferCase run = MakeCase(readAhead: 2);

        await run.RunAsync(new Stingy(run.Source));

        run.AssertComplete();
    }

    [Fact]
    public async Task What_cannot_be_deleted_does_not_hide_why_the_run_failed()
    {
        TransferCase run = MakeCase();
        var output = new ProbedOutputStore(run.Output, (what, path) => what == "delete"
            ? Task.FromException(new InvalidOperationException("locked"))
            : path == "talk.m3u8" ? Task.FromException(new PackagingException("OutputFull", "no", path)) : Task.CompletedTask);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => run.RunAsync(output: output));

        Assert.Equal("OutputFull", e.Code);
    }

    /// <summary>What is encrypted is written while other things go on; whatever fails then, nobody writes to a file that was given up.</summary>
    [Fact]
    public async Task A_read_that_fails_while_encrypted_bytes_are_written_waits_for_these()
    {
        TransferCase run = MakeCase();
        int underWay = 0;
        var output = new ProbedOutputStore(run.Output, async (what, path) =>
        {
            if (what == "write" && path == "e.m4s")
            {
                Interlocked.Increment(ref underWay);
                await Task.Delay(100);
                Interlocked.Decrement(ref underWay);
            }
        });
        var source = new ProbedAssetStore(run.Source, read => read.Path == TransferCase.Name(1) && read.Offset > 2000
            ? Task.FromException<int?>(new IOException("unplugged"))
            : Task.FromResult<int?>(null));

        IOException e = await Assert.ThrowsAsync<IOException>(() => run.RunAsync(source, output));

        Assert.Equal(("unplugged", 0), (e.Message, underWay));
        run.AssertNothingPlays();
    }

    [Fact]
    public async Task Without_a_fault_all_of_it_is_there()
    {
        TransferCase run = MakeCase();

        await run.RunAsync();

        run.AssertComplete();
    }

    private static TransferCase MakeCase(int readAhead = 0) =>
        new TransferCase { Options = new TransferOptions { BufferSize = 1024, ReadAhead = readAhead, Parallelism = 2 } }
            .WithSource(9000).WithSource(4000)
            .WithLane("v.mp4", [.. Enumerable.Range(0, 30).Select(i => Extent.FromSource(0, i * 300, 200))])
            .WithLane([.. Enumerable.Range(0, 3).Select(n => (
                $"a/{n}.m4s",
                Enumerable.Range(n * 10, 10).Select(i => Extent.FromSource(0, (i * 300) + 200, 100)).ToArray()))])
            .WithLane("w.mp4", Extent.FromBytes([1, 2, 3]), Extent.FromSource(1, 0, 4000))
            .WithEncryptedLane(
                ("e.m4s", [Extent.FromBytes([1, 2, 3]), Extent.FromSource(1, 0, 3500)]),
                ("f.m4s", [Extent.FromSource(1, 3500, 100)]),
                ("g.m4s", [Extent.FromSource(1, 3600, 400)]))
            .WithManifest("talk.mpd").WithManifest("talk.m3u8");

    private static async Task<int> CountAsync(string? step)
    {
        TransferCase run = MakeCase();
        int count = 0;
        await run.RunAsync(output: new ProbedOutputStore(run.Output, (what, _) =>
        {
            if (step is null || what == step)
            {
                Interlocked.Increment(ref count);
            }

            return Task.CompletedTask;
        }));
        run.AssertComplete();
        return count;
    }

    /// <summary>Gives at most 100 bytes at once.</summary>
    private sealed class Stingy(IAssetStore inner) : IAssetStore
    {
        public string Name => inner.Name;

        public string Location => inner.Location;

        public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

        public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => new Source(await inner.OpenAsync(path, cancellation));

        private sealed class Source(IByteSource inner) : IByteSource
        {
            public string Path => inner.Path;

            public long Length => inner.Length;

            public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation) =>
                inner.ReadAsync(offset, buffer, index, Math.Min(count, 100), cancellation);

            public void Dispose() => inner.Dispose();
        }
    }
}
