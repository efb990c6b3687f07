using System.Text.Json;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>Smooth Streaming and live archives, whole and broken: sound and picture stay together, and players come across every gap.</summary>
public sealed class ArchiveTests(Browser browser, Readers readers) : IDisposable
{
    private const double AudioFrame = 1024.0 / 48000;

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-archives-").FullName;

    public static TheoryData<string, GapHandling, OutputLayout> Cases
    {
        get
        {
            var cases = new TheoryData<string, GapHandling, OutputLayout>();
            foreach (string name in Sources.Keys)
            {
                cases.Add(name, GapHandling.Fill, OutputLayout.SingleFile);
            }

            cases.Add("vod-fmp4, both lack 2 s", GapHandling.Fill, OutputLayout.Segmented);
            cases.Add("vod-fmp4, both lack 2 s", GapHandling.Discontinuity, OutputLayout.SingleFile);
            cases.Add("vod-fmp4, both lack 2 s", GapHandling.Discontinuity, OutputLayout.Segmented);
            cases.Add("ll-cmaf, the encoder was away", GapHandling.Discontinuity, OutputLayout.SingleFile);
            return cases;
        }
    }

    private static Dictionary<string, Func<MemoryAssetStore>> Sources { get; } = new()
    {
        ["smooth, one file, tfxd"] = () => Smooth(MadeTimes.SmoothTime, isOneFile: true),
        ["smooth, a file a track, untimed"] = () => Smooth(MadeTimes.None, isOneFile: false),
        ["vod-fmp4"] = () => Live("vod-fmp4", MadeTimes.SmoothTime, (_, _) => { }),
        ["vod-cmaf, audio 3 s late"] = () => Live("vod-cmaf", MadeTimes.DecodeTime, (_, audio) => audio.Lose(0, 3)),
        ["vod-fmp4, both lack 2 s"] = () => Live("vod-fmp4", MadeTimes.SmoothTime, (video, audio) => { video.Lose(4, 2); audio.Lose(4, 2); }),
        ["vod-cmaf, the video lacks 3 s"] = () => Live("vod-cmaf", MadeTimes.DecodeTime, (video, _) => video.Lose(4, 3)),
        ["vod-cmaf, the audio lacks 2 s"] = () => Live("vod-cmaf", MadeTimes.DecodeTime, (_, audio) => audio.Lose(5, 2)),
        ["ll-cmaf, the encoder was away"] = () => Live("ll-cmaf", MadeTimes.DecodeTime, (video, audio) => { video.Jump(2, 90000 * 3); audio.Jump(2, 48000 * 3); }, chunk: 5),
    };

    /// <summary>What nothing is gained by playing: gaps of minutes, and starts far apart.</summary>
    private static Dictionary<string, Func<MemoryAssetStore>> Unplayed { get; } = new()
    {
        ["smooth, decode times before 0"] = () => Smooth(MadeTimes.DecodeTime, isOneFile: false),
        ["smooth, both lack 10 minutes of 100 ns ticks"] = () => Smooth(MadeTimes.SmoothTime, isOneFile: true, (video, audio) => { video.Jump(5, 6_000_000_000); audio.Jump(5, 6_000_000_000); }),
        ["smooth, the index alone tells of a hole"] = () => Smooth(MadeTimes.None, isOneFile: true, (video, audio) => { video.Lose(4, 2); audio.Lose(5, 3); }, maker => (maker.HasIndex, maker.ClientManifest) = (true, null)),
        ["vod-cmaf, both headers lost"] = () => Live("vod-cmaf", MadeTimes.DecodeTime, (video, audio) => { video.Described(); audio.Described(); })
            .Without("video_1000000/header").Without("audio_128000/header"),
        ["vod-cmaf, audio 10 s early"] = () => Live("vod-cmaf", MadeTimes.DecodeTime, (_, audio) => audio.Jump(0, -480_000)),
        ["vod-cmaf, audio 10 s late, then a hole and an overlap"] = () => Live(
            "vod-cmaf", MadeTimes.DecodeTime, (video, audio) => { audio.Jump(0, 480_000); video.Jump(4, 90_000 * 7).Jump(8, -45_000); audio.Jump(5, 48_000 * 7); }),
        ["live-fmp4, names alone tell, milliseconds"] = () => Live("live-fmp4", MadeTimes.None, (video, audio) => { video.Lose(2); audio.Lose(7, 2); }, videoTimescale: 1000, audioTimescale: 1000),
    };

