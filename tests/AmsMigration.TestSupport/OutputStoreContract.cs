using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Xunit;

namespace AmsMigration.TestSupport;

/// <summary>What every output store owes a run. Each implementation's tests derive from this and say how a store is opened.</summary>
public abstract class OutputStoreContract
{
    /// <summary>Bytes that every store stages on its own before it is asked to commit, however it gathers them.</summary>
    protected virtual int StagedBytes => 9 << 20;

    /// <summary>A name for exact content; the same seed gives the same.</summary>
    protected static string Fingerprint(int seed) => string.Concat(Enumerable.Repeat(seed.ToString("x8"), 8));

    /// <summary>Another view on the same output, as another process would open it. The output is empty at first.</summary>
    protected abstract IOutputStore Open();

    /// <summary>Everything below the output that a person finds there: paths of files, '/' between parts.</summary>
    protected abstract Task<IReadOnlyList<string>> ListAsync();

    [Fact]
    public async Task A_file_is_seen_when_it_is_committed_and_not_before()
    {
        IOutputStore store = Open();
        using (IOutputFile file = await store.CreateAsync("video/a b.mp4", 5, "video/mp4", null, default))
        {
            Assert.Equal(0, file.StagedLength);
            await file.WriteAsync([9, 1, 2, 3, 9], 1, 3, default);
            await file.WriteAsync([4, 5], 0, 2, default);
            Assert.Empty(await Open().GetLengthsAsync(["video/a b.mp4"], default));
            Assert.Null(await Open().ReadAsync("video/a b.mp4", 100, default));
            await file.CommitAsync(default);
        }

        Assert.Equal([1, 2, 3, 4, 5], await Open().ReadAsync("video/a b.mp4", 5, default));
        Assert.Equal(["video/a b.mp4"], await ListAsync());
    }

    [Fact]
    public async Task Lengths_are_those_of_the_files_that_are_there()
    {
        IOutputStore store = Open();
        await WriteAsync(store, "a.mp4", new byte[3]);
        await WriteAsync(store, "deep/er/b.mp4", []);

        IReadOnlyDictionary<string, long> lengths = await store.GetLengthsAsync(["deep/er/b.mp4", "a.mp4", "a", "deep", "never.mp4", "a.mp4"], default);

        Assert.Equal([("a.mp4", 3), ("deep/er/b.mp4", 0)], lengths.Select(file => (file.Key, file.Value)).Order());
        Assert.Empty(await store.GetLengthsAsync([], default));
    }

    [Fact]
    public async Task Many_lengths_are_found_at_once()
    {
        IOutputStore store = Open();
        string[] paths = [.. Enumerable.Range(0, 60).Select(i => $"video/{i % 3}/{i}.m4s")];
        foreach (string path in paths.Where((_, i) => i % 2 == 0))
        {
            await WriteAsync(store, path, [1, 2]);
        }

        IReadOnlyDictionary<string, long> lengths = await store.GetLengthsAsync(paths, default);

        Assert.Equal(paths.Where((_, i) => i % 2 == 0).Order(), lengths.Keys.Order());
        Assert.All(lengths.Values, length => Assert.Equal(2, length));
    }

    [Fact]
    public async Task A_file_that_is_longer_than_makes_sense_is_not_read()
    {
        IOutputStore store = Open();
        await WriteAsync(store, "a.json", new byte[11]);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => store.ReadAsync("a.json", 10, default));

