using System.Globalization;
using System.Text.RegularExpressions;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>What other tools failed on, by the numbers of Azure/azure-media-migration; docs/known-problems.md lists all of them.</summary>
public class KnownProblemTests
{
    private const long Start = 1_544_716_459;

    [Fact]
    public async Task Known_problem_87_tracks_of_one_file_need_not_be_interleaved()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000);
        MadeStream[] streams = [audio, video];
        MemoryAssetStore store = new MemoryAssetStore("film").With("film.mp4", new Mp4Maker
        {
            Tracks = [.. streams.Select(stream => stream.ToTrack())],
            Fragments = [.. streams.SelectMany(stream => stream.Chunks.Select(chunk => MadeFragment.Of(stream.ToTraf(chunk.Time, chunk.Samples))))],
        }.ToArray());

        (_, VerificationReport report) = await ConvertAsync(store);

        Assert.Equal(streams.SelectMany(stream => stream.Chunks).Sum(chunk => (long)chunk.Samples.Count), report.SamplesCompared);
    }

    [Fact]
    public async Task Known_problem_177_all_playlists_of_a_variant_have_the_target_duration_of_its_longest_segment()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, Start);
        video.Lose(4, 3);

        (PackagingPlan plan, _) = await ConvertAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Regex target = new(@"#EXT-X-TARGETDURATION:(\d+)");
        string[] playlists = [.. plan.Manifests.Where(file => file.Path.Contains('/') && !file.Path.Contains("iframes")).Select(file => System.Text.Encoding.UTF8.GetString([.. file.Extents.SelectMany(extent => extent.Literal!)]))];
        decimal longest = plan.Renditions.Max(rendition => rendition.Segments.Max(segment => (decimal)segment.Duration / rendition.Track.Timescale));
        Assert.Equal(2, playlists.Length);
        Assert.All(playlists, playlist => Assert.Equal(Math.Round(longest), int.Parse(target.Match(playlist).Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Known_problem_256_files_that_are_listed_twice_and_without_a_bit_rate_are_one_rendition_with_that_of_its_samples()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        video.Bitrate = audio.Bitrate = 0;
        MemoryAssetStore store = new SmoothMaker { Streams = [video, audio], HasTrackIds = false }.ToStore();
        string manifest = await TextAsync(store, "film.ism");
        store.With("film.ism", manifest.Replace("<switch>", "<switch>" + Regex.Match(manifest, "<video.*?</video>", RegexOptions.Singleline).Value));

        (PackagingPlan plan, _) = await ConvertAsync(store);

        Assert.Equal(2, plan.Renditions.Count);
        Assert.All(plan.Renditions, rendition => Assert.InRange(rendition.AverageBandwidth, 20_000, 60_000));
    }

    [Theory]
    [InlineData("ismv")]
    [InlineData("vod-fmp4")]
    [InlineData("live-fmp4")]
    public async Task Known_problems_96_107_122_124_and_169_fragments_of_archives_become_CMAF(string format)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        MemoryAssetStore store = format == "ismv"
            ? new SmoothMaker { Streams = [video, audio], IsOneFile = true }.ToStore()
            : new LiveArchiveMaker(format) { Streams = [video, audio] }.ToStore();

        (_, VerificationReport report) = await ConvertAsync(store);

        Assert.Equal(video.Chunks.Concat(audio.Chunks).Sum(chunk => (long)chunk.Samples.Count), report.SamplesCompared);
    }

    [Fact]
    public async Task Known_problems_131_138_and_145_gaps_are_filled_without_encoding_a_sample_again()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, Start);
        video.Lose(4, 2);
        audio.Lose(6, 2);

        (PackagingPlan plan, VerificationReport report) = await ConvertAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        Assert.Equal(video.Chunks.Concat(audio.Chunks).Sum(chunk => (long)chunk.Samples.Count), report.SamplesCompared);
        Assert.All(plan.Renditions, rendition => Assert.Equal(12, (double)rendition.Duration / rendition.Track.Timescale, 0.05));
        Assert.Equal(2, plan.Warnings.Count(warning => warning.Code == "GapFilled"));
    }

    [Fact]
    public async Task Known_problems_136_and_178_negative_times_become_none_and_sound_stays_with_pictures()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        video.Jump(0, -5_000_000);

        (PackagingPlan plan, _) = await ConvertAsync(new SmoothMaker { Streams = [video, audio] }.ToStore());

        Assert.All(plan.Renditions.SelectMany(rendition => rendition.Fragments), fragment => Assert.True(fragment.DecodeTime >= 0));
        double[] starts = [.. plan.Renditions.OrderBy(rendition => rendition.Track.Kind).Select(rendition => (double)rendition.Segments[0].Start / rendition.Track.Timescale)];
        Assert.Equal(0.5, starts[1] - starts[0], 0.001);
    }

    [Fact]
    public async Task Known_problems_140_and_167_an_archive_that_begins_far_from_0_begins_at_0_with_all_its_tracks()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, Start);
        video.Lose(0);

        (PackagingPlan plan, _) = await ConvertAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore());

        double Of(TrackKind kind) => plan.Renditions.Where(r => r.Track.Kind == kind).Select(r => (double)r.Segments[0].Start / r.Track.Timescale).Single();
        Assert.Equal(0, Of(TrackKind.Audio));
        Assert.Equal(1 + (1024.0 / 48_000), Of(TrackKind.Video), 0.001);
    }

    [Fact]
    public async Task Known_problems_152_and_153_tracks_without_a_name_get_one()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        var maker = new SmoothMaker { Streams = [video, audio] };
        MemoryAssetStore store = maker.ToStore();
        string manifest = await TextAsync(store, "film.ism");
        store.With("film.ism", Regex.Replace(manifest, "<param name=\"trackName\"[^>]*>", ""));

        (PackagingPlan plan, _) = await ConvertAsync(store);

        Assert.Equal(2, plan.Renditions.Count);
        Assert.All(plan.Renditions, rendition => Assert.NotEmpty(rendition.Track.Name));
    }

    [Fact]
    public async Task Known_problem_179_segments_are_of_useful_length_when_nobody_says_how_long()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore();
        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);

        PackagingPlan plan = PackagingPlanner.Plan(GapHandler.Apply(presentation, GapHandling.Fill), new PackagingOptions());

        Assert.All(plan.Renditions, rendition => Assert.Equal([6, 6], rendition.Segments.Select(segment => Math.Round((double)segment.Duration / rendition.Track.Timescale))));
    }

    [Fact]
    public async Task Known_problem_180_alternatives_of_a_transcript_of_an_event_are_not_shown_and_stay_with_the_other_files()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, Start);
        MemoryAssetStore store = new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore()
            .With("auto-generated-best_4800.vtt", "WEBVTT\n\n00:05.000 --> 00:06.000\nlater\n\n00:01.000 --> 00:02.000\nsooner\n");

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Empty(Assert.Single(content.Presentations).Texts);
        Assert.Contains("TextAlternatives", content.Warnings.Select(warning => warning.Code));
        Assert.Contains(content.OtherFiles, file => file.Path == "auto-generated-best_4800.vtt");
    }

    [Fact]
    public async Task Known_problems_240_and_248_tracks_without_trackID_are_found()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);

        (PackagingPlan plan, _) = await ConvertAsync(new SmoothMaker { Streams = [video, audio], IsOneFile = true, HasTrackIds = false }.ToStore());

        Assert.Equal([TrackKind.Video, TrackKind.Audio], plan.Renditions.Select(rendition => rendition.Track.Kind).Order());
    }

    /// <summary>Converted, with gaps filled, and found sound.</summary>
    private static async Task<(PackagingPlan Plan, VerificationReport Report)> ConvertAsync(MemoryAssetStore store)
    {
        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        PackagingPlan plan = PackagingPlanner.Plan(GapHandler.Apply(presentation, GapHandling.Fill), new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) });
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        VerificationReport report = await OutputVerifier.VerifyAsync(output.ToAsset(), plan.ManifestName, presentation, store, default);
        Assert.Empty(report.Findings);
        return (plan, report);
    }

    private static async Task<string> TextAsync(MemoryAssetStore store, string path)
    {
        using var source = await store.OpenAsync(path, default);
        var bytes = new byte[source.Length];
        await source.ReadAsync(0, bytes, 0, bytes.Length, default);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
