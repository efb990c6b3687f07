using System.Text.Json;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>Every sample is there, bit for bit, at its time: by our own reader, by ffmpeg and by mediabunny.</summary>
public class FidelityTests(Outputs outputs)
{
    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Our_own_reader_finds_every_sample_of_the_source(string asset, OutputLayout layout)
    {
        AmsConversionResult result = await outputs.GetAsync(asset, layout);

        AmsVerificationResult check = await OutputCheck.RunAsync(
            new LocalAssetStore(result.Destination), new LocalAssetStore(Outputs.AssetFolder(asset)), default);

        Assert.Empty(check.Findings);
        Assert.True(check.SamplesCompared > 0);
        Assert.Equal(result.Tracks.Length, check.Renditions);
    }

    [Theory]
    [MemberData(nameof(Media.AllAssets), MemberType = typeof(Media))]
    public async Task Ffmpeg_hashes_each_stream_like_that_of_the_source(string asset)
    {
        string ffmpeg = Needs.Ffmpeg();
        AmsConversionResult result = await outputs.GetAsync(asset, OutputLayout.SingleFile);
        foreach ((AmsTrack output, Track source) in await PairsAsync(asset, result))
        {
            string expected = await StreamHashAsync(ffmpeg, Path.Combine(Outputs.AssetFolder(asset), source.SourceFile), $"0:i:{source.SourceTrackId}");
            string actual = await StreamHashAsync(ffmpeg, Path.Combine(result.Destination, output.File), "0:0");
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Media.AllAssets), MemberType = typeof(Media))]
    public async Task Mediabunny_sees_every_packet_at_its_time(string asset)
    {
        AmsConversionResult result = await outputs.GetAsync(asset, OutputLayout.SingleFile);
        foreach ((AmsTrack output, Track source) in await PairsAsync(asset, result))
        {
            JsonElement read = await Needs.NodeAsync("packets.mjs", Path.Combine(result.Destination, output.File));
            JsonElement track = Assert.Single(read.GetProperty("tracks").EnumerateArray());
            List<(long Time, long Size)> expected = [];
            for (SampleCursor sample = source.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
            {
                expected.Add(((long)Math.Round(source.ToPresentationTime(sample.CompositionTime) * 1e6 / source.Timescale), sample.Size));
            }

            List<(long Time, long Size)> actual = [.. track.GetProperty("packets").EnumerateArray().Select(p => (p[0].GetInt64(), p[2].GetInt64()))];
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Media.AllAssets), MemberType = typeof(Media))]
    public async Task Mp4box_reads_every_box_and_sample(string asset)
    {
        AmsConversionResult result = await outputs.GetAsync(asset, OutputLayout.SingleFile);
        foreach ((AmsTrack output, Track source) in await PairsAsync(asset, result))
        {
            JsonElement read = await Needs.NodeAsync("boxes.mjs", Path.Combine(result.Destination, output.File));
            JsonElement track = Assert.Single(read.GetProperty("tracks").EnumerateArray());
            Assert.Equal(source.Samples.Count, track.GetProperty("samples").GetInt32());
            Assert.Contains("cmfc", read.GetProperty("brands").EnumerateArray().Select(brand => brand.GetString()));
        }
    }

    /// <summary>Each output track with the source's; the fixtures start at 0, so nothing is shifted.</summary>
    private static async Task<IEnumerable<(AmsTrack Output, Track Source)>> PairsAsync(string asset, AmsConversionResult result)
    {
        AssetContent content = await AssetReader.ReadAsync(new LocalAssetStore(Outputs.AssetFolder(asset)), default);
        List<Track> sources = [.. content.Presentations.SelectMany(presentation => presentation.Tracks)];
        Assert.Equal(sources.Count, result.Tracks.Length);
        return result.Tracks.Zip(sources);
    }

    private static async Task<string> StreamHashAsync(string ffmpeg, string file, string stream)
    {
        (int exitCode, string output, string error) = await ProcessRunner.RunAsync(
            ffmpeg, ["-v", "error", "-i", file, "-map", stream, "-c", "copy", "-f", "streamhash", "-hash", "md5", "-"], TimeSpan.FromMinutes(1));
        Assert.True(exitCode == 0, error);
        return output.Substring(output.IndexOf("MD5=", StringComparison.Ordinal));
    }
}
