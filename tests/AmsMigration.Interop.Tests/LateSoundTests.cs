using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Interop.Tests;

/// <summary>Sound that does not begin with the picture: every player begins it when it is to begin.</summary>
public sealed class LateSoundTests(Browser browser) : IDisposable
{
    private const long StartSeconds = 1_544_716_459;

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-late-sound-").FullName;

    private static Dictionary<string, (Func<IAssetStore> Make, double Later)> Sources { get; } = new()
    {
        ["MP4 with an empty edit"] = (() => new LocalAssetStore(Media.Folder("late-audio")), 0.478),
        ["archive whose sound comes later"] = (() => Event(5_000_000), 0.479),
        ["archive whose sound comes earlier"] = (() => Event(-5_000_000), -0.521),
        ["archive whose sound is early by the encoder's delay"] = (() => Event(0), 0),
    };

    public static TheoryData<string, OutputLayout> Cases => [.. Sources.Keys.SelectMany(name => new TheoryDataRow<string, OutputLayout>[] { (name, OutputLayout.SingleFile), (name, OutputLayout.Segmented) })];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Players_begin_sound_and_picture_at_their_times(string name, OutputLayout layout)
    {
        Needs.Browser();
        (Func<IAssetStore> make, double later) = Sources[name];
        AmsConversionResult result = await ConvertAsync(make(), layout);

        (string Player, string Manifest)[] ways = [("hls.js", result.HlsUri!), ("shaka", result.HlsUri!), ("shaka", result.DashUri!), ("dash.js", result.DashUri!)];
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.BeginAsync(way.Player, way.Manifest)));
        foreach (((string player, string manifest), Playback playback) in ways.Zip(playbacks))
        {
            string how = $"{player} with {Path.GetFileName(manifest)}";
            Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
            playback.AssertInSync(later, how);
        }
    }

    [Theory]
    [InlineData(-5_000_000)]
    [InlineData(5_000_000)]
    public async Task Text_is_shown_with_the_pictures_that_it_belongs_to(long later)
    {
        Needs.Browser();
        MemoryAssetStore store = Event(later);
        MadeText.AddTo(
            store, "sub_1000", StartSeconds,
            [.. Enumerable.Range(0, 12).Select(second => second == 3 ? $"<p begin='{StartSeconds + 3}.2s' end='{StartSeconds + 4}s'>three</p>" : "")]);
        AmsConversionResult result = await ConvertAsync(store, OutputLayout.SingleFile);

        (string Player, string Manifest)[] ways = [("hls.js", result.HlsUri!), ("shaka", result.DashUri!), ("dash.js", result.DashUri!)];
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayAsync(way.Player, way.Manifest, [], "fr")));
        foreach (((string player, string manifest), Playback playback) in ways.Zip(playbacks))
        {
            string how = $"{player} with {Path.GetFileName(manifest)}";
            Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
            Cue cue = Assert.Single(playback.Cues);
            double start = playback.Placed["video"][0] + 3.2;
            Assert.True(Math.Abs(cue.Start - start) < 0.1 && cue.Seen > start - 0.1 && cue.Seen < start + 0.6, $"{how} showed {cue}, with the picture from {playback.Placed["video"][0]}");
        }
    }

    private async Task<AmsConversionResult> ConvertAsync(IAssetStore store, OutputLayout layout)
    {
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            PathTemplate = PathTemplate.None,
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(
            await AssetCatalog.DescribeAsync(store, default), new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        return result;
    }

    /// <param name="later">Ticks that its sound begins behind its picture.</param>
    private static MemoryAssetStore Event(long later)
    {
        const uint Ticks = 10_000_000;
        const long Start = StartSeconds * Ticks;
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, Ticks, Start);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, Ticks, Start + later);
        (video.Times, audio.Times, audio.TrackId) = (MadeTimes.SmoothTime, MadeTimes.SmoothTime, 2);
        return new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore();
    }
}
