using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Time without media: filled or jumped over, told, and never a reason to move what follows.</summary>
public class GapTests
{
    private static (MadeStream Video, MadeStream Audio, LiveArchiveMaker Maker) Broken(int lostVideo, int lostAudio)
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, 1_544_716_459);
        video.Lose(4, lostVideo);
        audio.Lose(4, lostAudio);
        return (video, audio, new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] });
    }

    private static long LastEndOf(SampleTable samples)
    {
        long end = samples.FirstDecodeTime;
        for (SampleCursor sample = samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            Assert.Equal(end, sample.DecodeTime);
            end += sample.Duration;
        }

        return end;
    }

    [Fact]
    public async Task Filled_tracks_have_no_gap_end_when_they_did_and_say_so()
    {
        (_, _, LiveArchiveMaker maker) = Broken(2, 3);
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        Presentation filled = GapHandler.Apply(source, GapHandling.Fill);

        foreach (TrackKind kind in new[] { TrackKind.Video, TrackKind.Audio })
        {
            Assert.Equal(source.Of(kind).Samples.EndDecodeTime, LastEndOf(filled.Of(kind).Samples));
        }

        Assert.Equal(source.Of(TrackKind.Video).Samples.Count, filled.Of(TrackKind.Video).Samples.Count);
        Assert.Contains(2 * 90000u + 3600, filled.Of(TrackKind.Video).Samples.Durations.Values);
        string[] told = [.. filled.Warnings.Where(warning => warning.Code == "GapFilled").Select(warning => warning.Message)];
        Assert.Equal(2, told.Length);
        Assert.Equal("Video track 'video': 2.000 s of media are missing at 4.021 s; the last picture is shown that long.", told[1]);
        Assert.Matches(@"^Audio track 'audio': 3\.0\d\d s of media are missing at \d\.\d{3} s; 14\d access units of silence take its place\.$", told[0]);
    }

    [Theory]
    [InlineData(GapHandling.Fill, OutputLayout.SingleFile)]
    [InlineData(GapHandling.Fill, OutputLayout.Segmented)]
    [InlineData(GapHandling.Discontinuity, OutputLayout.SingleFile)]
    [InlineData(GapHandling.Discontinuity, OutputLayout.Segmented)]
    public async Task The_output_has_every_sample_at_its_time_and_verifies(GapHandling handling, OutputLayout layout)
    {
        (_, _, LiveArchiveMaker maker) = Broken(2, 3);
        MemoryAssetStore store = maker.ToStore();
        (_, Presentation source) = await Read.AssetAsync(store);
        PackagingPlan plan = PackagingPlanner.Plan(
            GapHandler.Apply(source, handling), new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) });
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);

        VerificationReport report = await OutputVerifier.VerifyAsync(output.ToAsset(), plan.ManifestName, source, store, default);

        Assert.Empty(report.Findings);
        Assert.Equal(source.Tracks.Sum(track => track.Samples.Count), report.SamplesCompared);
    }

    [Fact]
    public async Task What_all_tracks_lack_is_a_discontinuity_in_every_playlist_where_that_is_asked_for()
    {
        (_, _, LiveArchiveMaker maker) = Broken(3, 4);
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        PackagingPlan plan = PackagingPlanner.Plan(GapHandler.Apply(source, GapHandling.Discontinuity), new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) });

        foreach (Rendition rendition in plan.Renditions)
        {
            Segment jump = Assert.Single(rendition.Segments, segment => segment.IsDiscontinuity);
            Assert.InRange((decimal)jump.Start / rendition.Track.Timescale, 7.0m, 8.2m);
        }

        string[] playlists = [.. plan.Manifests.Where(file => file.Path.Contains('/') && file.Path.EndsWith(".m3u8", StringComparison.Ordinal)).Select(Text)];
        Assert.Equal(3, playlists.Length);
        Assert.All(playlists, playlist => Assert.Single(playlist.Split('\n'), line => line == "#EXT-X-DISCONTINUITY"));
        Assert.Equal(2, plan.Warnings.Count(warning => warning.Code == "GapKept"));
    }

    [Fact]
    public async Task What_one_track_alone_lacks_is_filled_even_then()
    {
        (_, _, LiveArchiveMaker maker) = Broken(3, 0);
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        Presentation handled = GapHandler.Apply(source, GapHandling.Discontinuity);

        LastEndOf(handled.Of(TrackKind.Video).Samples);
        Assert.All(handled.Tracks, track => Assert.Empty(track.Discontinuities));
    }

    /// <summary>32 bits of ticks of 100 ns are seven minutes.</summary>
    [Fact]
    public async Task A_gap_of_ten_minutes_is_filled_even_where_ticks_of_Smooth_Streaming_cannot_count_it()
    {
        (MadeStream video, MadeStream audio) = Read.Streams(times: MadeTimes.SmoothTime);
        video.Jump(5, 600L * Read.Ticks);
        audio.Jump(5, 600L * Read.Ticks);
        MemoryAssetStore store = new LiveArchiveMaker("vod-fmp4") { Streams = [video, audio] }.ToStore();
        (_, Presentation source) = await Read.AssetAsync(store);

        Presentation filled = GapHandler.Apply(source, GapHandling.Fill);
        PackagingPlan plan = PackagingPlanner.Plan(filled, new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) });
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);

        Track track = filled.Of(TrackKind.Video);
        Assert.Equal(1_000_000u, track.Timescale);
        Assert.Equal(611_960_000 + 40_000, LastEndOf(track.Samples) - track.Samples.FirstDecodeTime);
        track.HasTimesOf(video);
        Assert.DoesNotContain("GapKept", filled.Codes());
        Assert.Equal(track, GapHandler.Apply(filled, GapHandling.Fill).Of(TrackKind.Video));
        VerificationReport report = await OutputVerifier.VerifyAsync(output.ToAsset(), plan.ManifestName, source, store, default);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task Players_do_not_wait_for_all_of_a_segment_that_a_gap_made_long()
    {
        (MadeStream video, MadeStream audio, LiveArchiveMaker maker) = Broken(0, 0);
        video.Jump(6, 90000L * 300);
        maker.Streams = [video];
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        PackagingPlan plan = PackagingPlanner.Plan(GapHandler.Apply(source, GapHandling.Fill), new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) });

        Assert.Contains("minBufferTime=\"PT10S\"", Text(plan.Manifests.Single(file => file.Path.EndsWith(".mpd", StringComparison.Ordinal))));
        Assert.InRange(plan.Renditions[0].PeakBandwidth, 30_000, 90_000);
        _ = audio;
    }

    [Fact]
    public async Task A_gap_of_days_is_not_filled_with_silence_that_would_fill_a_disk()
    {
        (MadeStream video, MadeStream audio, LiveArchiveMaker maker) = Broken(0, 0);
        video.Jump(6, 90000L * 3600 * 24 * 400);
        audio.Jump(6, 48000L * 3600 * 24 * 400);
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        Presentation handled = GapHandler.Apply(source, GapHandling.Fill);

        Assert.Equal(source.Of(TrackKind.Audio).Samples.Count, handled.Of(TrackKind.Audio).Samples.Count);
        Assert.Equal(2, handled.Warnings.Count(warning => warning.Code == "GapKept"));
    }

    [Fact]
    public async Task Without_gaps_nothing_changes()
    {
        (_, _, LiveArchiveMaker maker) = Broken(0, 0);
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        foreach (GapHandling handling in Enum.GetValues<GapHandling>())
        {
            Assert.Equal(source.Tracks, GapHandler.Apply(source, handling).Tracks);
        }

        Assert.Empty(GapHandler.Describe(source));
    }

    [Fact]
    public async Task Many_gaps_are_told_one_by_one_up_to_a_point_and_then_added_up()
    {
        (MadeStream video, MadeStream audio, LiveArchiveMaker maker) = Broken(0, 0);
        MadeStream fine = MadeStream.Of("live.mp4", TrackKind.Audio, 48000, 0, 0.1);
        fine.Chunks = [.. fine.Chunks.Where((_, i) => i % 2 == 0)];
        maker.Streams = [fine];
        (_, Presentation source) = await Read.AssetAsync(maker.ToStore());

        string[] told = [.. GapHandler.Apply(source, GapHandling.Fill).Warnings.Where(warning => warning.Code == "GapFilled").Select(warning => warning.Message)];

        Assert.Equal(21, told.Length);
        Assert.Matches(@"^Audio track 'audio': \d+ more gaps of \d\.\d{3} s in all were filled\.$", told[^1]);
        _ = (video, audio);
    }

    private static string Text(OutputFile file) => System.Text.Encoding.UTF8.GetString([.. file.Extents.SelectMany(extent => extent.Literal!)]);
}
