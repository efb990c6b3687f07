using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>Fragmented files (ISO/IEC 14496-12 8.8).</summary>
public class Mp4FragmentTests
{
    private static readonly IList<MadeSample> _frames = MadeTrack.Video(30).Samples;

    private static MadeTraf Frames(int first, int count, Action<MadeTraf>? shape = null)
    {
        var traf = new MadeTraf { Samples = [.. _frames.Skip(first).Take(count)], DecodeTime = first * 40 };
        shape?.Invoke(traf);
        return traf;
    }

    private static byte[] File(params MadeTraf[] trafs) =>
        new Mp4Maker { Tracks = [MadeTrack.Video(0)], Fragments = [.. trafs.Select(traf => MadeFragment.Of(traf))] }.ToArray();

    private static (Track Track, string[] Codes) ReadFrames(params MadeTraf[] trafs)
    {
        MediaFileContent content = Read(File(trafs));
        return (Assert.Single(content.Tracks), content.Codes());
    }

    private static Dictionary<string, Action<MadeTraf>> TrafShapes { get; } = new()
    {
        ["base is the moof"] = _ => { },
        ["base is explicit"] = traf => traf.Base = MadeBase.Explicit,
        ["base is what it was"] = traf => traf.Base = MadeBase.Following,
        ["32-bit time"] = traf => traf.TimeVersion = 0,
        ["no time"] = traf => traf.DecodeTime = null,
        ["Smooth time"] = traf => (traf.SmoothTime, traf.DecodeTime) = (traf.DecodeTime, null),
        ["32-bit Smooth time"] = traf => (traf.SmoothTime, traf.DecodeTime, traf.TimeVersion) = (traf.DecodeTime, null, 0),
        ["wrong Smooth time beside a right one"] = traf => traf.SmoothTime = 99_999,
        ["several runs, the later without an offset"] = traf => traf.SamplesPerRun = 3,
        ["run of version 0"] = traf => traf.RunVersion = 0,
        ["uuid and unknown boxes"] = traf => traf.Bend = box => box.With(new TestBox("uuid").Zeros(30), new TestBox("zzzz"), new TestBox("senc") { ClaimedSize = 3 }),
        ["explicit description"] = traf => traf.Description = 1,
    };

