using System.Text.RegularExpressions;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>Text of an event whose encoder was away for two seconds: players show it at its time on both sides of the jump.</summary>
public sealed class ArchiveTextTests(Browser browser) : IDisposable
{
    private const long Start = 1_544_716_459;

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-archive-text-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OutputLayout.SingleFile, false)]
    [InlineData(OutputLayout.Segmented, false)]
    [InlineData(OutputLayout.SingleFile, true)]
    public async Task Text_is_shown_at_its_time_on_both_sides_of_a_jump(OutputLayout layout, bool isInPlace)
    {
        Needs.Browser();
        LocalAssetStore store = Make().WriteTo(Path.Combine(_folder, "event"));
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            GapHandling = GapHandling.Discontinuity,
            InPlace = isInPlace,
        };
        var destination = isInPlace ? null : new LocalDestination(Path.Combine(_folder, "out"));
        AmsConversionResult result = await AssetConverter.ConvertAsync(await AssetCatalog.DescribeAsync(store, default), destination, options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        Assert.Empty((await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), store, default)).Findings);

        // dash.js 5.2 shows text of the first Period alone.
        (string Player, string Manifest)[] ways = [("hls.js", result.HlsUri!), ("shaka", result.HlsUri!), ("shaka", result.DashUri!)];
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayAsync(way.Player, way.Manifest, [], "fr")));

        foreach (((string player, string manifest), Playback playback) in ways.Zip(playbacks))
        {
            string how = $"{player} with {Path.GetFileName(manifest)}";
            Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
            foreach ((string text, double start) in new[] { ("before", 1.52), ("across", 3.52), ("behind", 7.03) })
            {
                Cue? cue = playback.Cues.FirstOrDefault(cue => Regex.Replace(cue.Text, "<[^>]*>", "").Trim() == text);
                Assert.True(cue is not null && Math.Abs(cue.Start - start) < 0.1 && cue.Seen > start - 0.1 && cue.Seen < start + 0.6,
                    $"{how} showed {string.Join("; ", playback.Cues.AsEnumerable())}; expected '{text}' at {start}");
            }
        }
    }

    private static MemoryAssetStore Make()
    {
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, 90_000, Start * 90_000).Lose(4, 2);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, Start * 48_000).Lose(4, 2);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore();
        MadeText.AddTo(
            store,
            "sub_1000",
            Start,
            [.. Enumerable.Range(0, 12).Select(second => second switch
            {
                1 => $"<p begin='{Start + 1}.5s' end='{Start + 3}s'>before</p>",
                >= 3 and <= 6 => $"<p begin='{Start + 3}.5s' end='{Start + 7}s'>across</p>",
                9 => $"<p begin='{Start + 9}s' end='{Start + 10}s'>behind</p>",
                _ => "",
            })]);
        return store;
    }
}
