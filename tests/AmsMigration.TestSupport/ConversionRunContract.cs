using System.Text;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using Xunit;

namespace AmsMigration.TestSupport;

/// <summary>
/// How runs follow one another, whatever the stores are: what is complete is left alone, what is not is gone on with, what changed is made again, and two at once
/// keep apart. Each kind of store derives from this and says where the source and the output lie.
/// </summary>
public abstract class ConversionRunContract
{
    private const string Record = "_static.json";

    /// <summary>The asset's files, to look at and to change.</summary>
    protected abstract IAssetStore Source { get; }

    protected abstract IDestination Destination { get; }

    /// <summary>Within which a run learns that its output was taken.</summary>
    protected virtual TimeSpan BreakTime => TimeSpan.FromSeconds(3);

    /// <summary>The output of the asset, as it lies in the destination.</summary>
    protected IOutputStore Output => Destination.Open(Source.Name);

    private static ConversionOptions Default { get; } = new();

    private static ConversionOptions Segmented { get; } = new() { Packaging = new PackagingOptions { Layout = OutputLayout.Segmented, SegmentDuration = TimeSpan.FromSeconds(2) } };

    /// <summary>Writes or replaces a file of the asset.</summary>
    protected abstract Task PutSourceAsync(string path, byte[] content);

    /// <summary>Everything below the destination that a person finds there, with its bytes; paths as '/' between parts.</summary>
    protected abstract Task<IReadOnlyDictionary<string, byte[]>> ReadDestinationAsync();

