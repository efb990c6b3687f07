using System.Globalization;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.InPlace;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.SmoothStreaming;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Track folders without their header: the client manifest says how to decode them, or the track is left out by name.</summary>
public class LostHeaderTests
{
    private const long Start = 1_544_716_459;

    private static (MadeStream Video, MadeStream Audio) Streams(uint video = 90_000, uint audio = 48_000, MadeTimes times = MadeTimes.DecodeTime)
    {
        (MadeStream frames, MadeStream sound) = Read.Streams(video, audio, Start, times);
        return (frames.Described(), sound.Described());
    }

    private static MemoryAssetStore Store(MadeStream video, MadeStream audio, string format = "vod-cmaf", int chunkSamples = 0) =>
        new LiveArchiveMaker(format) { Streams = [video, audio], ChunkSamples = chunkSamples }.ToStore();

    private static MemoryAssetStore WithoutHeaders(MemoryAssetStore store, params MadeStream[] streams)
    {
        foreach (MadeStream stream in streams)
        {
            store.Without($"{stream.Folder}/header");
        }

        return store;
    }

    [Theory]
    [InlineData("vod-cmaf", MadeTimes.DecodeTime, 90_000u, 48_000u, 0)]
    [InlineData("ll-cmaf", MadeTimes.DecodeTime, 90_000u, 48_000u, 5)]
    [InlineData("vod-fmp4", MadeTimes.SmoothTime, Read.Ticks, Read.Ticks, 0)]
    [InlineData("live-fmp4", MadeTimes.None, 1_000u, 1_000u, 0)]
    public async Task The_track_is_what_it_was_with_its_header(string format, MadeTimes times, uint videoTimescale, uint audioTimescale, int chunkSamples)
    {
        (MadeStream video, MadeStream audio) = Streams(videoTimescale, audioTimescale, times);
        (_, Presentation whole) = await Read.AssetAsync(Store(video, audio, format, chunkSamples));
        MemoryAssetStore store = WithoutHeaders(Store(video, audio, format, chunkSamples), video, audio);

        (AssetContent content, Presentation lost) = await Read.AssetAsync(store);

        AssertSame(whole, lost);
        Assert.Equal([audio.Folder, video.Folder], lost.Warnings.Where(warning => warning.Code == "HeaderRebuilt").Select(warning => warning.File));
        Assert.Equal(whole.Codes().Append("HeaderRebuilt").Order(), lost.Codes().Distinct().Order());
        Assert.Equal(["event.ism", "event.ismc"], content.OtherFiles.Select(file => file.Path));
    }

    [Theory]
    [InlineData("hevc-hdr/clip.mp4", TrackKind.Video, "HVC1", "hvcC")]
    [InlineData("surround/clip.mp4", TrackKind.Audio, "EC-3", "dec3")]
    public async Task Other_codecs_come_back_too(string asset, TrackKind kind, string fourCC, string configuration)
    {
        MadeStream stream = MadeStream.Of($"../assets/{asset}", kind, 48_000, Start * 48_000);
        (_, Presentation whole) = await Read.AssetAsync(new LiveArchiveMaker("vod-cmaf") { Streams = [stream] }.ToStore());
        Track track = Assert.Single(whole.Tracks);
        stream.FourCC = fourCC;
        stream.CodecPrivateData = SmoothCodec.Of(track)?.PrivateData
            ?? "00063F000000AF87FBA7022DFB42A4D405CD93843BDD" + Convert.ToHexString(Box(track, configuration).Content());
        MemoryAssetStore store = WithoutHeaders(new LiveArchiveMaker("vod-cmaf") { Streams = [stream] }.ToStore(), stream);

        (_, Presentation lost) = await Read.AssetAsync(store);

        Track rebuilt = Assert.Single(lost.Tracks);
        Assert.Equal(Describe(track), Describe(rebuilt));
        Assert.Equal(Box(track, configuration).ToBox(), Box(rebuilt, configuration).ToBox());
        Assert.Equal(Samples(whole, track), Samples(lost, rebuilt));
    }

