using System.Text.Json;
using System.Text.RegularExpressions;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Manifests;

public class PlayerPageTests
{
    [Fact]
    public void Page_comes_last_with_player_and_licence_or_a_warning_says_why_not()
    {
        List<PackagingWarning> warnings = [];
        IReadOnlyList<OutputFile> files = PlayerPageWriter.Write("talk", ["talk"], warnings);
        Assert.Equal(files.Count == 0 ? ["PlayerPageUnavailable"] : [], warnings.Select(w => w.Code));
        Assert.Equal(files.Count == 0 ? [] : ["hls.min.js", "hls.js.LICENSE.txt", "index.html"], files.Select(f => f.Path));
        Assert.All(files, file => Assert.Equal(file.Length, file.Extents.Sum(extent => extent.Length)));
    }

    [Fact]
    public void Page_fetches_nothing_from_elsewhere()
    {
        string page = Page("talk", "talk");
        Assert.DoesNotMatch(new Regex("(https?:)?//[a-z]", RegexOptions.IgnoreCase), page);
        Assert.Equal(["hls.min.js"], Regex.Matches(page, "src=\"([^\"]*)\"").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Names_cannot_leave_their_place_in_the_page()
    {
        string page = Page("</title><script>alert(1)</script>", "</script><b>\"'{title}", "ü & 1");
        Assert.Equal(2, Regex.Matches(page, "<script").Count);
        Assert.Equal(2, Regex.Matches(page, "</script>").Count);
        Assert.Contains("&lt;script&gt;alert(1)", page);
        Assert.Contains("uri: \"%C3%BC%20%26%201.m3u8\"", page);
        Assert.Contains("\\u003c/script\\u003e", page);
    }

    [Theory]
    [InlineData("multi-audio", new[] { "film" }, "English", "Spanish", "English description")]
    [InlineData("two-manifests", new[] { "first", "second" })]
    [InlineData("audio-only", new[] { "song" })]
    public async Task Page_plays_each_presentation_in_a_browser(string asset, string[] names, params string[] sounds)
    {
        Needs.NodePackage("playwright-core", "package.json");
        Assert.SkipWhen(Tools.Node is null || Tools.Chromium is null, "node or Chromium is not on this machine");
        string folder = Directory.CreateTempSubdirectory("page-").FullName;
        try
        {
            await ConvertAsync(Path.Combine(Repository.Root, "tests", "fixtures", "assets", asset), folder);
            string script = Path.Combine(Repository.Root, "tests", "node", "play-page.mjs");
            (int exitCode, string output, string error) = await ProcessRunner.RunAsync(
                Tools.Node!, [script, folder, Tools.Chromium!], TimeSpan.FromMinutes(3));
            Assert.True(exitCode == 0, error);
            Played played = JsonSerializer.Deserialize<Played>(output, JsonSerializerOptions.Web)!;
            Assert.True(played.Ended, output);
            Assert.Equal("", played.Message);
            Assert.Empty(played.Foreign);
            Assert.Empty(played.Errors);
            Assert.Equal(names, played.Choices["presentation"]);
            Assert.Equal(sounds, sounds.Length == 0 ? [] : played.Choices["audio"]);
            Assert.All(names, name => Assert.Contains(name + ".m3u8", played.Fetched));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ConvertAsync(string asset, string folder)
    {
        AssetContent content = await AssetReader.ReadAsync(MemoryAssetStore.OfFolder(asset), CancellationToken.None);
        List<PackagingPlan> plans = [.. content.Presentations.Select(p => PackagingPlanner.Plan(p, new PackagingOptions()))];
        IReadOnlyList<OutputFile> page = PlayerPageWriter.Write("page", [.. plans.Select(plan => plan.ManifestName)], []);
        Assert.SkipWhen(page.Count == 0, "the library was built without npm");
        foreach (OutputFile file in page)
        {
            await WriteAsync(file, []);
        }

        foreach (PackagingPlan plan in plans)
        {
            List<byte[]> sources = [.. plan.Presentation.Files.Select(file => File.ReadAllBytes(Path.Combine(asset, file.Path)))];
            foreach (OutputFile file in plan.Files)
            {
                await WriteAsync(file, sources);
            }
        }

        async Task WriteAsync(OutputFile file, List<byte[]> sources)
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using FileStream stream = File.Create(path);
            foreach (Extent extent in file.Extents)
            {
                await stream.WriteAsync(extent.Literal ?? sources[extent.File].AsMemory((int)extent.Offset, (int)extent.Length));
            }
        }
    }

    private static string Page(string title, params string[] manifestNames)
    {
        IReadOnlyList<OutputFile> files = PlayerPageWriter.Write(title, manifestNames, []);
        Assert.SkipWhen(files.Count == 0, "the library was built without npm");
        return MadeUp.Text(files, "index.html");
    }

    private sealed record Played(
        bool Ended,
        string Message,
        Dictionary<string, List<string>> Choices,
        List<string> Fetched,
        List<string> Foreign,
        List<string> Errors);
}
