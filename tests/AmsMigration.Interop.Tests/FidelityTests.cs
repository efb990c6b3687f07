using System.Text.Json;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>Every sample is there, bit for bit, at its time: by our own reader, by ffmpeg, by mediabunny and by mp4box.</summary>
public class FidelityTests(Outputs outputs, Readers readers)
{
    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Our_own_reader_finds_every_sample_of_the_source(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);

        AmsVerificationResult check = await OutputCheck.RunAsync(
            new LocalAssetStore(output.Result.Destination), new LocalAssetStore(output.Source), default);

        Assert.Empty(check.Findings);
        Assert.Equal(output.Tracks.Sum(track => (long)track.Source.Samples.Count), check.SamplesCompared);
        Assert.Equal(output.Result.Tracks.Length, check.Renditions);
    }

    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Ffmpeg_hashes_what_a_playlist_names_like_the_stream_of_the_source(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);
        foreach (OutputTrack track in output.Tracks)
        {
            string expected = await StreamHashAsync("-i", track.SourceFile, "-map", $"0:i:{track.Source.SourceTrackId}");
            string actual = await StreamHashAsync("-allowed_extensions", "ALL", "-i", track.MediaPlaylist, "-map", "0");
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Mediabunny_sees_every_packet_at_its_time(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);
        JsonElement read = await readers.PacketsAsync(output.Tracks.Select(track => track.JoinedFile()));
        for (int i = 0; i < output.Tracks.Count; i++)
        {
            JsonElement track = Assert.Single(read[i].GetProperty("tracks").EnumerateArray());
            AssertPackets([.. Packets(output.Tracks[i].Source)], [.. Packets(track)]);
        }
    }

    [Theory]
    [MemberData(nameof(Media.All), MemberType = typeof(Media))]
    public async Task Mediabunny_reads_the_source_as_we_do(string asset)
    {
        Output output = await outputs.GetAsync(asset, OutputLayout.SingleFile);
        string[] files = [.. output.Tracks.Select(track => track.SourceFile).Distinct()];
        JsonElement read = await readers.PacketsAsync(files);
        foreach (OutputTrack track in output.Tracks)
        {
            JsonElement seen = read[Array.IndexOf(files, track.SourceFile)].GetProperty("tracks").EnumerateArray()
                .Single(t => t.GetProperty("id").GetUInt32() == track.Source.SourceTrackId);
            Packet[] expected = [.. Packets(track.Source)];
            Packet[] actual = [.. Packets(seen)];
            bool isMoved = output.Result.Warnings.Any(warning => warning.StartsWith(track.Source.SourceFile + ": ", StringComparison.Ordinal) && warning.Contains("is taken to start at 0"));
            if (track.IsSmooth)
            {
                // mediabunny knows neither the times of Smooth fragments (tfxd) nor where they hide which samples are key frames.
                Assert.Equal(expected.Select(packet => packet.Bytes), actual.Select(packet => packet.Bytes));
                continue;
            }

            AssertPackets(isMoved ? FromZero(expected) : expected, isMoved ? FromZero(actual) : actual);
        }
    }

    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Mp4box_reads_every_box_and_sample(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);
        JsonElement read = await readers.BoxesAsync(output.Tracks.Select(track => track.JoinedFile()));
        for (int i = 0; i < output.Tracks.Count; i++)
        {
            JsonElement track = Assert.Single(read[i].GetProperty("tracks").EnumerateArray());
            Assert.Equal(output.Tracks[i].Source.Samples.Count, track.GetProperty("samples").GetInt32());
            Assert.Equal(output.Tracks[i].Source.Samples.TotalBytes, track.GetProperty("bytes").GetInt64());
            Assert.Equal(output.Tracks[i].Track.CodecString, track.GetProperty("codec").GetString(), ignoreCase: true);
            Assert.True(read[i].GetProperty("isFragmented").GetBoolean());
            Assert.Contains("cmfc", read[i].GetProperty("brands").EnumerateArray().Select(brand => brand.GetString()));
        }
    }

    [Theory]
    [MemberData(nameof(Media.Smooth), MemberType = typeof(Media))]
    public async Task Ffmpeg_reads_the_times_of_Smooth_fragments_as_we_do(string asset)
    {
        Output output = await outputs.GetAsync(asset, OutputLayout.SingleFile);
        foreach (OutputTrack track in output.Tracks)
        {
            string text = await Needs.FfmpegAsync(
                "-copyts", "-i", track.SourceFile, "-map", $"0:i:{track.Source.SourceTrackId}", "-c", "copy", "-f", "framecrc", "-");
            double[] expected = [.. Packets(track.Source).Select(packet => packet.Microseconds)];
            List<double> actual = Assert.Single(FrameList.Times(text));
            Assert.Equal(expected.Length, actual.Count);
            // Pictures that are reordered start late without an edit list; we take that back.
            Assert.All(expected.Zip(actual), times => Assert.Equal(times.First - expected[0], times.Second - actual[0], 1.0));
        }
    }

    private static Packet[] FromZero(Packet[] packets) =>
        [.. packets.Select(packet => packet with { Microseconds = packet.Microseconds - packets[0].Microseconds })];

    private static void AssertPackets(Packet[] expected, Packet[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach ((Packet a, Packet b) in expected.Zip(actual))
        {
            Assert.Equal((a.Bytes, a.IsKey), (b.Bytes, b.IsKey));
            Assert.Equal(a.Microseconds, b.Microseconds, 1.0);
        }
    }

    private static IEnumerable<Packet> Packets(Track track)
    {
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            yield return new(track.ToPresentationTime(sample.CompositionTime) * 1e6 / track.Timescale, sample.Size, sample.IsSync);
        }
    }

    private static IEnumerable<Packet> Packets(JsonElement track) =>
        track.GetProperty("packets").EnumerateArray().Select(packet => new Packet(packet[0].GetDouble(), packet[1].GetInt64(), packet[2].GetBoolean()));

    private static async Task<string> StreamHashAsync(params string[] input)
    {
        string output = await Needs.FfmpegAsync([.. input, "-c", "copy", "-f", "streamhash", "-hash", "md5", "-"]);
        return output[output.IndexOf("MD5=", StringComparison.Ordinal)..];
    }

    private sealed record Packet(double Microseconds, long Bytes, bool IsKey);
}
