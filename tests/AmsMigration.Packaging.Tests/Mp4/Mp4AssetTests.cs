using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>The real assets.</summary>
public class Mp4AssetTests
{
    [Fact]
    public void The_renditions_of_an_AMS_asset_are_read_alike()
    {
        string folder = Needs.Shared("assets/mbr-mp4-interview1");
        string[] files = Directory.GetFiles(folder, "*.mp4");
        Assert.Equal(7, files.Length);
        foreach (string file in files)
        {
            MediaFileContent content = Read(System.IO.File.ReadAllBytes(file));
            Track audio = content.Tracks[0];
            Track video = content.Tracks[1];
            Assert.Equal((477, 44100u, "en", 488_448), (audio.Samples.Count, audio.Timescale, audio.Language, audio.Samples.EndDecodeTime));
            Assert.Equal((329, 29970u, 329_011, 1019), (video.Samples.Count, video.Timescale, video.Samples.EndDecodeTime, video.MediaTime));
            Assert.Equal([0, 150, 300], video.Samples().Select((sample, i) => (sample, i)).Where(s => s.sample.IsSync).Select(s => s.i));
            Assert.Contains("0.034001 s", Assert.Single(content.Warnings).Message);
            Assert.All(content.Tracks, track => Assert.Null(track.Label));
        }
    }

    [Fact]
    public void A_Smooth_file_without_times_is_read()
    {
        MediaFileContent content = Read(System.IO.File.ReadAllBytes(Needs.Shared("assets/smooth-small/small.ismv")));
        Track video = Assert.Single(content.Tracks);
        Assert.Equal((43, 10_000_000u, 0, 20_429_600), (video.Samples.Count, video.Timescale, video.Samples.FirstDecodeTime, video.Samples.EndDecodeTime));
        Assert.Equal(243_358, video.Samples.TotalBytes);
        Assert.Equal([0, 19], video.Samples().Select((sample, i) => (sample, i)).Where(s => s.sample.IsSync).Select(s => s.i));
        Assert.Empty(content.Warnings);
    }
}
