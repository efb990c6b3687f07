using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport.Assets;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>Live archives of CMAF that are played where they lie, from the clock that their encoder had.</summary>
public sealed class InPlaceTests(Browser browser) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-in-place-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("vod-cmaf", 90_000u, 48_000u, 0)]
    [InlineData("ll-cmaf", 90_000u, 48_000u, 5)]
    [InlineData("vod-cmaf", 10_000_000u, 10_000_000u, 0)]
    public async Task Fragments_play_where_they_lie(string format, uint videoTimescale, uint audioTimescale, int chunkSamples)
    {
        const long Start = 1_544_716_459;
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, videoTimescale, Start * videoTimescale);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, audioTimescale, Start * audioTimescale);
        audio.TrackId = 2;
        var maker = new LiveArchiveMaker(format) { Streams = [video, audio], ChunkSamples = chunkSamples };

        AmsConversionResult result = await MakePlayableAsync(maker.ToStore().WriteTo(_folder), GapHandling.Fill);

        await AssertPlaysAsync(result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Players_jump_over_what_all_tracks_lack(int chunkSamples)
    {
        const long Start = 1_544_716_459;
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, 90_000, Start * 90_000).Lose(4, 2);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, Start * 48_000).Lose(4, 2);
        var maker = new LiveArchiveMaker("ll-cmaf") { Streams = [video, audio], ChunkSamples = chunkSamples };

        AmsConversionResult result = await MakePlayableAsync(maker.ToStore().WriteTo(_folder), GapHandling.Discontinuity);

        Assert.Equal(10, result.Duration.TotalSeconds, 0.1);
        await AssertPlaysAsync(result, 3.5, 4.1, 5);
    }

    private static async Task<AmsConversionResult> MakePlayableAsync(LocalAssetStore store, GapHandling handling)
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, null, new ConversionOptions { InPlace = true, GapHandling = handling }, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        Assert.Equal(store.Location, result.Destination);
        AmsVerificationResult check = await OutputCheck.RunAsync(store, store, default);
        Assert.Empty(check.Findings);
        Assert.True(check.SamplesCompared > 0);
        return result;
    }

    private async Task AssertPlaysAsync(AmsConversionResult result, params double[] places)
    {
        Needs.Browser();
        (string Player, string Manifest)[] ways = [("hls.js", result.HlsUri!), ("shaka", result.HlsUri!), ("shaka", result.DashUri!), ("dash.js", result.DashUri!)];

        // hls.js 1.7 places fragments by their decoding: behind a jump that leaves a hole of some frames, and it stops as many frames before the end.
        ways = places.Length == 0 ? ways : [.. ways.Where(way => way.Player != "hls.js")];
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayAsync(way.Player, way.Manifest, [], places: places)));
        foreach (((string player, string manifest), Playback playback) in ways.Zip(playbacks))
        {
            string how = $"{player} with {Path.GetFileName(manifest)}";
            Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
            Assert.True(playback.Ended, $"{how} did not come to the end");
            Assert.True(Math.Abs(result.Duration.TotalSeconds - playback.EndedAt) < 0.3, $"{how} ended at {playback.EndedAt} of {result.Duration.TotalSeconds} s");
            Assert.True(playback.Buffered.Length == 1, $"{how} buffered {string.Join(", ", playback.Buffered.Select(part => $"{part[0]}-{part[1]}"))}");
        }
    }
}
