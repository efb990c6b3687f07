using System.Globalization;
using System.Xml.Linq;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.InPlace;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Tests.Manifests;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Archives that are played where they lie: nothing is written but headers and manifests.</summary>
public class InPlaceTests
{
    private const long Start = 1_544_716_459;

    private static LiveArchiveMaker Maker(int chunkSamples = 0, Action<MadeStream, MadeStream>? bend = null, string format = "vod-cmaf")
    {
        (MadeStream video, MadeStream audio) = Read.Streams(90000, 48000, Start);
        video.TrackId = 7;
        bend?.Invoke(video, audio);
        return new LiveArchiveMaker(format) { Streams = [video, audio], ChunkSamples = chunkSamples };
    }

    private static async Task<PackagingPlan> PlanAsync(MemoryAssetStore store, GapHandling handling = GapHandling.Fill)
    {
        AssetContent content = await AssetReader.ReadAsync(store, default);
        Presentation presentation = await PresentationContent.ReadAsync(store, Assert.Single(content.Presentations), default);
        PackagingPlan plan = await InPlacePlanner.PlanAsync(store, presentation, new PackagingOptions(), handling, default);
        Assert.Equal(0, store.StillOpen);
        return plan;
    }

    /// <summary>Writes the plan into the archive and verifies both.</summary>
    private static async Task<VerificationReport> VerifyAsync(MemoryAssetStore store, PackagingPlan plan)
    {
        Presentation source = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        foreach ((string path, byte[] content) in output.Files)
        {
            store.With(path, content);
        }

        return await OutputVerifier.VerifyAsync(store, plan.ManifestName, source, store, default);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Nothing_is_written_but_headers_and_manifests_and_every_sample_plays_at_its_time(int chunkSamples)
    {
        LiveArchiveMaker maker = Maker(chunkSamples);
        MemoryAssetStore store = maker.ToStore();

        PackagingPlan plan = await PlanAsync(store);

        Assert.All(plan.Renditions, rendition => Assert.EndsWith("/init.mp4", Assert.Single(rendition.Files).Path, StringComparison.Ordinal));
        Assert.All(plan.Files.SelectMany(file => file.Extents), extent => Assert.NotNull(extent.Literal));
        Assert.Equal(maker.Streams[0].Chunks.Select(chunk => $"video_1000000/{chunk.Name}"), plan.Renditions.Single(rendition => rendition.Track.Kind == TrackKind.Video).Segments.Select(segment => segment.Path));
        VerificationReport report = await VerifyAsync(store, plan);
        Assert.Empty(report.Findings);
        Assert.Equal(maker.Streams.Sum(stream => stream.Chunks.Sum(chunk => (long)chunk.Samples.Count)), report.SamplesCompared);
        string mpd = MadeUp.Text([.. plan.Files], "event.mpd");
        Assert.Contains("media=\"video_1000000/$Time$\"", mpd, StringComparison.Ordinal);
        Assert.Empty(MpdSchema.Validate(mpd));
    }

    [Fact]
    public async Task Blobs_that_are_not_named_after_their_times_are_named_one_by_one()
    {
        LiveArchiveMaker maker = Maker();
        MemoryAssetStore store = maker.ToStore();
        MemoryAssetStore renamed = new("event");
        foreach (AssetFileContent file in await ContentsAsync(store))
        {
            bool isFragment = file.Path.StartsWith("video_1000000/", StringComparison.Ordinal) && !file.Path.EndsWith("header", StringComparison.Ordinal);
            renamed.With(isFragment ? $"video_1000000/{long.Parse(file.Path.Split('/')[1], CultureInfo.InvariantCulture) + 1}" : file.Path, file.Bytes);
        }

        PackagingPlan plan = await PlanAsync(renamed);

        string mpd = MadeUp.Text([.. plan.Files], "event.mpd");
        Assert.Contains($"<SegmentURL media=\"{plan.Renditions.Single(r => r.Track.Kind == TrackKind.Video).Segments[2].Path}\"", mpd, StringComparison.Ordinal);
        Assert.Contains("urn:mpeg:dash:profile:isoff-main:2011", mpd, StringComparison.Ordinal);
        Assert.Empty(MpdSchema.Validate(mpd));
        Assert.Empty((await VerifyAsync(renamed, plan)).Findings);
    }

    [Fact]
    public async Task What_all_tracks_lack_is_jumped_over_where_that_is_wanted()
    {
        LiveArchiveMaker maker = Maker(bend: (video, audio) => { video.Lose(4, 2); audio.Lose(4, 2); });
        MemoryAssetStore store = maker.ToStore();

        PackagingException refusal = await Assert.ThrowsAsync<PackagingException>(() => PlanAsync(store));
        Assert.Equal(InPlacePlanner.Refused, refusal.Code);
        Assert.Contains("'Discontinuity'", refusal.Message, StringComparison.Ordinal);

        PackagingPlan plan = await PlanAsync(store, GapHandling.Discontinuity);
        Assert.All(plan.Renditions, rendition => Assert.Single(rendition.Segments, segment => segment.IsDiscontinuity));
        string mpd = MadeUp.Text([.. plan.Files], "event.mpd");
        Assert.Equal(2, XDocument.Parse(mpd).Root!.Elements().Count(element => element.Name.LocalName == "Period"));
        Assert.Empty(MpdSchema.Validate(mpd));
        VerificationReport report = await VerifyAsync(store, plan);
        Assert.Empty(report.Findings);
        Assert.True(report.SamplesCompared > 0);
    }

    public static TheoryData<string, string> Refusals => new(Faults.Select(fault => (fault.Key, fault.Value.Reason)));

    /// <summary>What is wrong with the archive, and words of the reason that is given.</summary>
    private static Dictionary<string, (Action<MadeStream, MadeStream> Bend, string Reason)> Faults { get; } = new()
    {
        ["no tfdt"] = ((video, _) => video.Times = MadeTimes.SmoothTime, "tfdt"),
        ["a gap in one track"] = ((video, _) => video.Lose(4, 2), "not in the other tracks"),
        ["a track that begins late"] = ((_, audio) => audio.Lose(0, 3), "it begins 2.987 s after"),
        ["overlapping fragments"] = ((video, _) => video.Jump(3, -9000), "before the fragment in front of it ends"),
        ["cut off"] = ((video, _) => video.Chunks[3].CutTo = 2000, "ends inside"),
        ["empty"] = ((video, _) => video.Chunks[3].CutTo = 0, "no whole fragment"),
        ["encrypted"] = ((_, audio) => audio.Bend = traf => traf.Bend = box => box.With(TestBox.Full("senc").U32(0)), "encrypted"),
        ["places in a whole file"] = ((video, _) => video.Bend = traf => traf.Base = MadeBase.Explicit, "whole file"),
        ["sync flags on everything"] = ((video, _) => video.Bend = traf => traf.FlagsFirstOnly = true, "flags samples as sync samples"),
        ["negative offsets in version 0"] = ((video, _) =>
        {
            video.RunVersion = 0;
            video.Bend = traf => traf.Samples = [.. traf.Samples.Select(sample => sample with { CompositionOffset = sample.CompositionOffset - 9000 })];
        }, "version 0"),
        ["no sync sample at the start"] = ((video, _) => video.Bend = traf => traf.Samples = [.. traf.Samples.Select((sample, i) => sample with { IsSync = i == 3 })], "begin with a sync sample"),
        ["samples without duration"] = ((_, audio) => audio.Bend = traf => traf.Samples[2] = traf.Samples[2] with { Duration = 0 }, "without duration"),
        ["another sample description"] = ((video, _) => video.Description = 2, "sample description 2 of 1"),
        ["another track_ID in one fragment"] = ((video, _) => video.Bend = traf => traf.TrackId = traf.DecodeTime == video.Chunks[5].Time ? 3u : 7u, "belongs to track 3"),
        ["samples that are not in the mdat"] = ((_, audio) => audio.Bend = traf => traf.Bend = box => box["trun"].Set(8, 4), "not in the 'mdat'"),
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_players_could_not_play_is_refused_with_track_fragment_and_reason(string fault, string reason)
    {
        MemoryAssetStore store = Maker(bend: Faults[fault].Bend).ToStore();

        PackagingException refusal = await Assert.ThrowsAsync<PackagingException>(() => PlanAsync(store, GapHandling.Discontinuity));

        Assert.Equal(InPlacePlanner.Refused, refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Matches("^(video_1000000|audio_128000)/[0-9]+$", refusal.File);
    }

    [Fact]
    public async Task A_header_inside_a_fragment_is_refused()
    {
        LiveArchiveMaker maker = Maker();
        MemoryAssetStore store = maker.ToStore();
        AssetFileContent[] files = [.. await ContentsAsync(store)];
        AssetFileContent fragment = files.Where(file => file.Path.StartsWith("audio_128000/", StringComparison.Ordinal)).ElementAt(4);
        store.With(fragment.Path, [.. files.Single(file => file.Path == "audio_128000/header").Bytes.SkipWhile((_, i) => i < 20), .. fragment.Bytes]);

        PackagingException refusal = await Assert.ThrowsAsync<PackagingException>(() => PlanAsync(store));

        Assert.Contains("header of its own", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What stands in a fragment may be anything: it is refused, or what is planned can be read.</summary>
    [Fact]
    public async Task Damaged_fragments_are_refused_or_play()
    {
        var random = new Random(47);
        for (int i = 0; i < 200; i++)
        {
            MemoryAssetStore store = Maker(i % 2 == 0 ? 0 : 5).ToStore();
            AssetFileContent[] files = [.. (await ContentsAsync(store)).Where(file => file.Path.Contains('/'))];
            AssetFileContent file = files[random.Next(files.Length)];
            byte[] bytes = [.. file.Bytes];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 600))] ^= (byte)(1 << random.Next(8));
            }

            store.With(file.Path, bytes);
            try
            {
                await PlanAsync(store, GapHandling.Discontinuity);
            }
            catch (PackagingException)
            {
                // A reason that says what is wrong is all that is asked for.
            }
        }
    }

    private sealed record AssetFileContent(string Path, byte[] Bytes);

    private static async Task<IReadOnlyList<AssetFileContent>> ContentsAsync(MemoryAssetStore store)
    {
        List<AssetFileContent> contents = [];
        foreach (AssetFile file in await store.ListAsync(default))
        {
            using IByteSource source = await store.OpenAsync(file.Path, default);
            var bytes = new byte[file.Length];
            await source.ReadAsync(0, bytes, 0, bytes.Length, default);
            contents.Add(new AssetFileContent(file.Path, bytes));
        }

        return contents;
    }
}