    public static TheoryData<string> Shapes => [.. TrafShapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Samples_are_found_in_every_shape_of_fragment(string shape)
    {
        byte[] file = File(Frames(0, 10, TrafShapes[shape]), Frames(10, 10, TrafShapes[shape]), Frames(20, 10, TrafShapes[shape]));
        MediaFileContent content = Read(file);
        Assert.Single(content.Tracks).AssertIs(_frames, file);
        Assert.Empty(content.Warnings);
    }

    [Fact]
    public void Durations_that_only_tfhd_has_stand_for_all_samples_issue_252()
    {
        MadeSample[] audio = [.. MadeTrack.Audio(30).Samples.Select(sample => sample with { Data = [1, 2, 3, 4, 5] })];
        var traf = new MadeTraf { TrackId = 2, Samples = audio, Defaults = MadeDefaults.InHeader };
        MadeTrack track = MadeTrack.Audio(0);
        byte[] file = new Mp4Maker { Tracks = [track], Fragments = [MadeFragment.Of(traf)] }.ToArray();
        Assert.Single(Read(file).Tracks).AssertIs(audio, file);
    }

    [Fact]
    public void Defaults_of_the_track_stand_where_the_fragment_has_none()
    {
        var traf = new MadeTraf { Samples = [.. Enumerable.Range(0, 4).Select(i => new MadeSample(77, [(byte)i, 0, 0], IsSync: false))], Defaults = MadeDefaults.InHeader };
        traf.Bend = box =>
        {
            box.Remove("tfhd");
            box.Children.Insert(0, TestBox.Full("tfhd", 0, 0x20000).U32(1));
        };
        var maker = new Mp4Maker
        {
            Tracks = [MadeTrack.Video(0)],
            Fragments = [MadeFragment.Of(traf)],
            Bend = moov => moov["mvex/trex"].Set(12, 77).Set(16, 3).Set(20, 0x01010000),
        };
        byte[] file = maker.ToArray();
        Assert.Single(Read(file).Tracks).AssertIs(traf.Samples, file);
    }

    [Theory]
    [InlineData(MadeBase.Movie)]
    [InlineData(MadeBase.Explicit)]
    [InlineData(MadeBase.Following)]
    public void Several_tracks_share_a_fragment(MadeBase trafBase)
    {
        IList<MadeSample> audio = MadeTrack.Audio(20).Samples;
        MadeFragment[] fragments = [.. Enumerable.Range(0, 2).Select(i => MadeFragment.Of(
            new MadeTraf { TrackId = 9, Base = trafBase, Samples = [.. _frames.Skip(i * 10).Take(10)], DecodeTime = i * 400 },
            new MadeTraf { TrackId = 55, Base = trafBase, Samples = [.. _frames.Take(3)] },
            new MadeTraf { TrackId = 201, Base = trafBase, Samples = [.. audio.Skip(i * 10).Take(10)], DecodeTime = i * 10_240 }))];
        byte[] file = new Mp4Maker { Tracks = [MadeTrack.Video(0, id: 9), MadeTrack.Audio(0, id: 201)], Fragments = fragments }.ToArray();
        MediaFileContent content = Read(file);
        Assert.Equal([9u, 201u], content.Tracks.Select(track => track.SourceTrackId));
        content.Tracks[0].AssertIs([.. _frames.Take(20)], file);
        content.Tracks[1].AssertIs(audio, file);
    }

    [Fact]
    public void Boxes_between_fragments_are_stepped_over()
    {
        byte[] between = [.. new TestBox("styp").Text("msdh").U32(0).ToArray(), .. new TestBox("sidx").Zeros(40).ToArray(), .. TestBox.Full("prft").Zeros(20).ToArray(), .. TestBox.Full("emsg").Zeros(20).ToArray()];
        var maker = new Mp4Maker
        {
            Tracks = [MadeTrack.Video(0)],
            Fragments = [new MadeFragment { Front = between, Trafs = [Frames(0, 15)] }, new MadeFragment { Front = between, Trafs = [Frames(15, 15)] }],
            Tail = new TestBox("mfra").With(TestBox.Full("tfra").Zeros(12), TestBox.Full("mfro").U32(32)).ToArray(),
        };
        byte[] file = maker.ToArray();
        MediaFileContent content = Read(file);
        Assert.Single(content.Tracks).AssertIs(_frames, file);
        Assert.Empty(content.Warnings);
    }

    [Fact]
    public void Samples_in_tables_come_before_those_in_fragments()
    {
        MadeTrack video = MadeTrack.Video(10);
        byte[] file = new Mp4Maker { Tracks = [video], Fragments = [MadeFragment.Of(Frames(10, 20, traf => traf.DecodeTime = null))] }.ToArray();
        Assert.Single(Read(file).Tracks).AssertIs(_frames, file);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Composition_offsets_are_signed_in_either_version_issue_88(byte version)
    {
        MadeSample[] samples = [.. _frames.Select((sample, i) => sample with { CompositionOffset = i % 3 == 1 ? -40 : i % 3 == 2 ? 40 : 0 })];
        var traf = new MadeTraf { Samples = samples, DecodeTime = 0, RunVersion = version };
        byte[] file = File(traf);
        Assert.Single(Read(file).Tracks).AssertIs(samples, file);
    }

    [Fact]
    public void A_Smooth_time_is_the_presentation_of_the_first_sample_and_may_be_negative_issue_136()
    {
        MadeSample[] samples = [.. _frames.Take(10).Select(sample => sample with { CompositionOffset = 80 })];
        foreach ((byte version, long time) in new[] { ((byte)0, -500L), ((byte)1, -500L), ((byte)1, 1_000_000_000_000L) })
        {
            (Track track, string[] codes) = ReadFrames(new MadeTraf { Samples = samples, SmoothTime = time, TimeVersion = version });
            Assert.Equal(time - 80, track.Samples.FirstDecodeTime);
            Assert.Equal(0, track.MediaTime);
            Assert.Empty(codes);
        }
    }

    [Fact]
    public void A_Smooth_time_of_32_bits_is_negative_at_the_start_alone()
    {
        MadeTraf Timed(int first, long time) => Frames(first, 10, traf => (traf.SmoothTime, traf.DecodeTime, traf.TimeVersion) = (time, null, 0));

        (Track track, string[] codes) = ReadFrames(Timed(0, -500), Timed(10, int.MaxValue + 1000L), Timed(20, uint.MaxValue - 500L));

        Assert.Equal([-500, int.MaxValue + 1000L, uint.MaxValue - 500L], track.Samples().Where((_, i) => i % 10 == 0).Select(sample => sample.DecodeTime));
        Assert.Empty(codes);
        Assert.Equal(int.MaxValue + 1000L, ReadFrames(Timed(0, int.MaxValue + 1000L)).Track.Samples.FirstDecodeTime);
    }

    [Fact]
    public void A_decode_time_of_64_bits_may_be_negative()
    {
        (Track track, string[] codes) = ReadFrames(Frames(0, 10, traf => traf.DecodeTime = -400), Frames(10, 10, traf => traf.DecodeTime = 0));

        Assert.Equal((-400, 400), (track.Samples.FirstDecodeTime, track.Samples.EndDecodeTime));
        Assert.Empty(codes);
    }

    [Fact]
    public void A_time_decades_behind_the_fragment_in_front_is_named_and_not_believed()
    {
        (Track track, string[] codes) = ReadFrames(Frames(0, 10), Frames(10, 10, traf => traf.DecodeTime = 1000L << 31), Frames(20, 10));

        Assert.Equal((0, 30 * 40), (track.Samples.FirstDecodeTime, track.Samples.EndDecodeTime));
        Assert.Equal(["FragmentTimeImpossible"], codes);
    }

    [Fact]
    public void An_offset_of_minutes_is_a_damaged_byte_and_moves_nothing()
    {
        MadeSample[] samples = [.. _frames.Take(10).Select((sample, i) => sample with { CompositionOffset = i == 3 ? 0x02000000 : i == 4 ? -60_000 : 40 })];

        (Track track, string[] codes) = ReadFrames(new MadeTraf { Samples = samples, DecodeTime = 0 });

        Assert.Equal([40, 40, 40, 40, 40, 40], track.Samples().Take(6).Select(sample => sample.CompositionOffset));
        Assert.Equal(["CompositionOffsetImpossible"], codes);
    }

    [Fact]
    public void Video_whose_fragments_tell_their_times_is_taken_by_the_letter()
    {
        MadeTraf traf = new() { Samples = [.. _frames.Select(sample => sample with { CompositionOffset = 80 })], DecodeTime = 0 };
        Assert.Equal(0, ReadFrames(traf).Track.MediaTime);
        traf.DecodeTime = null;
        (Track track, string[] codes) = ReadFrames(traf);
        Assert.Equal(80, track.MediaTime);
        Assert.Equal(["ImpliedEdit"], codes);
    }

    [Fact]
    public void A_gap_stays_a_gap()
    {
        (Track track, string[] codes) = ReadFrames(Frames(0, 10), Frames(10, 10, traf => traf.DecodeTime = 1000));
        Assert.Equal((360, 1000), (track.Samples()[9].DecodeTime, track.Samples()[10].DecodeTime));
        Assert.Equal(40u, track.Samples()[9].Duration);
        Assert.Empty(codes);
    }

    [Fact]
    public void A_start_far_from_zero_is_kept() =>
        Assert.Equal(14_730_376_000_000, ReadFrames(Frames(0, 10, traf => traf.DecodeTime = 14_730_376_000_000)).Track.Samples.FirstDecodeTime);

    [Theory]
    [InlineData(399, 39)]
    [InlineData(365, 5)]
    [InlineData(361, 1)]
    public void An_overlap_shortens_the_last_sample_in_front(long start, uint lastDuration)
    {
        MediaFileContent content = Read(File(Frames(0, 10), Frames(10, 10, traf => traf.DecodeTime = start)));
        List<ReadSample> samples = content.Tracks[0].Samples();
        Assert.Equal((start, lastDuration), (samples[10].DecodeTime, samples[9].Duration));
        AssertFollowing(samples);
        PackagingWarning warning = Assert.Single(content.Warnings);
        Assert.Equal("OverlappingFragments", warning.Code);
        Assert.Contains($"by up to {400 - start} ticks", warning.Message);
    }

    [Fact]
    public void A_long_overlap_shortens_as_many_samples_as_it_takes()
    {
        (Track track, string[] codes) = ReadFrames(Frames(0, 10), Frames(10, 10, traf => traf.DecodeTime = 250));
        List<ReadSample> samples = track.Samples();
        Assert.Equal(250, samples[10].DecodeTime);
        Assert.Equal([40, 40, 40, 40, 40, 40, 7, 1, 1, 1], samples[..10].Select(sample => (int)sample.Duration));
        AssertFollowing(samples);
        Assert.Equal(["OverlappingFragments"], codes);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(100)]
    public void A_fragment_that_does_not_start_behind_the_start_of_the_one_in_front_follows_it(long start)
    {
        (Track track, string[] codes) = ReadFrames(Frames(10, 10), Frames(20, 10, traf => traf.DecodeTime = start));
        Assert.Equal(800, track.Samples()[10].DecodeTime);
        Assert.Equal(["FragmentTimeIgnored"], codes);
    }

    [Fact]
    public void A_fragment_that_is_there_twice_is_taken_once_and_delays_nothing()
    {
        (Track track, string[] codes) = ReadFrames(Frames(0, 10, Vary), Frames(0, 10, Vary), Frames(10, 10));
        Assert.Equal((20, 400), (track.Samples.Count, track.Samples()[10].DecodeTime));
        Assert.Equal(["RepeatedFragment"], codes);

        static void Vary(MadeTraf traf) => traf.Samples[0] = traf.Samples[0] with { Data = [1, 2, 3, 4, 5, 6, 7] };
    }

    /// <summary>All samples have one size, so that sizes tell nothing.</summary>
    [Fact]
    public void Of_samples_of_one_size_the_media_tells_whether_a_fragment_is_there_twice()
    {
        (Track twice, string[] codes) = ReadFrames(Frames(0, 10), Frames(0, 10), Frames(10, 10));
        Assert.Equal((20, 400), (twice.Samples.Count, twice.Samples()[10].DecodeTime));
        Assert.Equal(["RepeatedFragment"], codes);

        (Track other, codes) = ReadFrames(Frames(0, 10), Frames(10, 10, traf => traf.DecodeTime = 0), Frames(20, 10));
        Assert.Equal((30, 800), (other.Samples.Count, other.Samples()[20].DecodeTime));
        Assert.Equal(["FragmentTimeIgnored"], codes);
    }

    [Fact]
    public void A_time_that_cannot_be_is_ignored()
    {
        (Track track, _) = ReadFrames(Frames(0, 10), Frames(10, 10, traf => traf.DecodeTime = long.MaxValue));
        Assert.Equal(400, track.Samples()[10].DecodeTime);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(uint.MaxValue)]
    public void A_wrong_sample_description_index_means_the_first_and_is_told_once(uint index)
    {
        (Track track, string[] codes) = ReadFrames(Frames(0, 10, traf => traf.Description = index), Frames(10, 10, traf => traf.Description = index));
        Assert.All(track.Samples(), sample => Assert.Equal(0, sample.Description));
        Assert.Equal(["WrongSampleDescription"], codes);
    }

    [Fact]
    public void Flags_of_Smooth_files_give_way_to_dependencies()
    {
        byte[] dependencies = [.. Enumerable.Range(0, 10).Select(i => (byte)(i % 5 == 0 ? 0x26 : 0x02))];
        (Track track, _) = ReadFrames(Frames(0, 10, traf => (traf.FlagsFirstOnly, traf.Dependencies) = (true, dependencies)));
        Assert.Equal([0, 5], track.Samples().Select((sample, i) => (sample, i)).Where(s => s.sample.IsSync).Select(s => s.i));
    }

    [Fact]
    public void Flags_of_Smooth_files_without_dependencies_leave_the_first_sample()
    {
        (Track track, _) = ReadFrames(Frames(0, 10, traf => traf.FlagsFirstOnly = true));
        Assert.Equal([0], track.Samples().Select((sample, i) => (sample, i)).Where(s => s.sample.IsSync).Select(s => s.i));
    }

    [Fact]
    public void Intra_only_video_is_all_sync_samples()
    {
        (Track track, _) = ReadFrames(Frames(0, 10, traf => traf.Samples = [.. traf.Samples.Select(sample => sample with { IsSync = true })]));
        Assert.All(track.Samples(), sample => Assert.True(sample.IsSync));
    }

    [Fact]
    public void A_fragment_that_is_cut_off_gives_its_whole_samples()
    {
        byte[] file = File(Frames(0, 10), Frames(10, 10), Frames(20, 10));
        ReadSample last = Read(file).Tracks[0].Samples()[24];
        MediaFileContent content = Read(file[..(int)(last.Offset + 3)]);
        Assert.Equal(24, content.Tracks[0].Samples.Count);
        Assert.Equal(["TruncatedFile", "TruncatedMedia"], content.Codes());
        Assert.Contains("lacks 6 of 30 samples", content.Warnings[1].Message);
    }

    [Fact]
    public void A_fragment_header_that_is_cut_off_ends_the_file()
    {
        byte[] file = File(Frames(0, 10), Frames(10, 10));
        int second = file.AsSpan().LastIndexOf("moof"u8) - 4;
        MediaFileContent content = Read(file[..(second + 50)]);
        Assert.Equal(10, content.Tracks[0].Samples.Count);
        Assert.Equal(["TruncatedFile"], content.Codes());
    }

    [Fact]
    public void A_damaged_fragment_costs_itself_alone()
    {
        MediaFileContent content = Read(File(
            Frames(0, 10), Frames(10, 10, traf => traf.Bend = box => box["trun"].Set(4, 5_000_000)), Frames(20, 10)));
        List<ReadSample> samples = content.Tracks[0].Samples();
        Assert.Equal((20, 800), (samples.Count, samples[10].DecodeTime));
        PackagingWarning warning = Assert.Single(content.Warnings);
        Assert.Equal("DamagedFragment", warning.Code);
        Assert.Contains("'trun' promises 5000000 samples", warning.Message);
    }

    [Fact]
    public void Samples_that_cost_no_bytes_are_bounded_by_the_file()
    {
        MediaFileContent content = Read(File(Frames(0, 10), Frames(10, 10, traf => traf.Bend = box =>
        {
            box.Remove("trun");
            box.With(TestBox.Full("trun", 0, 1).U32(2_000_000_000).U32(0));
        })));
        Assert.Equal(10, content.Tracks[0].Samples.Count);
        Assert.Equal(["DamagedFragment"], content.Codes());
    }

    [Fact]
    public void Many_fragments_take_a_read_each_at_most()
    {
        byte[] media = new byte[100_000];
        MadeTraf[] trafs = [.. Enumerable.Range(0, 40).Select(i => new MadeTraf { Samples = [.. Enumerable.Range(0, 10).Select(_ => new MadeSample(40, media))], DecodeTime = i * 400 })];
        var source = new CountingByteSource(File(trafs));
        Assert.Equal(400, Read(source).Tracks[0].Samples.Count);
        Assert.InRange(source.Reads, 1, 42);
        Assert.InRange(source.BytesRead, 1, 42 * 64 * 1024);
    }

    private static void AssertFollowing(List<ReadSample> samples)
    {
        for (int i = 1; i < samples.Count; i++)
        {
            Assert.Equal(samples[i].DecodeTime, samples[i - 1].DecodeTime + samples[i - 1].Duration);
        }
    }
}
