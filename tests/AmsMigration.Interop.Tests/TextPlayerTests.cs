using System.Text.RegularExpressions;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Interop.Tests;

/// <summary>Subtitles, and captions that lie in the pictures, come up in real players at their times.</summary>
public class TextPlayerTests(Outputs outputs, Browser browser)
{
    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Players_show_text_at_its_time(OutputLayout layout)
    {
        Needs.Browser();
        Output captions = await outputs.GetAsync("captions", layout);
        Output news = await outputs.GetAsync("closed-captions", layout);
        (string, double, double)[] film = [("Good morning,", 0.5, 1.5), ("This one is on", 1.75, 4.25), ("The end.", 4.5, 5.75)];
        (string, double, double)[] line21 = [("Hello from line 21", 1, 3)];
        (string Player, string Manifest, string Text, (string, double, double)[] Cues)[] ways =
        [
            ("hls.js", captions.Result.HlsUri!, "en-US", film), ("shaka", captions.Result.HlsUri!, "en-US", film),
            ("shaka", captions.Result.DashUri!, "en-US", film), ("dash.js", captions.Result.DashUri!, "en-US", film),
            ("hls.js", news.Result.HlsUri!, "CC1", line21), ("shaka", news.Result.DashUri!, "und", line21), ("dash.js", news.Result.DashUri!, "und", line21),
        ];

        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayAsync(way.Player, way.Manifest, [], way.Text)));

        Assert.All(ways.Zip(playbacks), pair => AssertShown(pair.Second, pair.First.Cues, $"{pair.First.Player} with {Path.GetFileName(pair.First.Manifest)}"));
    }

    private static void AssertShown(Playback playback, (string Text, double Start, double End)[] expected, string how)
    {
        Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
        Assert.True(playback.Cues.Length == expected.Length, $"{how} showed {string.Join("; ", playback.Cues.AsEnumerable())}");
        foreach ((Cue cue, (string text, double start, double end)) in playback.Cues.Zip(expected))
        {
            Assert.StartsWith(text, Regex.Replace(cue.Text, "<[^>]*>", ""));
            Assert.Equal(start, cue.Start, 0.05);
            Assert.Equal(end, cue.End, 0.05);

            // Seen by looking at the page every few milliseconds, on a machine that may be busy.
            Assert.InRange(cue.Seen, start - 0.05, end + 0.05);
        }
    }
}
