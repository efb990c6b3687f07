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

/// <summary>What lies beside the media: splices of a live event with a gap, and thumbnails, in real players.</summary>
public sealed class EventPlayerTests(Browser browser) : IDisposable
{
    private const long Start = 1_544_716_459;
    private const int First = 2;
    private const int Second = 8;

    /// <summary>splice_insert, out of network for 30 s, from the specification of Media Services.</summary>
    private const string Splice = "/DAlAAAAAAAAAP/wFAUAAAQCf+//KRjAfP4AKTLgAAAAAAAAVYsh2w==";

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(GapHandling.Fill, OutputLayout.SingleFile, 0)]
    [InlineData(GapHandling.Discontinuity, OutputLayout.Segmented, 2)]
    public async Task Players_tell_of_splices_on_both_sides_of_a_gap(GapHandling handling, OutputLayout layout, int lost)
    {
        Needs.Browser();
        AmsConversionResult result = await ConvertAsync(MakeEvent(), handling, layout);

        List<(string, string)> ways = [("hls.js", result.HlsUri!), ("shaka", result.DashUri!), ("dash.js", result.DashUri!)];
        if (lost == 0)
        {
            // Behind a jump of HLS shaka-player 5 puts events where the clock was, media where the film is.
            ways.Add(("shaka", result.HlsUri!));
        }

        foreach ((string how, Playback playback) in await PlayAsync(result, [.. ways]))
        {
            foreach (double expected in new double[] { First, Second - lost })
            {
                Assert.True(
                    playback.Events.Any(told => Math.Abs(told.Start - expected) < 0.1),
                    $"{how} told of {string.Join("; ", playback.Events.AsEnumerable())}; expected one at {expected}");
            }
        }
    }

    /// <summary>Of thumbnails 1 s apart in 2 x 2, the second lies in the first image, the fifth in the second.</summary>
    [Fact]
    public async Task Players_find_thumbnails_in_each_image()
    {
        Needs.Browser();
        AmsConversionResult result = await ConvertAsync(MakeThumbnails(), GapHandling.Fill, OutputLayout.SingleFile);

        foreach ((string how, Playback playback) in await PlayAsync(result, ("shaka", result.HlsUri!), ("shaka", result.DashUri!), ("dash.js", result.DashUri!)))
        {
            Assert.True(
                playback.Thumbnails.SequenceEqual([new Thumbnail("Thumbnail009.jpg", 32, 0, 32, 18, 64), new Thumbnail("Thumbnail010.jpg", 0, 0, 32, 18, 64)]),
                $"{how} found {string.Join("; ", playback.Thumbnails.AsEnumerable())}");
        }
    }

    private async Task<AmsConversionResult> ConvertAsync(MemoryAssetStore store, GapHandling handling, OutputLayout layout)
    {
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            GapHandling = handling,
            PathTemplate = PathTemplate.None,
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(
            await AssetCatalog.DescribeAsync(store, default), new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        Assert.Empty((await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), store, default)).Findings);
        return result;
    }

    private async Task<(string How, Playback Playback)[]> PlayAsync(AmsConversionResult result, params (string Player, string Manifest)[] ways)
    {
        double[] thumbnails = Directory.GetFiles(result.Destination, "*.jpg").Length > 0 ? [1.5, 4.5] : [];
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayOnceAsync(way.Player, way.Manifest, result.Destination, thumbnails)));
        (string How, Playback Playback)[] all = [.. ways.Zip(playbacks, (way, playback) => ($"{way.Player} with {Path.GetFileName(way.Manifest)}", playback))];
        Assert.All(all, one => Assert.True(one.Playback.Errors.Length == 0, $"{one.How}: {string.Join("; ", one.Playback.Errors)}"));
        return all;
    }

    private static MemoryAssetStore MakeEvent()
    {
        const uint Ticks = 10_000_000;
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, Ticks, Start * Ticks).Lose(4, 2);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, Ticks, Start * Ticks).Lose(4, 2);
        (video.Times, audio.Times, audio.TrackId) = (MadeTimes.SmoothTime, MadeTimes.SmoothTime, 2);
        byte[] other = Convert.FromBase64String(Splice);
        other[17]++;
        return new LiveArchiveMaker("vod-fmp4")
        {
            Streams = [video, audio],
            MoreIndexes = $"""
                <StreamIndex Type="text" Name="scte35" Subtype="DATA" TimeScale="10000000" ParentStreamIndex="video" ManifestOutput="TRUE">
                  <QualityLevel Index="0" Bitrate="0" CodecPrivateData="" FourCC=""><CustomAttributes><Attribute Name="Scheme" Value="urn:scte:scte35:2013:bin"/></CustomAttributes></QualityLevel>
                  <c t="{(Start + First) * Ticks}" d="0"><f>{Splice}</f></c>
                  <c t="{(Start + Second) * Ticks}" d="0"><f>{Convert.ToBase64String(other)}</f></c>
                </StreamIndex>
                """,
        }.ToStore();
    }

    private static MemoryAssetStore MakeThumbnails()
    {
        string fixtures = Path.Combine(Repository.Root, "tests", "fixtures");
        byte[] sprite = File.ReadAllBytes(Path.Combine(fixtures, "sources", "sprite.jpg"));
        return MemoryAssetStore.OfFolder(Path.Combine(fixtures, "assets", "bare-mp4")).With("Thumbnail009.jpg", sprite).With("Thumbnail010.jpg", sprite).With(
            "thumbnails.vtt",
            "WEBVTT\n\n" + string.Concat(Enumerable.Range(0, 6).Select(i =>
                $"00:{i:D2}.000 --> 00:{i + 1:D2}.000\nThumbnail{9 + (i / 4):D3}.jpg#xywh={i % 2 * 32},{i % 4 / 2 * 18},32,18\n\n")));
    }
}
