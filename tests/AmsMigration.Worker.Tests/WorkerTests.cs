using System.Text.Json;
using AmsMigration.Runs;
using AmsMigration.TestSupport;

namespace AmsMigration.Worker.Tests;

/// <summary>The worker as scripts see it: output, error stream, exit code, files.</summary>
public sealed class WorkerTests : IDisposable
{
    private static readonly WorkerProgram _worker = new(typeof(WorkerTests).Assembly);

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-worker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Convert_writes_one_json_line_and_an_output_that_test_finds_sound()
    {
        string output = Path.Combine(_folder, "out");

        (int exitCode, string text, string error) = await RunAsync("convert", Asset("mbr-mp4"), output);

        Assert.True(exitCode == 0, error);
        JsonElement result = Assert.Single(Lines(text));
        Assert.Equal("Completed", result.GetProperty("Status").GetString());
        Assert.Equal(Path.Combine(output, "clip.m3u8"), result.GetProperty("HlsUri").GetString());
        Assert.Equal(4, result.GetProperty("Tracks").GetArrayLength());
        Assert.True(File.Exists(result.GetProperty("DashUri").GetString()));
        (exitCode, text, _) = await RunAsync("test", output, "--source", Asset("mbr-mp4"));
        Assert.Equal(0, exitCode);
        Assert.True(Assert.Single(Lines(text)).GetProperty("SamplesCompared").GetInt64() > 900);
    }

    [Fact]
    public async Task A_second_run_skips_and_force_converts_again()
    {
        string output = Path.Combine(_folder, "out");
        await RunAsync("convert", Asset("video-only"), output);

        (int exitCode, string text, _) = await RunAsync("convert", Asset("video-only"), output);
        Assert.Equal((0, "Skipped"), (exitCode, Assert.Single(Lines(text)).GetProperty("Status").GetString()));
        Assert.Contains("; --force converts it again.", text);

        (exitCode, text, _) = await RunAsync("convert", Asset("video-only"), output, "--force");
        Assert.Equal((0, "Completed"), (exitCode, Assert.Single(Lines(text)).GetProperty("Status").GetString()));
    }

    [Fact]
    public async Task An_archive_of_CMAF_is_made_playable_where_it_lies()
    {
        string archive = Path.Combine(_folder, "live-cmaf");
        MemoryAssetStore.OfFolder(Path.Combine(Repository.Root, "tests", "fixtures", "archives", "live-cmaf")).WriteTo(archive);
        string[] before = Directory.GetFiles(archive, "*", SearchOption.AllDirectories);

        (int exitCode, string text, string error) = await RunAsync("convert", archive, "--in-place");

        Assert.True(exitCode == 0, error);
        Assert.Equal(Path.Combine(archive, "live-cmaf.mpd"), Assert.Single(Lines(text)).GetProperty("DashUri").GetString());
        string[] written = [.. Directory.GetFiles(archive, "*", SearchOption.AllDirectories).Except(before).Select(file => Path.GetExtension(file)).Distinct().Order()];
        Assert.Equal([".json", ".m3u8", ".mp4", ".mpd"], written);
        (exitCode, text, _) = await RunAsync("test", archive, "--source", archive);
        Assert.Equal(0, exitCode);
        Assert.True(Assert.Single(Lines(text)).GetProperty("SamplesCompared").GetInt64() > 300);
    }

