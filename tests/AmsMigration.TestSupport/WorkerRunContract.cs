using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AmsMigration.TestSupport;

/// <summary>
/// Processes that die and processes that meet, whatever the stores are. Each kind of store derives from this and says what the worker's SOURCE and DESTINATION
/// are, and how the source is filled.
/// </summary>
public abstract class WorkerRunContract
{
    private static readonly int[] Heights = [240, 480, 720];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Variables of the worker's environment.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    protected abstract WorkerProgram Worker { get; }

    /// <summary>MiB of each of the three files of the large asset.</summary>
    protected virtual int LargeMegabytes => 120;

    /// <summary>What a command needs besides where a process died that had a claim.</summary>
    /// <param name="isPatient">To outlast it, and not to break it.</param>
    protected virtual string[] TakeOver(bool isPatient) => [];

    /// <summary>
    /// Bytes that planning reads, with up to 1.5 MiB of each picture track in search of captions, and that a run may read again where it was cut: less than a
    /// block of each file that was open.
    /// </summary>
    protected virtual long Slack => 8 << 20;

    /// <summary>What the worker is told for one asset, or with an empty name for all of them.</summary>
    protected abstract string SourceOf(string asset);

    /// <summary>What the worker is told for the output of one asset, or with an empty name for all of them.</summary>
    protected abstract string DestinationOf(string asset);

    protected abstract Task PutSourceAsync(string asset, string path, Func<Stream, Task> write);

    /// <summary>Bytes of an asset's output that are there in any form, staged ones included.</summary>
    protected abstract Task<long> MeasureOutputAsync(string asset);

    /// <summary>Paths below the destination of everything that is left there, work files included.</summary>
    protected abstract Task<IReadOnlyList<string>> ListDestinationAsync();

    [Theory]
    [InlineData(0.2, false)]
    [InlineData(0.6, true)]
    public async Task Killed_in_the_middle_of_a_large_asset_the_same_command_completes_it_and_reads_only_the_rest(double after, bool isPatient)
    {
        await PutLargeAsync();
        long total = (long)LargeMegabytes * Heights.Length << 20;
        string[] command = ["convert", SourceOf("large"), DestinationOf("large")];

        await KillAsync(command, async () => await MeasureOutputAsync("large") > total * after);
        Assert.DoesNotContain(await ListDestinationAsync(), path => path.EndsWith(".m3u8") || path.EndsWith(".mpd"));
        JsonElement result = Assert.Single(await RunAsync([.. command, .. TakeOver(isPatient)]));

        Assert.Equal("Completed", result.GetProperty("Status").GetString());
        long reused = result.GetProperty("BytesReused").GetInt64();
        Assert.InRange(reused, (long)(total * after * 0.5), total);
        Assert.InRange(result.GetProperty("BytesRead").GetInt64(), 1, total - reused + Slack);
        JsonElement check = Assert.Single(await RunAsync("test", DestinationOf("large"), "--source", SourceOf("large")));
        Assert.Equal(LargeMegabytes * 4 * Heights.Length, check.GetProperty("SamplesCompared").GetInt64());
        Assert.Empty(check.GetProperty("Findings").EnumerateArray());
        Assert.DoesNotContain(await ListDestinationAsync(), IsWorkFile);
        Assert.Equal("Skipped", Assert.Single(await RunAsync(command)).GetProperty("Status").GetString());
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_make_each_of_fifty_assets_once()
    {
        const int Count = 50;
        byte[] media = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "video-only", "silent.mp4"));
        for (int i = 0; i < Count; i++)
        {
            await PutSourceAsync($"asset-{i:d2}", "silent.mp4", stream => stream.WriteAsync(media).AsTask());
        }

        string[] command = ["convert", SourceOf(""), DestinationOf("")];
        List<JsonElement>[] both = await Task.WhenAll(RunAsync(command), RunAsync([.. command, "--throttle-limit", "4"]));

        Assert.All(both, results => Assert.Equal(Count, results.Count));
        Assert.All(
            both.SelectMany(results => results).GroupBy(result => result.GetProperty("AssetName").GetString()),
            asset => Assert.Single(asset, result => result.GetProperty("Status").GetString() == "Completed"));
        Assert.DoesNotContain(await ListDestinationAsync(), IsWorkFile);
        Assert.All(await RunAsync(command), result => Assert.Contains("complete", result.GetProperty("Warnings").EnumerateArray().Last().GetString()));
    }

    protected virtual bool IsWorkFile(string path) => path.Contains(".amsmigration") || path.EndsWith(".partial") || path.EndsWith(".lock");

    private async Task PutLargeAsync()
    {
        foreach (int height in Heights)
        {
            await PutSourceAsync("large", $"talk_{height}p.mp4", stream => LargeFile.WriteAsync(stream, LargeMegabytes, height));
        }
    }

    private async Task<List<JsonElement>> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await ProcessRunner.RunAsync(Worker.FileName, Worker.Arguments(arguments), Limit, environment: Environment);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(exitCode == 0, $"{error}\n{lines.FirstOrDefault(line => line.Contains("\"Failed\""))}");
        return [.. lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    /// <summary>Starts the worker and kills it, without a chance to tidy up, as soon as something is the case.</summary>
    private async Task KillAsync(string[] arguments, Func<Task<bool>> isTime)
    {
        var start = new ProcessStartInfo(Worker.FileName, Worker.Arguments(arguments)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        var waited = Stopwatch.StartNew();
        while (!process.HasExited && waited.Elapsed < Limit && !await isTime())
        {
            await Task.Delay(1);
        }

        Assert.False(process.HasExited, "It was done before it could be killed: " + (process.HasExited ? await output : ""));
        process.Kill();
        await process.WaitForExitAsync();
    }
}
