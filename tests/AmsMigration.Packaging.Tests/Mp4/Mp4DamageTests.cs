using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>Files that are cut off, that lie, or that are none.</summary>
public class Mp4DamageTests
{
    [Fact]
    public void An_empty_file_is_refused_as_such() => Assert.Equal(("NotMp4", "made.mp4, offset 0: the file is empty"), Describe([]));

    [Fact]
    public void A_text_file_is_refused_as_such()
    {
        Assert.Equal("NotMp4", Describe([.. "This is a text file that somebody called interview.mp4, as happens."u8]).Code);
        Assert.Equal("NotMp4", Describe([.. "hi"u8]).Code);
        Assert.Equal("NotMp4", Describe(new byte[100_000]).Code);
    }

    [Fact]
    public void A_recording_without_its_movie_box_is_refused_with_the_reason()
    {
        byte[] file = new Mp4Maker { Tracks = [MadeTrack.Video(30)], IsMovieLast = true }.ToArray();
        (string code, string message) = Describe(file[..300]);
        Assert.Equal(("MissingMovie", "made.mp4, offset 300: there is no 'moov' box up to here, so nothing says what it plays; the file may be cut off"), (code, message));
    }

    [Fact]
    public void A_media_segment_without_its_initialization_is_refused_as_such()
    {
        MadeFragment fragment = MadeFragment.Of(new MadeTraf { Samples = MadeTrack.Video(5).Samples });
        (string code, string message) = Describe(fragment.ToArray(0));
        Assert.Equal("MissingMovie", code);
        Assert.Contains("media segment", message);
    }

    [Fact]
    public void A_track_whose_sample_entry_is_damaged_is_left_out_by_name()
    {
        MadeTrack video = MadeTrack.Video(5, id: 7);
        video.Entries = [new TestBox("avc1").Zeros(6).U16(1).Zeros(70).With(new TestBox("avcC")).ToArray()];
        LeftOutTrack left = Assert.Single(Read(video, MadeTrack.Audio(5)).LeftOut);
        Assert.Equal((7u, "H.264", true), (left.TrackId, left.Codec, left.IsMedia));
        Assert.Contains("avcC", left.Reason);
        Assert.False(left.Reason.EndsWith(".."));
    }

    [Fact]
    public void A_file_that_ends_in_its_movie_box_is_refused_with_the_place()
    {
        byte[] file = new Mp4Maker { Tracks = [MadeTrack.Video(30)] }.ToArray();
        Assert.Equal(("TruncatedFile", "made.mp4, offset 20: the file ends inside 'moov', so nothing says what it plays"), Describe(file[..200]));
    }

    [Fact]
    public void A_compressed_movie_box_is_refused_by_name()
    {
        byte[] file = new Mp4Maker { Bend = moov => moov.With(new TestBox("cmov").Zeros(30)) }.ToArray();
        (string code, string message) = Describe(file);
        Assert.Equal("CompressedHeader", code);
        Assert.Contains("cmov", message);
    }

    [Fact]
    public void A_truncated_file_is_converted_up_to_its_last_whole_sample()
    {
        var maker = new Mp4Maker { Tracks = [MadeTrack.Video(50), MadeTrack.Audio(50)] };
        byte[] file = maker.ToArray();
        Track whole = Read(file).Tracks[0];
        ReadSample cut = whole.Samples()[33];
        MediaFileContent content = Read(file[..(int)(cut.Offset + cut.Size - 1)]);
        Assert.Equal(33, content.Tracks[0].Samples.Count);
        Assert.Equal(whole.Samples()[..33], content.Tracks[0].Samples());
        Assert.Equal(["TruncatedFile", "TruncatedMedia", "TruncatedMedia"], content.Codes());
        Assert.Contains($"track 1 lacks 17 of 50 samples: the first of them should lie at offset {cut.Offset}", content.Warnings[1].Message);
    }

    [Fact]
    public void A_track_of_which_nothing_is_left_is_left_out()
    {
        MadeTrack video = MadeTrack.Video(5);
        video.Bend = trak => trak["mdia/minf/stbl/stco"].Set(8, 0x7FFFFFFF);
        MediaFileContent content = Read(video, MadeTrack.Audio(5));
        Assert.Single(content.Tracks);
        Assert.Contains("behind the end of the file", Assert.Single(content.LeftOut).Reason);
    }

    [Theory]
    [InlineData("stts", 4, "'stts' promises 4000000000 entries of 8 bytes but has 8 bytes for them")]
    [InlineData("stsz", 8, "'stsz' promises 4000000000 entries of 4 bytes but has 40 bytes for them")]
    [InlineData("stco", 4, "'stco' promises 4000000000 entries of 4 bytes but has 8 bytes for them")]
    [InlineData("stsc", 4, "'stsc' promises 4000000000 entries of 12 bytes but has 12 bytes for them")]
    [InlineData("stss", 4, "'stss' promises 4000000000 entries of 4 bytes but has 4 bytes for them")]
    public void A_table_that_promises_more_than_it_has_is_named(string type, int at, string expected)
    {
        MadeTrack video = MadeTrack.Video(10);
        video.Bend = trak => trak["mdia/minf/stbl/" + type].Set(at, 4_000_000_000);
        MediaFileContent content = Read(video, MadeTrack.Audio(10));
        Assert.Single(content.Tracks);
        Assert.Contains(expected, Assert.Single(content.LeftOut).Reason);
    }

    [Fact]
    public void More_samples_of_one_size_than_the_file_has_bytes_are_a_lie()
    {
        MadeTrack audio = MadeTrack.Audio(10);
        audio.Samples = [.. audio.Samples.Select(sample => sample with { Data = [1, 2] })];
        audio.Bend = trak => trak["mdia/minf/stbl/stsz"].Set(8, 2_000_000_000);
        Assert.Contains("promises 2000000000 samples", Assert.Single(Read(audio).LeftOut).Reason);
    }

    [Fact]
    public void A_box_of_the_tables_that_is_longer_than_its_parent_is_named()
    {
        MadeTrack video = MadeTrack.Video(10);
        video.Bend = trak => trak["mdia/minf/stbl/stsc"].ClaimedSize = 5000;
        Assert.Contains("'stsc' in 'stbl' claims 5000 bytes", Assert.Single(Read(video).LeftOut).Reason);
    }

    [Fact]
    public void Samples_without_a_chunk_are_counted()
    {
        MadeTrack video = MadeTrack.Video(20);
        video.Bend = trak => trak["mdia/minf/stbl/stco"].Set(4, 3);
        MediaFileContent content = Read(video);
        Assert.Equal(15, content.Tracks[0].Samples.Count);
        Assert.Contains("5 of 20 samples in no chunk", Assert.Single(content.Warnings).Message);
    }

    [Fact]
    public void A_time_that_cannot_be_costs_the_track()
    {
        MadeTrack video = MadeTrack.Video(20);
        (video.Timescale, video.Samples) = (1, [.. video.Samples.Select(sample => sample with { Duration = 4_200_000_000 })]);
        Assert.Contains("at 1 ticks a second", Assert.Single(Read(video).LeftOut).Reason);
    }

    private static (string Code, string Message) Describe(byte[] file)
    {
        PackagingException refusal = Refusal(file);
        return (refusal.Code, refusal.Message);
    }
}