    /// <summary>Puts the fixture in place; called by each implementation before a test.</summary>
    protected async Task PutFixtureAsync(string name)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "fixtures", "assets", name)))
        {
            await PutSourceAsync(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }
    }

    [Fact]
    public async Task What_is_complete_and_unchanged_is_left_alone_without_reading_media()
    {
        AmsConversionResult first = await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();

        AmsConversionResult second = await ConvertAsync(Default);

        Assert.Equal((AmsConversionStatus.Completed, AmsConversionStatus.Skipped), (first.Status, second.Status));
        Assert.Equal(0, second.BytesWritten);
        Assert.InRange(second.BytesRead, 1, first.BytesRead - (first.BytesWritten / 2));
        AssertSame(made, await ReadDestinationAsync());
        Assert.Equal(first.HlsUri, second.HlsUri);
    }

    [Fact]
    public async Task Force_makes_everything_again()
    {
        AmsConversionResult first = await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();

        AmsConversionResult second = await ConvertAsync(Default with { Force = true });

        Assert.Equal((AmsConversionStatus.Completed, first.BytesWritten, 0), (second.Status, second.BytesWritten, second.BytesReused));
        AssertSame(made, await ReadDestinationAsync());
    }

    [Fact]
    public async Task Other_options_make_another_output_and_leave_nothing_of_the_older_one()
    {
        await ConvertAsync(Segmented);
        IReadOnlyDictionary<string, byte[]> segmented = await ReadDestinationAsync();
        await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> single = await ReadDestinationAsync();

        AmsConversionResult result = await ConvertAsync(Segmented);

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.True(segmented.Count > single.Count);
        Assert.DoesNotContain(single.Keys, path => path.EndsWith(".m4s"));
        AssertSame(segmented, await ReadDestinationAsync());
    }

    [Fact]
    public async Task A_source_that_has_changed_is_converted_again()
    {
        await ConvertAsync(Default);
        byte[] manifest = await ReadSourceAsync("clip.ism");
        await PutSourceAsync("clip.ism", [.. manifest, (byte)'\n']);

        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(Default)).Status);
        Assert.Equal(AmsConversionStatus.Skipped, (await ConvertAsync(Default)).Status);
    }

    [Fact]
    public async Task A_file_of_the_asset_that_the_output_is_not_made_of_changes_nothing()
    {
        await ConvertAsync(Default);
        await PutSourceAsync("notes.txt", [1, 2, 3]);

        Assert.Equal(AmsConversionStatus.Skipped, (await ConvertAsync(Default)).Status);
        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(Default with { CopyNonStreamable = true })).Status);
        await PutSourceAsync("notes.txt", [1, 2, 3, 4]);
        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(Default with { CopyNonStreamable = true })).Status);
    }

    [Fact]
    public async Task What_is_missing_of_a_complete_output_is_made_again_and_nothing_else()
    {
        AmsConversionResult first = await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();
        string[] media = [.. made.Keys.Where(path => path.EndsWith(".mp4")).Select(path => path[(Source.Name.Length + 1)..])];
        await Output.DeleteAsync(media[0], default);
        await WriteOutputAsync(media[1], [1, 2, 3]);

        AmsConversionResult second = await ConvertAsync(Default);

        Assert.Equal(AmsConversionStatus.Completed, second.Status);
        Assert.Equal(first.BytesWritten, second.BytesWritten + second.BytesReused);
        Assert.InRange(second.BytesReused, 1, first.BytesWritten - 1);
        AssertSame(made, await ReadDestinationAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_at_any_moment_nothing_looks_whole_and_the_next_run_goes_on(bool isSegmented)
    {
        ConversionOptions options = isSegmented ? Segmented : Default;
        int steps = 0;
        await ConvertAsync(options, new ProbedDestination(Destination, (what, _) => Task.FromResult(what == "committed" ? steps : Interlocked.Increment(ref steps))));
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();
        long total = made.Values.Sum(content => content.LongLength);
        for (int n = 1; n <= steps; n += Math.Max(1, steps / 12))
        {
            await ClearDestinationAsync();
            using var cancel = new CancellationTokenSource();
            int left = n;
            var stopping = new ProbedDestination(Destination, (what, _) =>
            {
                if (what != "committed" && Interlocked.Decrement(ref left) == 0)
                {
                    cancel.Cancel();
                }

                return Task.CompletedTask;
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConvertAsync(options, stopping, cancel.Token));
            await AssertNothingLooksWholeAsync(made);

            AmsConversionResult result = await ConvertAsync(options);

            Assert.Equal((AmsConversionStatus.Completed, total), (result.Status, result.BytesWritten + result.BytesReused));
            AssertSame(made, await ReadDestinationAsync());
        }
    }

    [Fact]
    public async Task A_failure_says_why_and_the_next_run_goes_on()
    {
        await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();
        foreach (string step in new[] { "create", "write", "commit" })
        {
            await ClearDestinationAsync();
            int left = 5;
            var failing = new ProbedDestination(Destination, (what, path) => what == step && Interlocked.Decrement(ref left) == 0
                ? Task.FromException(new PackagingException("OutputFull", "there is no room", path))
                : Task.CompletedTask);

            AmsConversionResult failed = await ConvertAsync(Default, failing);

            Assert.Equal(AmsConversionStatus.Failed, failed.Status);
            Assert.Equal("OutputFull", Assert.IsType<PackagingException>(failed.Error).Code);
            await AssertNothingLooksWholeAsync(made);
            AmsConversionResult result = await ConvertAsync(Default);
            Assert.True(result.BytesReused > 0, step);
            AssertSame(made, await ReadDestinationAsync());
        }
    }

    [Fact]
    public async Task An_older_output_stays_whole_until_there_is_something_new_to_show()
    {
        await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();
        var failing = new ProbedDestination(Destination, (what, path) => what == "create" && path.EndsWith(".mp4")
            ? Task.FromException(new PackagingException("OutputFull", "there is no room", path))
            : Task.CompletedTask);

        AmsConversionResult failed = await ConvertAsync(Segmented, failing);

        Assert.Equal(AmsConversionStatus.Failed, failed.Status);
        AssertSame(made, await ReadDestinationAsync());
    }

    [Fact]
    public async Task What_was_begun_with_other_options_is_not_gone_on_with()
    {
        await StopAsync(Segmented);
        AmsConversionResult result = await ConvertAsync(Default);

        Assert.Equal((AmsConversionStatus.Completed, 0), (result.Status, result.BytesReused));
        await AssertOnlyPlannedAsync(result);
    }

    [Fact]
    public async Task What_was_begun_of_a_source_that_has_changed_since_is_not_gone_on_with()
    {
        await StopAsync(Default);
        await PutSourceAsync("clip.ism", [.. await ReadSourceAsync("clip.ism"), (byte)'\n']);

        AmsConversionResult result = await ConvertAsync(Default);

        Assert.Equal((AmsConversionStatus.Completed, 0), (result.Status, result.BytesReused));
        await AssertOnlyPlannedAsync(result);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"schema\": 2, \"state\": \"Complete\"}")]
    [InlineData("{\"schema\": 1, \"asset\": 5, \"state\": \"Complete\"}")]
    [InlineData("{\"schema\": 99999999999999999999, \"state\": \"Complete\"}")]
    [InlineData("{\"schema\":1,\"asset\":\"a\",\"source\":\"s\",\"conversion\":\"c\",\"layout\":\"l\",\"files\":[{\"path\":\"../../x\",\"length\":1}],\"state\":\"Complete\"}")]
    [InlineData("{\"schema\":1,\"asset\":\"a\",\"source\":\"s\",\"conversion\":\"c\",\"layout\":\"l\",\"files\":[{\"path\":\"x\",\"length\":-1}],\"state\":\"Complete\"}")]
    [InlineData("{\"schema\":1,\"asset\":\"a\",\"source\":\"s\",\"conversion\":\"c\",\"layout\":\"l\",\"files\":[],\"state\":\"7\"}")]
    [InlineData("{\"schema\":1,\"asset\":\"\\u0000\",\"source\":\"s\",\"conversion\":\"c\",\"layout\":\"l\",\"files\":[],\"state\":\"Complete\"}")]
    [InlineData("DEEP")]
    public async Task A_record_that_cannot_be_read_is_replaced_by_force_alone(string content)
    {
        await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();
        await WriteOutputAsync(Record, Encoding.UTF8.GetBytes(content == "DEEP" ? new string('[', 100_000) : content));

        AmsConversionResult refused = await ConvertAsync(Default);
        Assert.Equal("OutputExists", Assert.IsType<PackagingException>(refused.Error).Code);

        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(Default with { Force = true })).Status);
        AssertSame(made, await ReadDestinationAsync());
    }

    [Fact]
    public async Task Files_that_nobody_says_anything_about_are_not_written_over()
    {
        await WriteOutputAsync("clip.mpd", [1, 2, 3]);

        AmsConversionResult refused = await ConvertAsync(Default);

        Assert.Equal("OutputExists", Assert.IsType<PackagingException>(refused.Error).Code);
        Assert.Equal([1, 2, 3], (await ReadDestinationAsync())[$"{Source.Name}/clip.mpd"]);
        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(Default with { Force = true })).Status);
    }

    [Fact]
    public async Task The_output_of_another_asset_is_not_written_over()
    {
        await ConvertAsync(Default);
        IReadOnlyDictionary<string, byte[]> made = await ReadDestinationAsync();
        byte[] record = made[$"{Source.Name}/{Record}"];
        string other = Encoding.UTF8.GetString(record).Replace("\"source\": \"", "\"source\": \"other-").Replace("\"conversion\": \"", "\"conversion\": \"0");
        await WriteOutputAsync(Record, Encoding.UTF8.GetBytes(other));

        AmsConversionResult refused = await ConvertAsync(Default);

        Assert.Equal("OutputExists", Assert.IsType<PackagingException>(refused.Error).Code);
        Assert.Contains("other-", refused.Error!.Message);
    }

    [Fact]
    public async Task Known_problem_44_an_output_that_another_run_writes_is_left_to_it_waited_for_or_taken()
    {
        IOutputClaim claim = (await Output.TryClaimAsync(false, default)).Claim!;

        AmsConversionResult left = await ConvertAsync(Default);
        Assert.Equal(AmsConversionStatus.Skipped, left.Status);
        Assert.Contains("-WaitForOther", left.Warnings[^1]);
        AmsConversionResult waited = await ConvertAsync(Default with { WaitForOther = TimeSpan.FromSeconds(0.5) });
        Assert.Equal(AmsConversionStatus.Skipped, waited.Status);

        Task<AmsConversionResult> waiting = ConvertAsync(Default with { WaitForOther = TimeSpan.FromMinutes(1) });
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        await claim.ReleaseAsync();
        Assert.Equal(AmsConversionStatus.Completed, (await waiting).Status);

        claim = (await Output.TryClaimAsync(false, default)).Claim!;
        claim.Lost.Register(() => Task.Run(claim.ReleaseAsync));
        AmsConversionResult taken = await ConvertAsync(Default with { Force = true, BreakLease = true });
        Assert.Equal(AmsConversionStatus.Completed, taken.Status);
    }

    [Fact]
    public async Task A_run_whose_output_is_taken_stops_and_says_so()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var slow = new ProbedDestination(Destination, async (what, path) =>
        {
            if (what == "commit" && path.EndsWith(".mp4") && reached.TrySetResult())
            {
                await goOn.Task;
            }
        });
        Task<AmsConversionResult> first = ConvertAsync(Default, slow);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Task<AmsConversionResult> second = ConvertAsync(Default with { BreakLease = true });
        await Task.Delay(BreakTime);
        goOn.SetResult();

        Assert.Equal("ClaimLost", Assert.IsType<PackagingException>((await first).Error).Code);
        Assert.Equal(AmsConversionStatus.Completed, (await second).Status);
        Assert.Equal(AmsConversionStatus.Skipped, (await ConvertAsync(Default)).Status);
    }

    /// <summary>A run that ends when it has written some media.</summary>
    private async Task StopAsync(ConversionOptions options)
    {
        int commits = 0;
        var failing = new ProbedDestination(Destination, (what, path) => what == "commit" && path != Record && Interlocked.Increment(ref commits) == 3
            ? Task.FromException(new PackagingException("OutputFull", "there is no room", path))
            : Task.CompletedTask);
        Assert.Equal(AmsConversionStatus.Failed, (await ConvertAsync(options, failing)).Status);
    }

    private async Task<AmsConversionResult> ConvertAsync(
        ConversionOptions options, IDestination? destination = null, CancellationToken cancellation = default) =>
        await AssetConverter.ConvertAsync(await AssetCatalog.DescribeAsync(Source, default), destination ?? Destination, options, null, cancellation);

    private async Task<byte[]> ReadSourceAsync(string path)
    {
        using IByteSource source = await Source.OpenAsync(path, default);
        byte[] content = new byte[source.Length];
        Assert.Equal(content.Length, await source.ReadAsync(0, content, 0, content.Length, default));
        return content;
    }

    private async Task WriteOutputAsync(string path, byte[] content)
    {
        using IOutputFile file = await Output.CreateAsync(path, content.Length, "", null, default);
        await file.WriteAsync(content, 0, content.Length, default);
        await file.CommitAsync(default);
    }

    private async Task ClearDestinationAsync()
    {
        await Output.DiscardStagedAsync([], default);
        foreach (string path in (await ReadDestinationAsync()).Keys)
        {
            await Output.DeleteAsync(path[(Source.Name.Length + 1)..], default);
        }
    }

    /// <summary>No manifest is there unless all that it can name is; the record never says so too early.</summary>
    private async Task AssertNothingLooksWholeAsync(IReadOnlyDictionary<string, byte[]> made)
    {
        IReadOnlyDictionary<string, byte[]> left = await ReadDestinationAsync();
        Assert.DoesNotContain("\"Complete\"", left.TryGetValue($"{Source.Name}/{Record}", out byte[]? record) ? Encoding.UTF8.GetString(record) : "");
        if (left.Keys.Any(path => path.EndsWith(".m3u8") || path.EndsWith(".mpd")))
        {
            Assert.DoesNotContain(made.Keys, path => (path.EndsWith(".mp4") || path.EndsWith(".m4s")) && !left.ContainsKey(path));
        }
    }

    private async Task AssertOnlyPlannedAsync(AmsConversionResult result) =>
        Assert.Equal(result.BytesWritten, (await ReadDestinationAsync()).Values.Sum(content => content.LongLength));

    /// <summary>The same but for the time in the record.</summary>
    private static void AssertSame(IReadOnlyDictionary<string, byte[]> expected, IReadOnlyDictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, file => Assert.True(
            file.Key.EndsWith(Record) ? file.Value.Length == actual[file.Key].Length : file.Value.AsSpan().SequenceEqual(actual[file.Key]), file.Key));
    }
}
