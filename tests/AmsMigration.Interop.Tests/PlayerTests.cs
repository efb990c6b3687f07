using System.Text.Json;
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

    private static string Request(string player, string manifest) => JsonSerializer.Serialize(new { player, manifest });
}