    public static MatrixTheoryData<string, GapHandling> UnplayedCases => new(Unplayed.Keys, Enum.GetValues<GapHandling>());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(UnplayedCases))]
    public async Task Sound_and_picture_stay_together_whatever_tells_their_times(string name, GapHandling handling)
    {
        MemoryAssetStore store = Unplayed[name]();
        Track[] tracks = [.. Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations).Tracks];

        AmsConversionResult result = await ConvertAsync(store, handling, OutputLayout.SingleFile);

        Assert.Empty((await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), store, default)).Findings);
        await AssertInSyncAsync(tracks, result, store);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Sound_and_picture_stay_together_and_players_come_across_every_gap(string name, GapHandling handling, OutputLayout layout)
    {
        Needs.Browser();
        MemoryAssetStore store = Sources[name]();
        Track[] tracks = [.. Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations).Tracks];
        AmsConversionResult result = await ConvertAsync(store, handling, layout);

        AmsVerificationResult check = await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), store, default);
        Assert.Empty(check.Findings);
        Assert.Equal(tracks.Sum(track => (long)track.Samples.Count), check.SamplesCompared);

        double later = await AssertInSyncAsync(tracks, result, store);

        (string Player, string Manifest)[] ways = [("hls.js", result.HlsUri!), ("shaka", result.HlsUri!), ("shaka", result.DashUri!), ("dash.js", result.DashUri!)];
        (double hole, double length) = handling == GapHandling.Discontinuity ? HoleOf(tracks) : default;
        Assert.Equal(tracks.Max(track => Times(track).Max()) - length, result.Duration.TotalSeconds, 0.2);
        double[] places = handling == GapHandling.Discontinuity ? [hole - 0.5, hole + 0.1, hole + (length / 2)] : [];
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayAsync(way.Player, way.Manifest, [], places: places)));
        foreach (((string player, string manifest), Playback playback) in ways.Zip(playbacks))
        {
            string how = $"{player} with {Path.GetFileName(manifest)}";
            Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
            Assert.True(playback.Ended, $"{how} did not come to the end");
            playback.AssertInSync(later, how);

            Assert.True(Math.Abs(result.Duration.TotalSeconds - playback.EndedAt) < 0.3, $"{how} ended at {playback.EndedAt} of {result.Duration.TotalSeconds} s");

            // What all tracks lack is not played. dash.js may drop a Period when it goes on to the next one.
            Assert.True(playback.Buffered.Length == 1, $"{how} buffered {string.Join(", ", playback.Buffered.Select(part => $"{part[0]}-{part[1]}"))}");
        }
    }

    /// <summary>Starts, and what comes next after each gap, are as far apart as in the source: by our reader there, by mediabunny here.</summary>
    /// <returns>Seconds that the sound of the output begins behind its picture, silence and all.</returns>
    private async Task<double> AssertInSyncAsync(Track[] tracks, AmsConversionResult result, MemoryAssetStore store)
    {
        List<double[]> written = [];
        AmsTrack[] media = [.. result.Tracks.Where(track => track.Type != "Text")];
        string[] files = [.. media.Select(track => new OutputTrack(result, track, tracks[0], store.Name).JoinedFile())];
        JsonElement read = await readers.PacketsAsync(files);
        for (int i = 0; i < files.Length; i++)
        {
            JsonElement track = Assert.Single(read[i].GetProperty("tracks").EnumerateArray());
            written.Add([.. track.GetProperty("packets").EnumerateArray().Select(packet => packet[0].GetDouble() / 1e6).Order()]);
        }

        double origin = written.Min(times => times.First(time => time >= -AudioFrame / 2));
        foreach ((Track track, double[] times) in tracks.Zip(written))
        {
            double[] expected = [.. Times(track).Order()];
            foreach (double time in expected)
            {
                int nearest = Array.BinarySearch(times, time + origin);
                nearest = nearest >= 0 ? nearest : Math.Min(~nearest, times.Length - 1);
                double before = times[Math.Max(0, nearest - 1)];
                Assert.True(
                    Math.Min(Math.Abs(times[nearest] - time - origin), Math.Abs(before - time - origin)) < AudioFrame / 2,
                    $"{track.Kind}: nothing of the output is presented at {time} s");
            }
        }

        return Earliest(TrackKind.Audio) - Earliest(TrackKind.Video);

        double Earliest(TrackKind kind) => tracks.Zip(written).Where(pair => pair.First.Kind == kind).Min(pair => Math.Max(origin, pair.Second[0]));
    }

    /// <summary>Seconds: where all tracks lack media, and how long.</summary>
    private static (double Start, double Length) HoleOf(Track[] tracks) => tracks.Select(track =>
    {
        double[] times = [.. Times(track).Order()];
        return times.Zip(times.Skip(1), (a, b) => (Start: a, Length: b - a)).MaxBy(gap => gap.Length);
    }).MinBy(hole => hole.Length);

    private static IEnumerable<double> Times(Track track)
    {
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            yield return (double)track.ToPresentationTime(sample.CompositionTime) / track.Timescale;
        }
    }

    private async Task<AmsConversionResult> ConvertAsync(MemoryAssetStore store, GapHandling handling, OutputLayout layout)
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            GapHandling = handling,
            PathTemplate = PathTemplate.None,
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        return result;
    }

    private static MemoryAssetStore Smooth(
        MadeTimes times, bool isOneFile, Action<MadeStream, MadeStream>? bend = null, Action<SmoothMaker>? shape = null)
    {
        (MadeStream video, MadeStream audio) = Streams(TimeMath.TimeSpanTimescale, TimeMath.TimeSpanTimescale, 0, times);
        bend?.Invoke(video, audio);
        var maker = new SmoothMaker { Streams = [video, audio], IsOneFile = isOneFile };
        shape?.Invoke(maker);
        return maker.ToStore();
    }

    private static MemoryAssetStore Live(
        string format, MadeTimes times, Action<MadeStream, MadeStream> bend, int chunk = 0, uint videoTimescale = 90000, uint audioTimescale = 48000)
    {
        (MadeStream video, MadeStream audio) = Streams(videoTimescale, audioTimescale, 1_544_716_459, times);
        bend(video, audio);
        return new LiveArchiveMaker(format) { Streams = [video, audio], ChunkSamples = chunk }.ToStore();
    }

    private static (MadeStream Video, MadeStream Audio) Streams(uint videoTimescale, uint audioTimescale, long start, MadeTimes times)
    {
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, videoTimescale, start * videoTimescale);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, audioTimescale, start * audioTimescale);
        (video.Times, audio.Times, audio.TrackId) = (times, times, 2);
        return (video, audio);
    }
}
