using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>Durations, composition offsets and edit lists.</summary>
public class Mp4TimeTests
{
    /// <summary>Frames of 40 ticks with one B frame between two others; the first composes at <paramref name="first"/>.</summary>
    private static MadeTrack Reordered(int first)
    {
        MadeTrack video = MadeTrack.Video(21);
        video.Samples = [.. video.Samples.Select((sample, i) => sample with { CompositionOffset = first + (i == 0 ? 0 : i % 2 == 1 ? 40 : -40) })];
        return video;
    }

    [Theory]
    [InlineData(40, 0)]
    [InlineData(40, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    public void Composition_offsets_are_signed_in_either_version(int first, byte version)
    {
        MadeTrack video = Reordered(first);
        video.CompositionVersion = version;
        Assert.Equal(video.Samples.Select(sample => sample.CompositionOffset), ReadOne(video).Samples().Select(sample => sample.CompositionOffset));
    }

    [Fact]
    public void An_offset_of_minutes_is_a_damaged_byte_unless_all_samples_are_delayed_so()
    {
        MadeTrack video = MadeTrack.Video(30);
        video.Samples = [.. video.Samples.Select((sample, i) => sample with { CompositionOffset = i == 3 ? 0x02000000 : i % 2 == 0 ? 40 : 80 })];
        MediaFileContent content = Read(video);
        Assert.All(Assert.Single(content.Tracks).Samples(), sample => Assert.InRange(sample.CompositionOffset, 40, 80));
        Assert.Contains("CompositionOffsetImpossible", content.Codes());

        video.Samples = [.. video.Samples.Select(sample => sample with { CompositionOffset = 20_000 })];
        content = Read(video);
        Assert.All(Assert.Single(content.Tracks).Samples(), sample => Assert.Equal(20_000, sample.CompositionOffset));
        Assert.DoesNotContain("CompositionOffsetImpossible", content.Codes());
    }

    [Fact]
    public void Video_without_an_edit_list_starts_with_its_first_frame_and_says_so()
    {
        MediaFileContent content = Read(Reordered(80));
        Track track = Assert.Single(content.Tracks);
        Assert.Equal(80, track.MediaTime);
        Assert.Equal(0, track.Samples().Min(sample => track.ToPresentationTime(sample.CompositionTime)));
        PackagingWarning warning = Assert.Single(content.Warnings);
        Assert.Equal("ImpliedEdit", warning.Code);
        Assert.Contains("0.08 s", warning.Message);
    }

    [Fact]
    public void Audio_without_an_edit_list_is_taken_by_the_letter()
    {
        MadeTrack audio = MadeTrack.Audio(10);
        audio.Samples = [.. audio.Samples.Select(sample => sample with { CompositionOffset = 100 })];
        MediaFileContent content = Read(audio);
        Assert.Equal((0, 0), (content.Tracks[0].MediaTime, content.Tracks[0].Delay));
        Assert.Empty(content.Warnings);
    }

    public static TheoryData<string, (long, long, uint)[], long, long, string[]> Edits => new()
    {
        { "none", [], 0, 0, [] },
        { "whole", [(840, 0, 0x10000)], 0, 0, [] },
        { "skips", [(760, 80, 0x10000)], 80, 0, [] },
        { "to the end", [(0, 80, 0x10000)], 80, 0, [] },
        { "empty in front", [(500, -1, 0x10000), (840, 0, 0x10000)], 0, 500, [] },
        { "two empty in front", [(500, -1, 0x10000), (250, -1, 0x10000), (760, 80, 0x10000)], 80, 750, [] },
        { "only empty", [(500, -1, 0x10000)], 0, 500, [] },
        { "in two pieces that meet", [(400, 0, 0x10000), (440, 400, 0x10000)], 0, 0, [] },
        { "in two pieces that meet to a tick", [(400, 0, 0x10000), (440, 402, 0x10000)], 0, 0, [] },
        { "cut", [(200, 0, 0x10000), (440, 400, 0x10000)], 0, 0, ["EditsIgnored"] },
        { "repeated", [(400, 0, 0x10000), (400, 0, 0x10000)], 0, 0, ["EditsIgnored"] },
        { "pause", [(400, 0, 0x10000), (100, -1, 0x10000), (440, 400, 0x10000)], 0, 0, ["EditsIgnored"] },
        { "half speed", [(840, 0, 0x8000)], 0, 0, ["EditRateIgnored"] },
        { "dwell", [(840, 0, 0)], 0, 0, ["EditRateIgnored"] },
        { "ends early by less than a frame", [(810, 0, 0x10000)], 0, 0, [] },
        { "ends early", [(640, 0, 0x10000)], 0, 0, ["EditEndIgnored"] },
        { "skips past the end", [(640, 9000, 0x10000)], 0, 0, ["EditListIgnored"] },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Edit_lists_become_a_media_time_and_a_delay(string name, (long, long, uint)[] edits, long mediaTime, long delay, string[] codes)
    {
        Assert.NotEmpty(name);
        foreach (bool isLong in new[] { false, true })
        {
            MadeTrack video = MadeTrack.Video(21);
            (video.Edits, video.IsLongEditList) = ([.. edits], isLong);
            MediaFileContent content = Read(video);
            Track track = Assert.Single(content.Tracks);
            Assert.Equal((mediaTime, delay), (track.MediaTime, track.Delay));
            Assert.Equal(21, track.Samples.Count);
            Assert.Equal(codes, content.Codes());
        }
    }

    [Fact]
    public void Delays_are_in_the_movie_timescale_and_media_times_in_the_track_timescale()
    {
        MadeTrack audio = MadeTrack.Audio(100);
        audio.Edits = [(300, -1, 0x10000), (1260, 1024, 0x10000)];
        Track track = Assert.Single(Read(new Mp4Maker { Timescale = 600, Tracks = [audio] }).Tracks);
        Assert.Equal((1024, 24_000), (track.MediaTime, track.Delay));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(uint.MaxValue)]
    public void A_cut_names_where_it_is(uint movieTimescale)
    {
        MadeTrack video = MadeTrack.Video(100);
        video.Edits = [(1000, 0, 0x10000), (1000, 2000, 0x10000)];
        string message = Assert.Single(Read(video).Warnings).Message;
        Assert.Contains("goes on at media time 2 s where the part in front of it ends at 1 s", message);

        MediaFileContent odd = Read(new Mp4Maker { Timescale = movieTimescale, Tracks = [video] });
        Assert.Equal(100, Assert.Single(odd.Tracks).Samples.Count);
        Assert.NotEmpty(odd.Warnings);
    }

    [Fact]
    public void Durations_past_the_end_of_their_table_repeat_the_last_one()
    {
        MadeTrack video = MadeTrack.Video(10);
        video.Bend = trak => trak["mdia/minf/stbl/stts"].Set(8, 7);
        Assert.Equal(400, ReadOne(video).Samples.EndDecodeTime);
    }

    [Fact]
    public void A_duration_that_is_negative_is_paid_back_by_the_next_ones()
    {
        MadeTrack video = MadeTrack.Video(10);
        video.Samples[4] = video.Samples[4] with { Duration = unchecked((uint)-15) };
        Track track = ReadOne(video);
        Assert.Equal([0, 40, 80, 120, 160, 161, 185, 225, 265, 305], track.Samples().Select(sample => sample.DecodeTime));
        Assert.Equal(345, track.Samples.EndDecodeTime);
    }
}
