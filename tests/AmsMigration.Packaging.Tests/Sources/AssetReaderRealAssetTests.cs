using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Sources;

public class AssetReaderRealAssetTests
{
    [Fact]
    public async Task Seven_bit_rates_and_one_sound_come_from_a_manifest_without_head()
    {
        MemoryAssetStore store = MemoryAssetStore.OfFolder(Needs.Shared("assets/mbr-mp4-interview1"));

        AssetContent content = await AssetReader.ReadAsync(store, CancellationToken.None);

        Assert.Equal(AssetFormat.Mp4, content.Format);
        Assert.Empty(content.Warnings);
        Assert.Equal(["MBRtoSmooth.ism"], content.ServerManifests);
        Presentation presentation = Assert.Single(content.Presentations);
        Assert.Equal("MBRtoSmooth", presentation.Name);
        Assert.Equal(7, presentation.Tracks.Count(track => track.Kind == TrackKind.Video));
        Track audio = Assert.Single(presentation.Tracks, track => track.Kind == TrackKind.Audio);
        Assert.Equal("interview1_384p_H264_184Kbps_AAC.mp4", audio.SourceFile);
        Assert.Equal(["MBRtoSmooth.ism"], content.OtherFiles.Select(file => file.Path));
        Assert.Equal(0, store.StillOpen);
        Assert.All(store.Opened.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task The_same_files_without_manifest_are_one_presentation_too()
    {
        string folder = Needs.Shared("assets/mbr-mp4-interview1");
        var store = new MemoryAssetStore("interview");
        foreach (string file in Directory.GetFiles(folder, "*.mp4"))
        {
            store.With(Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        AssetContent content = await AssetReader.ReadAsync(store, CancellationToken.None);

        Assert.Equal(AssetFormat.BareMp4, content.Format);
        Presentation presentation = Assert.Single(content.Presentations);
        Assert.Equal("interview1", presentation.Name);
        Assert.Equal(7, presentation.Tracks.Count(track => track.Kind == TrackKind.Video));
        Assert.Single(presentation.Tracks, track => track.Kind == TrackKind.Audio);
    }

    [Fact]
    public async Task A_smooth_asset_is_one_presentation()
    {
        MemoryAssetStore store = MemoryAssetStore.OfFolder(Needs.Shared("assets/smooth-small"));

        AssetContent content = await AssetReader.ReadAsync(store, CancellationToken.None);

        Assert.Equal(AssetFormat.Smooth, content.Format);
        Presentation presentation = Assert.Single(content.Presentations);
        Track video = Assert.Single(presentation.Tracks);
        Assert.Equal(952962, video.NominalBitrate);
        Assert.Equal(512, video.Descriptions[0].Codec.Width);
        long end = TimeMath.Rescale(video.Samples.EndDecodeTime, video.Timescale, TimeMath.TimeSpanTimescale);
        Assert.InRange(end - 20429600, -400_000, 400_000);
    }
}