        Assert.Equal(("OutputUnreadable", "a.json"), (e.Code, e.File));
        Assert.Equal(11, (await store.ReadAsync("a.json", 11, default))!.Length);
    }

    [Fact]
    public async Task An_older_file_stays_until_the_new_one_is_committed()
    {
        IOutputStore store = Open();
        await WriteAsync(store, "a.m3u8", [1, 1, 1]);
        using (IOutputFile file = await store.CreateAsync("a.m3u8", 1, "", null, default))
        {
            await file.WriteAsync([2], 0, 1, default);
            Assert.Equal([1, 1, 1], await store.ReadAsync("a.m3u8", 10, default));
        }

        Assert.Equal([1, 1, 1], await store.ReadAsync("a.m3u8", 10, default));
        await WriteAsync(store, "a.m3u8", [2]);
        Assert.Equal([2], await store.ReadAsync("a.m3u8", 10, default));
        Assert.Equal(["a.m3u8"], await ListAsync());
    }

    [Fact]
    public async Task A_file_that_nobody_wants_to_go_on_with_leaves_nothing()
    {
        IOutputStore store = Open();
        using (IOutputFile file = await store.CreateAsync("video/a.mp4", 5, "video/mp4", null, default))
        {
            await file.WriteAsync([1, 2, 3], 0, 3, default);
        }

        (await store.CreateAsync("video/b.mp4", 5, "video/mp4", Fingerprint(1), default)).Dispose();

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_one_that_never_was_is_no_error()
    {
        IOutputStore store = Open();
        await WriteAsync(store, "a.mp4", [1]);
        await WriteAsync(store, "b/c.mp4", [1]);

        await store.DeleteAsync("b/c.mp4", default);
        await store.DeleteAsync("never/was.mp4", default);

        Assert.Equal(["a.mp4"], await ListAsync());
        Assert.Single(await store.GetLengthsAsync(["a.mp4", "b/c.mp4"], default));
    }

    [Fact]
    public async Task What_was_written_under_a_fingerprint_is_gone_on_with()
    {
        byte[] content = new byte[StagedBytes + 12345];
        new Random(5).NextBytes(content);
        await LeaveAsync("video/a.mp4", content, StagedBytes, Fingerprint(7));
        Assert.Empty(await Open().GetLengthsAsync(["video/a.mp4"], default));

        using (IOutputFile file = await Open().CreateAsync("video/a.mp4", content.Length, "video/mp4", Fingerprint(7), default))
        {
            Assert.InRange(file.StagedLength, 1, StagedBytes);
            await file.WriteAsync(content, (int)file.StagedLength, content.Length - (int)file.StagedLength, default);
            await file.CommitAsync(default);
        }

        await AssertContentAsync("video/a.mp4", content);
    }

    [Fact]
    public async Task A_file_can_be_given_up_again_and_again()
    {
        byte[] content = new byte[StagedBytes * 2];
        new Random(6).NextBytes(content);
        long before = 0;
        foreach (int end in new[] { StagedBytes, StagedBytes + (StagedBytes / 2), StagedBytes * 2 })
        {
            long staged = await LeaveAsync("a.mp4", content, end, Fingerprint(8));
            Assert.InRange(staged, before, end);
            before = staged;
        }

        using (IOutputFile file = await Open().CreateAsync("a.mp4", content.Length, "", Fingerprint(8), default))
        {
            await file.WriteAsync(content, (int)file.StagedLength, content.Length - (int)file.StagedLength, default);
            await file.CommitAsync(default);
        }

        await AssertContentAsync("a.mp4", content);
    }

    [Fact]
    public async Task Nothing_is_taken_over_from_another_fingerprint_path_or_length()
    {
        byte[] content = new byte[StagedBytes];
        await LeaveAsync("a.mp4", content, StagedBytes, Fingerprint(1));

        foreach ((string path, long length, string? fingerprint) in new[]
        {
            ("a.mp4", StagedBytes + 5L, Fingerprint(2)), ("b.mp4", StagedBytes, Fingerprint(3)), ("a.mp4", StagedBytes, null),
        })
        {
            using IOutputFile file = await Open().CreateAsync(path, length, "", fingerprint, default);
            Assert.Equal(0, file.StagedLength);
        }

        byte[] other = [.. Enumerable.Repeat((byte)7, StagedBytes)];
        await WriteAsync(Open(), "a.mp4", other, Fingerprint(4));
        await AssertContentAsync("a.mp4", other);
    }

    [Fact]
    public async Task What_is_discarded_leaves_nothing_and_is_not_gone_on_with()
    {
        byte[] content = new byte[StagedBytes];
        await LeaveAsync("a.mp4", content, StagedBytes, Fingerprint(1));
        await LeaveAsync("b.mp4", content, StagedBytes, Fingerprint(2));
        await WriteAsync(Open(), "c.mp4", [1]);

        await Open().DiscardStagedAsync([Fingerprint(2)], default);
        Assert.InRange(await LeaveAsync("b.mp4", content, 0, Fingerprint(2)), 1, StagedBytes);
        await Open().DiscardStagedAsync([], default);

        Assert.Equal(["c.mp4"], await ListAsync());
    }

    [Fact]
    public async Task One_run_has_an_output_and_others_are_told_who()
    {
        ClaimAttempt first = await Open().TryClaimAsync(false, default);
        IOutputClaim claim = Assert.IsAssignableFrom<IOutputClaim>(first.Claim);

        ClaimAttempt second = await Open().TryClaimAsync(false, default);
        Assert.Null(second.Claim);
        Assert.NotEqual("", second.HeldBy);
        Assert.False(claim.Lost.IsCancellationRequested);

        await claim.ReleaseAsync();
        await claim.ReleaseAsync();
        IOutputClaim third = Assert.IsAssignableFrom<IOutputClaim>((await Open().TryClaimAsync(false, default)).Claim);
        await third.ReleaseAsync();
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Of_many_that_want_an_output_at_once_one_gets_it()
    {
        for (int round = 0; round < 5; round++)
        {
            ClaimAttempt[] attempts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Open().TryClaimAsync(false, default))));

            IOutputClaim winner = Assert.Single(attempts, attempt => attempt.Claim is not null).Claim!;
            await winner.ReleaseAsync();
        }

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_claim_that_is_broken_tells_its_holder_and_goes_to_the_other()
    {
        IOutputClaim first = (await Open().TryClaimAsync(false, default)).Claim!;
        var told = new TaskCompletionSource();
        first.Lost.Register(() =>
        {
            told.SetResult();
            _ = Task.Run(first.ReleaseAsync);
        });

        IOutputClaim second = (await Open().TryClaimAsync(true, default)).Claim!;

        await told.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(second.Lost.IsCancellationRequested);
        Assert.Null((await Open().TryClaimAsync(false, default)).Claim);
        await first.ReleaseAsync();
        Assert.Null((await Open().TryClaimAsync(false, default)).Claim);
        await second.ReleaseAsync();
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task The_holder_of_a_claim_writes_and_deletes_as_ever()
    {
        IOutputStore store = Open();
        IOutputClaim claim = (await store.TryClaimAsync(false, default)).Claim!;
        await WriteAsync(store, "a.mp4", [1, 2]);
        await WriteAsync(store, "b.mp4", [1, 2]);
        await store.DeleteAsync("b.mp4", default);
        await store.DiscardStagedAsync([], default);
        await claim.ReleaseAsync();

        Assert.Equal(["a.mp4"], await ListAsync());
    }

    [Fact]
    public async Task Nothing_is_written_after_a_cancellation()
    {
        IOutputStore store = Open();
        var cancelled = new CancellationToken(canceled: true);
        using (IOutputFile file = await store.CreateAsync("a.mp4", 1, "", null, default))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CreateAsync("b.mp4", 1, "", null, cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.WriteAsync([1], 0, 1, cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => file.CommitAsync(cancelled));
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.TryClaimAsync(false, cancelled));
        Assert.Empty(await ListAsync());
    }

    protected static async Task WriteAsync(IOutputStore store, string path, byte[] content, string? fingerprint = null)
    {
        using IOutputFile file = await store.CreateAsync(path, content.Length, "", fingerprint, default);
        await file.WriteAsync(content, 0, content.Length, default);
        await file.CommitAsync(default);
    }

    /// <summary>Quicker than a comparison that can show each difference.</summary>
    private async Task AssertContentAsync(string path, byte[] expected)
    {
        byte[]? content = await Open().ReadAsync(path, expected.Length, default);
        Assert.True(expected.AsSpan().SequenceEqual(content), path);
    }

    /// <summary>Writes a file up to a place and leaves it there.</summary>
    /// <returns>Bytes that were there before.</returns>
    private async Task<long> LeaveAsync(string path, byte[] content, int end, string fingerprint)
    {
        using IOutputFile file = await Open().CreateAsync(path, content.Length, "video/mp4", fingerprint, default);
        int start = (int)file.StagedLength;
        if (end > start)
        {
            await file.WriteAsync(content, start, end - start, default);
        }

        return start;
    }
}