    [Fact]
    public async Task The_output_is_sound_and_has_every_sample()
    {
        (MadeStream video, MadeStream audio) = Streams();
        MemoryAssetStore store = WithoutHeaders(Store(video, audio), video, audio);
        (_, Presentation presentation) = await Read.AssetAsync(store);
        var output = new MemoryOutputStore();

        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions());
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);

        MemoryAssetStore written = new("static");
        output.Files.ToList().ForEach(file => written.With(file.Key, file.Value));
        VerificationReport report = await OutputVerifier.VerifyAsync(written, plan.ManifestName, presentation, store, default);
        Assert.Empty(report.Findings);
        Assert.Equal(SampleCount(video, audio), report.SamplesCompared);
    }

    [Fact]
    public async Task An_archive_plays_where_it_lies_without_the_headers_that_it_lost()
    {
        (MadeStream video, MadeStream audio) = Streams();
        video.TrackId = 7;
        MemoryAssetStore store = WithoutHeaders(Store(video, audio), video, audio);
        (_, Presentation presentation) = await Read.AssetAsync(store);

        PackagingPlan plan = await InPlacePlanner.PlanAsync(store, presentation, new PackagingOptions(), GapHandling.Fill, default);

        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        output.Files.ToList().ForEach(file => store.With(file.Key, file.Value));
        VerificationReport report = await OutputVerifier.VerifyAsync(store, plan.ManifestName, presentation, store, default);
        Assert.Empty(report.Findings);
        Assert.Equal(SampleCount(video, audio), report.SamplesCompared);
    }

    /// <summary>The manifest and the names of the blobs count in 100 ns, the fragments do not.</summary>
    [Theory]
    [InlineData(MadeTimes.DecodeTime)]
    [InlineData(MadeTimes.None)]
    public async Task Fragments_that_count_in_other_ticks_than_the_manifest_tell_so(MadeTimes times)
    {
        (MadeStream video, MadeStream audio) = Streams(times: times);
        (MadeStream listedVideo, MadeStream listedAudio) = Streams(Read.Ticks, Read.Ticks, times);
        (_, Presentation whole) = await Read.AssetAsync(Counted(video, audio, listedVideo, listedAudio));

        (_, Presentation lost) = await Read.AssetAsync(WithoutHeaders(Counted(video, audio, listedVideo, listedAudio), video, audio));

        AssertSame(whole, lost);
    }

    /// <summary>A frame of AAC lasts 1024 samples, whatever a manifest says.</summary>
    [Fact]
    public async Task Frames_of_AAC_tell_what_they_count_in()
    {
        (MadeStream video, MadeStream audio) = Streams();
        (_, Presentation whole) = await Read.AssetAsync(Store(video, audio));
        string manifest = AssetManifests.Client([video, audio]).Replace("TimeScale=\"48000\"", "TimeScale=\"44100\"", StringComparison.Ordinal);

        (_, Presentation lost) = await Read.AssetAsync(WithoutHeaders(Store(video, audio), audio).With("event.ismc", manifest));

        AssertSame(whole, lost);
    }

    [Fact]
    public async Task What_is_damaged_in_some_fragments_does_not_change_what_the_others_count_in()
    {
        (MadeStream video, MadeStream audio) = Streams();
        video.Lose(1, 2);
        video.Chunks[0].CutTo = 0;
        audio.Chunks[1].CutTo = 40;
        (_, Presentation whole) = await Read.AssetAsync(Store(video, audio));

        (_, Presentation lost) = await Read.AssetAsync(WithoutHeaders(Store(video, audio), video, audio));

        AssertSame(whole, lost);
    }

    public static TheoryData<string, string> Refusals => new(Faults.Select(fault => (fault.Key, fault.Value.Reason)));

    /// <summary>What keeps the header of the video from being rebuilt, and words of the reason that is given.</summary>
    private static Dictionary<string, (Action<MadeStream> Bend, Func<string, string>? Manifest, string Reason)> Faults { get; } = new()
    {
        ["no configuration"] = (video => video.CodecPrivateData = "", null, "the client manifest has no CodecPrivateData"),
        ["no parameter sets"] = (video => video.CodecPrivateData = "0000000168E843B2C8B0", null, "no parameter sets of H.264"),
        ["a set that is cut off"] = (video => video.CodecPrivateData = "0000000167640000000168E843B2C8B0", null, "no parameter sets of H.264"),
        ["another codec"] = (video => video.FourCC = "WVC1", null, "a codec 'WVC1'"),
        ["lengths of three bytes"] = (_ => { }, ismc => ismc.Replace("FourCC=\"H264\"", "FourCC=\"H264\" NALUnitLengthField=\"3\""), "lengths of 3 bytes"),
        ["another bit rate"] = (_ => { }, ismc => ismc.Replace("Bitrate=\"1000000\"", "Bitrate=\"2000000\""), "of its bit rate 1000000 the client manifest has 0"),
        ["another stream"] = (_ => { }, ismc => ismc.Replace("Name=\"video\"", "Name=\"film\""), "no such stream"),
        ["protection"] = (_ => { }, ismc => ismc.Replace("</SmoothStreamingMedia>", "<Protection><ProtectionHeader SystemID=\"9a04f079-9840-4286-ab92-e65be0885f95\"/></Protection></SmoothStreamingMedia>"), "by the client manifest it is encrypted"),
        ["encrypted fragments"] = (video => video.Bend = traf => traf.Bend = box => box.With(TestBox.Full("senc").U32(0)), null, "its fragments are encrypted"),
        ["durations by the header"] = (video =>
        {
            video.HasDefaultDurations = true;
            video.Bend = traf => traf.Bend = box => box.Children[0] = TestBox.Full("tfhd", 0, 0x20000).U32(1);
        }, null, "leave sizes or durations of their samples to it"),
        ["ticks that nobody counts in"] = (_ => { }, ismc => ismc.Replace("d=\"90000\"", "d=\"135000\""), "its fragments seem to count 60000 ticks a second, where the client manifest counts 90000"),
        ["frames that last for seconds"] = (_ => { }, ismc => ismc.Replace("TimeScale=\"90000\"", "TimeScale=\"1000\""), "it would have 0.28 frames a second"),
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_be_rebuilt_is_left_out_by_name_and_the_others_play(string fault, string reason)
    {
        (MadeStream video, MadeStream audio) = Streams();
        Faults[fault].Bend(video);
        MemoryAssetStore store = WithoutHeaders(Store(video, audio), video);
        if (Faults[fault].Manifest is Func<string, string> change)
        {
            string manifest = AssetManifests.Client([video, audio]);
            Assert.NotEqual(manifest, change(manifest));
            store.With("event.ismc", change(manifest));
        }

        (AssetContent content, Presentation presentation) = await Read.AssetAsync(store);

        presentation.Of(TrackKind.Audio).HasTimesOf(audio, (decimal)audio.Chunks[0].Name / audio.Timescale);
        PackagingWarning warning = Assert.Single(presentation.Warnings, w => w.Code == "HeaderMissing");
        Assert.Equal(video.Folder, warning.File);
        Assert.Contains(reason, warning.Message, StringComparison.Ordinal);
        Assert.Equal(video.Chunks.Count, content.OtherFiles.Count(file => file.Path.StartsWith(video.Folder + "/", StringComparison.Ordinal)));
    }

    /// <summary>An archive whose names and manifest are those of other streams.</summary>
    private static MemoryAssetStore Counted(MadeStream video, MadeStream audio, MadeStream listedVideo, MadeStream listedAudio)
    {
        MemoryAssetStore store = Store(listedVideo, listedAudio);
        foreach ((MadeStream stream, MadeStream listed) in new[] { (video, listedVideo), (audio, listedAudio) })
        {
            MemoryAssetStore real = Store(video, audio);
            store.With($"{stream.Folder}/header", LiveArchiveMaker.ToHeader(stream));
            foreach ((MadeChunk chunk, MadeChunk name) in stream.Chunks.Zip(listed.Chunks))
            {
                store.With($"{stream.Folder}/{name.Name}", ReadAll(real, $"{stream.Folder}/{chunk.Name}"));
            }
        }

        return store;
    }

    private static byte[] ReadAll(MemoryAssetStore store, string path)
    {
        using IByteSource source = store.OpenAsync(path, default).GetAwaiter().GetResult();
        var bytes = new byte[source.Length];
        source.ReadAsync(0, bytes, 0, bytes.Length, default).GetAwaiter().GetResult();
        return bytes;
    }

    private static long SampleCount(params MadeStream[] streams) => streams.Sum(stream => stream.Chunks.Sum(chunk => (long)chunk.Samples.Count));

    /// <summary>Every sample is the same one at the same time, and decodes by the same configuration.</summary>
    private static void AssertSame(Presentation expected, Presentation actual)
    {
        Assert.Equal(expected.Tracks.Select(Describe).Order(), actual.Tracks.Select(Describe).Order());
        foreach (TrackKind kind in expected.Tracks.Select(track => track.Kind))
        {
            Assert.Equal(Configuration(expected.Of(kind)), Configuration(actual.Of(kind)));
            Assert.Equal(Samples(expected, expected.Of(kind)), Samples(actual, actual.Of(kind)));
        }
    }

    private static string Describe(Track track) => string.Create(
        CultureInfo.InvariantCulture,
        $"{track.Name} {track.Language} {track.Timescale} {track.Descriptions[0].Codec with { DashSupplementalProperties = [] }} {track.NominalBitrate}");

    private static byte[] Configuration(Track track) =>
        track.Kind == TrackKind.Video ? Box(track, "avcC").ToBox() : ElementaryStream.Read(Box(track, "esds")).DecoderConfig;

    private static SampleEntryBox Box(Track track, string type) => SampleEntryBox.OfEntry(track.Descriptions[0].Entry, "", 0)
        .Children(track.Kind == TrackKind.Video ? VideoEntryReader.FixedSize : AudioEntryReader.FixedSize).Single(box => box.Type == type);

    private static IEnumerable<(string File, long Offset, uint Size, long Time, bool IsSync)> Samples(Presentation presentation, Track track)
    {
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            yield return (presentation.Files[sample.File].Path, sample.Offset, sample.Size, track.ToPresentationTime(sample.CompositionTime), sample.IsSync);
        }
    }
}
