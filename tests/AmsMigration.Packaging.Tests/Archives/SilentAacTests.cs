using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

public class SilentAacTests
{
    [Theory]
    [InlineData(42, 2)]
    [InlineData(23, 2)]
    [InlineData(2, 0)]
    public void Where_silence_cannot_be_made_there_is_none(int objectType, int channels) =>
        Assert.Null(SilentAac.Create(new AudioSpecificConfig(objectType, false, false, 48000, 48000, channels, channels)));

    /// <summary>An independent decoder takes it without complaint, hears silence in the gap and sound on both sides.</summary>
    [Theory]
    [InlineData("live.mp4", 48000u)]
    [InlineData("mono.m4a", 44100u)]
    [InlineData("surround.m4a", 44100u)]
    public async Task Ffmpeg_decodes_silence_in_the_gap_and_nothing_else(string fixture, uint rate)
    {
        Assert.SkipWhen(Tools.Ffmpeg is null, "ffmpeg is not on this machine");
        MadeStream audio = MadeStream.Of(fixture, TrackKind.Audio, rate, 100 * rate);
        audio.Lose(2, 2);
        MemoryAssetStore store = new LiveArchiveMaker("vod-cmaf") { Streams = [audio] }.ToStore();
        (_, Presentation source) = await Read.AssetAsync(store);
        PackagingPlan plan = PackagingPlanner.Plan(GapHandler.Apply(source, GapHandling.Fill), new PackagingOptions());
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, output.Files[plan.Renditions[0].InitPath]);

            (int exitCode, string printed, string error) = await ProcessRunner.RunAsync(
                Tools.Ffmpeg!, ["-v", "info", "-nostdin", "-xerror", "-i", file, "-af", "silencedetect=noise=-70dB:duration=0.5", "-f", "null", "-"], TimeSpan.FromMinutes(1));

            Assert.True(exitCode == 0, error);
            string[] found = [.. (printed + error).Split('\n').Where(line => line.Contains("silence_end"))];
            string silence = Assert.Single(found);
            double length = double.Parse(silence.Split("silence_duration:")[1].Trim(), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(length, 1.8, 2.2);
            Assert.DoesNotContain("Error", error);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
