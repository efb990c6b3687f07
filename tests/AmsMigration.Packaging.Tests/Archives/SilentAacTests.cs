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

    /// <summary>Half the rate in the core and the extension left out: the decoder doubles silence, and each access unit lasts 2048 samples all the same.</summary>
    [Theory]
    [InlineData("00101 0110 0001 0011 00010 000", 1)]
    [InlineData("00101 0110 0010 0011 00010 000", 2)]
    public async Task Silence_of_HE_AAC_decodes_to_silence_at_the_full_rate(string configuration, int channels)
    {
        Assert.SkipWhen(Tools.Ffmpeg is null, "ffmpeg is not on this machine");
        byte[] unit = SilentAac.Create(AudioSpecificConfig.Read(Boxes.Bits(configuration)))!;
        byte[] file = new MovieBuilder().Audio(1, unit.Length, entry: Boxes.Audio("mp4a", channels, 48000, [Boxes.Esds(0x40, Boxes.Bits(configuration))])).Build();
        for (int i = 0; i < 25; i++)
        {
            unit.CopyTo(file, file.Length - ((i + 1) * unit.Length));
        }

        string source = Path.GetTempFileName();
        string decoded = source + ".raw";
        try
        {
            await File.WriteAllBytesAsync(source, file);

            (int exitCode, _, string error) = await ProcessRunner.RunAsync(
                Tools.Ffmpeg!, ["-v", "info", "-nostdin", "-xerror", "-i", source, "-map", "0:a", "-ac", "1", "-f", "s16le", decoded], TimeSpan.FromMinutes(1));

            Assert.True(exitCode == 0, error);
            Assert.Contains("48000 Hz", error);
            byte[] sound = await File.ReadAllBytesAsync(decoded);
            Assert.Equal(25 * 2048 * sizeof(short), sound.Length);
            Assert.DoesNotContain(sound, value => value != 0);
        }
        finally
        {
            File.Delete(source);
            File.Delete(decoded);
        }
    }
}
