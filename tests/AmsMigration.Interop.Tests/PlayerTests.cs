using System.Text.Json;
using System.Text.RegularExpressions;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.TestSupport;

namespace AmsMigration.Interop.Tests;

/// <summary>Real players in a real browser: to the end, with a seek to the middle and a change of rendition, without an error and without a gap.</summary>
public class PlayerTests(Outputs outputs)
{
    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Hls_js_shaka_player_and_dash_js_play_every_asset_to_the_end(OutputLayout layout)
    {
        string chromium = Needs.Chromium();
        string node = Needs.Node();
        string scripts = Needs.NodeScripts();
        List<string> requests = [];
        foreach (string asset in Media.Playable)
        {
            AmsConversionResult result = await outputs.GetAsync(asset, layout);
            string hls = Path.GetRelativePath(outputs.Folder, result.HlsUri!);
            string dash = Path.GetRelativePath(outputs.Folder, result.DashUri!);
            requests.Add(Request("hls.js", hls));
            requests.Add(Request("shaka", dash));
            requests.Add(Request("dash.js", dash));
        }

        (int exitCode, string output, string error) = await ProcessRunner.RunAsync(
            node, [Path.Combine(scripts, "play.mjs"), outputs.Folder, chromium], TimeSpan.FromMinutes(8), string.Join("\n", requests), scripts);

        Assert.True(exitCode == 0, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(requests.Count, lines.Length);
        Assert.All(lines, line =>
        {
            JsonElement played = JsonSerializer.Deserialize<JsonElement>(line);
            Assert.True(played.GetProperty("ended").GetBoolean(), line);
            Assert.True(played.GetProperty("errors").GetArrayLength() == 0, line);
            Assert.True(played.GetProperty("buffered").GetArrayLength() == 1, line);
        });
    }

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Hls_js_shaka_player_and_dash_js_show_text_at_its_time(OutputLayout layout)
    {
        string chromium = Needs.Chromium();
        string node = Needs.Node();
        string scripts = Needs.NodeScripts();
        AmsConversionResult captions = await outputs.GetAsync("captions", layout);
        AmsConversionResult news = await outputs.GetAsync("closed-captions", layout);
        string[] requests =
        [
            Request("hls.js", Below(captions.HlsUri), "en-US"), Request("shaka", Below(captions.HlsUri), "en-US"),
            Request("shaka", Below(captions.DashUri), "en-US"), Request("dash.js", Below(captions.DashUri), "en-US"),
            Request("hls.js", Below(news.HlsUri), "CC1"), Request("shaka", Below(news.DashUri), "und"), Request("dash.js", Below(news.DashUri), "und"),
        ];

        (int exitCode, string output, string error) = await ProcessRunner.RunAsync(
            node, [Path.Combine(scripts, "play.mjs"), outputs.Folder, chromium], TimeSpan.FromMinutes(8), string.Join("\n", requests), scripts);

        Assert.True(exitCode == 0, error);
        List<JsonElement> played = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.Equal(requests.Length, played.Count);
        (string, double, double)[] film = [("Good morning,", 0.5, 1.5), ("This one is on", 1.75, 4.25), ("The end.", 4.5, 5.75)];
        Assert.All(played, (result, i) => AssertShown(result, i < 4 ? film : [("Hello from line 21", 1, 3)]));
    }

    private static void AssertShown(JsonElement played, (string Text, double Start, double End)[] expected)
    {
        JsonElement[] cues = [.. played.GetProperty("cues").EnumerateArray()];
        Assert.True(cues.Length == expected.Length, played.ToString());
        for (int i = 0; i < cues.Length; i++)
        {
            string text = Regex.Replace(cues[i].GetProperty("text").GetString()!, "<[^>]*>", "");
            Assert.StartsWith(expected[i].Text, text);
            Assert.Equal(expected[i].Start, cues[i].GetProperty("start").GetDouble(), 0.05);
            Assert.Equal(expected[i].End, cues[i].GetProperty("end").GetDouble(), 0.05);

            // Seen by looking at the page every few milliseconds, on a machine that may be busy.
            Assert.InRange(cues[i].GetProperty("seen").GetDouble(), expected[i].Start - 0.05, expected[i].End);
        }
    }

    private string Below(string? uri) => Path.GetRelativePath(outputs.Folder, uri!);

    private static string Request(string player, string manifest, string? text = null) => JsonSerializer.Serialize(new { player, manifest, text });
}
