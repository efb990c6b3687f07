using System.Text.Json;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Runs;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Runs;

public sealed class RunReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-log-").FullName;

    private string LogFile => Path.Combine(_folder, "new", "run.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Text_of_any_kind_comes_back_as_it_was()
    {
        string odd = "quote \" slash / backslash \\ tab \t line \r\n nul \0 del \u007f line separator \u2028 emoji 😀 ü";

        foreach (int lines in new[] { 0, 1, 3 })
        {
            JsonElement json = JsonSerializer.Deserialize<JsonElement>(new JsonBuilder(lines)
                .Add("text", odd).Add("none", null).Add("number", long.MinValue).Add("flag", true)
                .AddObject("empty", _ => { }).AddList("none", [])
                .AddList("texts", [odd, ""]).AddList("objects", [1, 2], (item, n) => item.Add("n", n).AddList("inner", ["x"]))
                .Build());

            Assert.Equal(odd, json.GetProperty("text").GetString());
            Assert.Equal(long.MinValue, json.GetProperty("number").GetInt64());
            Assert.Equal([odd, ""], json.GetProperty("texts").EnumerateArray().Select(item => item.GetString()));
            Assert.Equal([1, 2], json.GetProperty("objects").EnumerateArray().Select(item => item.GetProperty("n").GetInt32()));
        }
    }

    [Fact]
    public void A_text_on_one_line_has_no_line_breaks()
    {
        Assert.Equal("""{"a":"1\n2","b":[{"c":3},{"c":4}],"d":{}}""", new JsonBuilder()
            .Add("a", "1\n2").AddList("b", [3, 4], (item, n) => item.Add("c", n)).AddObject("d", _ => { }).Build());
    }

    [Fact]
    public async Task Runs_that_share_a_log_lose_no_line_of_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(run => Task.Run(() =>
        {
            using var log = new RunLog(LogFile);
            for (int i = 0; i < 200; i++)
            {
                log.File($"asset {run}", new string('x', i), i);
            }
        })));

        List<JsonElement> lines = ReadLog();
        Assert.Equal(800, lines.Select(line => (line.GetProperty("asset").GetString(), line.GetProperty("length").GetInt32())).Distinct().Count());
        Assert.Equal(800, lines.Count);
    }

    [Fact]
    public async Task Lines_of_many_threads_do_not_mix()
    {
        using (var log = new RunLog(LogFile))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    log.File($"asset {thread}", new string('x', i), i);
                }
            })));
        }

        List<JsonElement> lines = ReadLog();
        Assert.Equal(1600, lines.Count);
        Assert.All(lines, line => Assert.Equal(line.GetProperty("length").GetInt32(), line.GetProperty("path").GetString()!.Length));
    }

    [Fact]
    public void A_log_is_added_to_and_can_be_read_while_it_is_written()
    {
        using (var first = new RunLog(LogFile))
        {
            first.Start("here");
        }

        using var second = new RunLog(LogFile);
        second.Retry(new StoreRetry("GET https://a/b", 2, "503"));

        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["start", "retry"], lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("event").GetString()));
        Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(lines[1]).GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task A_log_may_be_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no place among files there.");
        Directory.CreateDirectory(Path.GetDirectoryName(LogFile)!);
        await ProcessRunner.RunAsync("mkfifo", [LogFile], TimeSpan.FromMinutes(1));
        Task<string> read = Task.Run(() => File.ReadAllText(LogFile));

        using (var log = new RunLog(LogFile))
        {
            log.Start("here");
            Assert.Null(log.Failure);
        }

        Assert.Contains("\"event\":\"start\"", await read);
    }

    [Fact]
    public void A_folder_is_no_log() => Assert.Throws<UnauthorizedAccessException>(() => new RunLog(Path.GetPathRoot(LogFile)!));

    [Theory]
    [InlineData("https://a.blob.core.windows.net/c/b.mp4?sv=2024&sig=abc%2Bdef%3D&se=1", "abc%2Bdef")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0+/==;EndpointSuffix=x", "c2VjcmV0")]
    [InlineData("Authorization: Bearer eyJ0eXAi.OiJ-K_1.xyz~", "eyJ0eXAi")]
    public void No_secret_reaches_the_log(string message, string secret)
    {
        using (var log = new RunLog(LogFile))
        {
            log.Error("asset", new PackagingException("X", message));
        }

        string line = File.ReadAllText(LogFile);
        Assert.DoesNotContain(secret, line);
        Assert.Contains("***", line);
        Assert.Equal("X", Assert.Single(ReadLog()).GetProperty("code").GetString());
    }

    [Fact]
    public void A_log_that_is_closed_takes_no_more_and_says_so()
    {
        var log = new RunLog(LogFile);
        log.Dispose();

        log.Start("here");

        Assert.NotNull(log.Failure);
    }

    [Fact]
    public void A_rate_is_that_of_the_last_while()
    {
        var meter = new RateMeter();
        Assert.Null(meter.SecondsLeft(10));
        for (int second = 0; second <= 100; second++)
        {
            meter.Read(TimeSpan.FromSeconds(second), second < 50 ? second * 1000 : 50_000 + ((second - 50) * 10));
        }

        Assert.InRange(meter.BytesPerSecond, 9.9, 10.1);
        Assert.Equal(100, meter.SecondsLeft(1000));
        Assert.Equal(0, meter.SecondsLeft(-5));
    }

    [Fact]
    public void A_summary_adds_up_what_became_of_the_assets()
    {
        var tally = new RunTally();
        tally.Add(Result(AmsConversionStatus.Completed, 10));
        tally.Add(Result(AmsConversionStatus.Completed, 20));
        tally.Add(Result(AmsConversionStatus.Skipped, 0));
        tally.Add(Result(AmsConversionStatus.Failed, 0));
        tally.AddFailure("gone");

        AmsRunSummary summary = tally.Summary;

        Assert.Equal((2, 1, 2, 30), (summary.Completed, summary.Skipped, summary.Failed, summary.BytesWritten));
        Assert.Equal(["asset", "gone"], summary.FailedAssets);
        Assert.Equal(4, summary.Warnings);
    }

    private static AmsConversionResult Result(AmsConversionStatus status, long written) => new()
    {
        AssetName = "asset", Source = "source", Destination = "destination", Status = status, BytesWritten = written, Warnings = ["careful"],
    };

    private List<JsonElement> ReadLog() => [.. File.ReadLines(LogFile).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
