using System.Text;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.InPlace;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
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
}