    [Theory]
    [InlineData("--in-place takes no DESTINATION", "out", "--in-place")]
    [InlineData("DESTINATION is missing")]
    [InlineData("--layout means nothing with --in-place", "--in-place", "--layout", "Segmented")]
    public async Task In_place_and_a_destination_exclude_each_other(string complaint, params string[] rest)
    {
        (int exitCode, _, string error) = await RunAsync(["convert", Asset("video-only"), .. rest]);

        Assert.Equal(2, exitCode);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_asset_in_the_same_place_is_refused_and_left_alone()
    {
        string output = Path.Combine(_folder, "out");
        await RunAsync("convert", Asset("video-only"), output);
        byte[] before = File.ReadAllBytes(Path.Combine(output, "silent.mpd"));

        (int exitCode, string text, _) = await RunAsync("convert", Asset("ntsc"), output);

        Assert.Equal(1, exitCode);
        Assert.Equal("OutputExists", Assert.Single(Lines(text)).GetProperty("Error").GetProperty("Code").GetString());
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(output, "silent.mpd")));
    }

    [Fact]
    public async Task Other_options_make_the_output_again()
    {
        string output = Path.Combine(_folder, "out");
        await RunAsync("convert", Asset("video-only"), output);

        (int exitCode, string text, _) = await RunAsync("convert", Asset("video-only"), output, "--layout", "Segmented");

        Assert.Equal((0, "Completed"), (exitCode, Assert.Single(Lines(text)).GetProperty("Status").GetString()));
        Assert.NotEmpty(Directory.GetFiles(output, "*.m4s", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_folder_of_assets_gives_a_line_and_a_folder_for_each()
    {
        string assets = Path.Combine(_folder, "assets");
        Copy(Asset("video-only"), Path.Combine(assets, "good"));
        Copy(Asset("damaged"), Path.Combine(assets, "bad"));
        File.Delete(Path.Combine(assets, "bad", "cut.mp4"));

        (int exitCode, string text, _) = await RunAsync("convert", assets, Path.Combine(_folder, "out"));

        Assert.Equal(1, exitCode);
        List<JsonElement> results = Lines(text);
        Assert.Equal(["Failed", "Completed"], results.Select(result => result.GetProperty("Status").GetString()));
        Assert.Equal("NothingConvertible", results[0].GetProperty("Error").GetProperty("Code").GetString());
        Assert.Contains("text.mp4", results[0].GetProperty("Error").GetProperty("Message").GetString());
        Assert.True(File.Exists(Path.Combine(_folder, "out", "good", "silent.m3u8")));
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "bad")));
    }

    [Fact]
    public async Task Assets_are_listed_in_order_though_they_are_looked_at_beside_each_other()
    {
        string assets = Path.Combine(_folder, "assets");
        string[] names = [.. Enumerable.Range(10, 20).Select(number => $"asset-{number}")];
        foreach (string name in names)
        {
            Copy(Asset("video-only"), Path.Combine(assets, name));
        }

        (int exitCode, string text, _) = await RunAsync("list", assets);

        Assert.Equal(0, exitCode);
        Assert.Equal(names, Lines(text).Select(asset => asset.GetProperty("AssetName").GetString()));
    }

    [Fact]
    public async Task Two_assets_of_one_run_never_write_to_one_place()
    {
        string assets = Path.Combine(_folder, "assets");
        Copy(Asset("video-only"), Path.Combine(assets, "a"));
        Copy(Asset("mbr-mp4"), Path.Combine(assets, "b"));

        (int exitCode, string text, _) = await RunAsync("convert", assets, Path.Combine(_folder, "out"), "--path-template", "same", "--force", "--throttle-limit", "2");

        Assert.Equal(1, exitCode);
        JsonElement failed = Assert.Single(Lines(text), result => result.GetProperty("Status").GetString() == "Failed");
        Assert.Equal("DestinationTaken", failed.GetProperty("Error").GetProperty("Code").GetString());
    }

    [Fact]
    public async Task What_if_names_every_file_with_its_size_and_writes_nothing()
    {
        string output = Path.Combine(_folder, "out");

        (int exitCode, string text, _) = await RunAsync("convert", Asset("mbr-mp4"), output, "--what-if");

        Assert.Equal(0, exitCode);
        Assert.False(Directory.Exists(output));
        Dictionary<string, long> planned = Assert.Single(Lines(text)).GetProperty("Files").EnumerateArray()
            .ToDictionary(file => file.GetProperty("Path").GetString()!, file => file.GetProperty("Length").GetInt64());
        await RunAsync("convert", Asset("mbr-mp4"), output);
        Dictionary<string, long> written = Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(output, file).Replace('\\', '/'), file => new FileInfo(file).Length);
        Assert.Equal(written.OrderBy(file => file.Key), planned.OrderBy(file => file.Key));
    }

    [Fact]
    public async Task A_damaged_output_is_told_apart()
    {
        string output = Path.Combine(_folder, "out");
        await RunAsync("convert", Asset("video-only"), output);
        string media = Directory.EnumerateFiles(output, "*.mp4", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(media);
        bytes[^100] ^= 1;
        File.WriteAllBytes(media, bytes);

        (int exitCode, string text, _) = await RunAsync("test", output, "--source", Asset("video-only"));

        Assert.Equal(1, exitCode);
        Assert.Contains("other bytes", Assert.Single(Lines(text)).GetProperty("Findings")[0].GetString());
    }

    [Theory]
    [InlineData("convert", "no-such-folder", "out")]
    [InlineData("convert", ".", "out", "--segment-duration", "0")]
    [InlineData("convert", ".", "out", "--throttle-limit", "0")]
    [InlineData("convert", ".", "out", "--path-template", "{Nonsense}")]
    [InlineData("convert", ".")]
    [InlineData("convert", "", "out")]
    [InlineData("convert", ".", "")]
    [InlineData("convert", ".", " ")]
    [InlineData("convert", ".", "out", "--log", "")]
    [InlineData("convert", ".", "out", "--path-template", "video/ ")]
    [InlineData("convert", ".", "out", "--clear-lead", "1e300")]
    [InlineData("convert", ".", "out", "--layout", "7")]
    [InlineData("list", "")]
    [InlineData("test", "")]
    [InlineData("test", ".", "--source", "")]
    [InlineData("list", "no-such-folder")]
    [InlineData("test", "no-such-folder")]
    [InlineData("nonsense")]
    public async Task A_wrong_command_line_ends_with_2_and_says_why(params string[] arguments)
    {
        (int exitCode, _, string error) = await RunAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.NotEmpty(error.Trim());
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Processes_that_share_a_log_lose_no_line_by_whatever_name_they_know_it()
    {
        const int Assets = 12;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link takes a privilege there.");
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "Files cannot be locked there.");
        string assets = Path.Combine(_folder, "assets");
        string log = Path.Combine(_folder, "run.jsonl");
        string link = Path.Combine(_folder, "link.jsonl");
        await File.WriteAllTextAsync(log, "", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(link, log);
        for (int i = 0; i < Assets; i++)
        {
            Copy(Asset("video-only"), Path.Combine(assets, $"asset-{i}"));
        }

        int own = 0;
        Task<(int ExitCode, string, string Error)> run = RunAsync("convert", assets, Path.Combine(_folder, "out"), "--log", log);
        using (var other = new RunLog(link))
        {
            for (; !run.IsCompleted; own++)
            {
                other.File("other", new string('x', own % 100), own);
            }
        }

        Assert.True((await run).ExitCode == 0, (await run).Error);
        ILookup<string?, JsonElement> lines = Lines(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).ToLookup(line => line.GetProperty("event").GetString());
        Assert.Equal((1, Assets, Assets, 1), (lines["start"].Count(), lines["plan"].Count(), lines["asset"].Count(), lines["end"].Count()));
        Assert.Equal(own, lines["file"].Count(line => line.GetProperty("asset").GetString() == "other"));
    }

    [Fact]
    public async Task A_path_that_no_system_has_is_a_wrong_command_line()
    {
        string file = Path.Combine(_folder, "arguments");
        await File.WriteAllTextAsync(file, "out\0put", TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await RunAsync("convert", Asset("video-only"), "@" + file);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("DESTINATION has a NUL character in it.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_is_compared_with_one_asset()
    {
        string output = Path.Combine(_folder, "out");
        await RunAsync("convert", Asset("video-only"), output);

        (int exitCode, _, string error) = await RunAsync("test", output, "--source", Path.GetDirectoryName(Asset("video-only"))!);

        Assert.Equal(2, exitCode);
        Assert.Contains("assets; an output is compared with one.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_names_format_tracks_and_faults()
    {
        (int exitCode, string text, _) = await RunAsync("list", Asset("hostile"));

        Assert.Equal(0, exitCode);
        JsonElement asset = Assert.Single(Lines(text));
        Assert.Equal("Mp4", asset.GetProperty("Format").GetString());
        Assert.Single(asset.GetProperty("Tracks").EnumerateArray());
        Assert.Equal(3, asset.GetProperty("Faults").GetArrayLength());
    }

    private static string Asset(string name) => Path.Combine(Repository.Root, "tests", "fixtures", "assets", name);

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ProcessRunner.RunAsync(_worker.FileName, _worker.Arguments(arguments), TimeSpan.FromMinutes(2), folder: _folder);
}
