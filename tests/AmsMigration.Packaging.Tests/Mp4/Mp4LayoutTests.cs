using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>Boxes in every order and shape that files have them in.</summary>
public class Mp4LayoutTests
{
    private static readonly byte[] Wide = new TestBox("wide").ToArray();

    public static TheoryData<string> Shapes => [.. Makers.Keys];

    private static Dictionary<string, Action<Mp4Maker>> Makers { get; } = new()
    {
        ["plain"] = _ => { },
        ["movie last"] = maker => maker.IsMovieLast = true,
        ["64-bit media box"] = maker => maker.HasLargeMediaBoxes = true,
        ["several media boxes"] = maker => (maker.MediaBoxes, maker.IsMovieLast) = (3, true),
        ["media to the end of the file"] = maker => maker.IsMediaToEndOfFile = true,
        ["no ftyp"] = maker => maker.Brand = null,
        ["wide and free in front"] = maker => maker.Front = [.. Wide, .. new TestBox("free").Zeros(100).ToArray()],
        ["movie box to the end of the file"] = maker => (maker.IsMovieLast, maker.Bend) = (true, moov => moov.ClaimedSize = 0),
        ["64-bit movie box"] = maker => maker.Bend = moov => moov.IsLarge = true,
        ["four zeros behind the last child"] = maker => maker.Bend = moov => moov.Tail = [0, 0, 0, 0],
        ["eight zeros behind the last child"] = maker => maker.Bend = moov => moov.Tail = new byte[8],
        ["free of size 3"] = maker => maker.Bend = moov => moov.With(new TestBox("free") { ClaimedSize = 3 }),
        ["junk at the end of the tables"] = maker => maker.Tracks[0].Bend = trak => trak["mdia/minf/stbl"].Tail = [0, 0, 0, 0],
        ["udta that ends with a zero"] = maker => maker.Bend = moov => moov.With(new TestBox("udta").With(new TestBox("©nam").Text("x")).U32(0)),
        ["udta with a box longer than itself"] = maker => maker.Tracks[0].Bend = trak => trak.With(new TestBox("udta").With(new TestBox("name") { ClaimedSize = 999 })),
        ["QuickTime meta without a version"] = maker => maker.Bend = moov => moov.With(new TestBox("meta").With(TestBox.Full("hdlr").Zeros(20))),
        ["iods and unknown boxes"] = maker => maker.Bend = moov => moov.Children.Insert(0, new TestBox("iods").Zeros(5)),
        ["zeros behind the last box"] = maker => maker.Tail = new byte[5000],
        ["co64"] = maker => maker.Tracks[0].HasLargeOffsets = true,
        ["stz2 of 16 bits"] = maker => maker.Tracks[0].CompactSizeBits = 16,
        ["stz2 of 8 bits"] = maker => maker.Tracks[1].CompactSizeBits = 8,
        ["stz2 of 4 bits"] = maker => maker.Tracks[1].CompactSizeBits = 4,
        ["one sample a chunk"] = maker => maker.Tracks[0].SamplesPerChunk = 1,
        ["one chunk"] = maker => maker.Tracks[0].SamplesPerChunk = 1000,
        ["a last chunk table entry that promises more"] = maker => maker.Tracks[1].Bend = trak => trak["mdia/minf/stbl/stsc"].Set(trak["mdia/minf/stbl/stsc"].ContentLength - 8, 77),
        ["long edit list"] = maker => (maker.Tracks[0].Edits, maker.Tracks[0].IsLongEditList) = ([(0, 0, 0x10000)], true),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Samples_are_found_in_every_layout(string shape)
    {
        var maker = new Mp4Maker { Tracks = [MadeTrack.Video(23), MadeTrack.Audio(31)] };
        Makers[shape](maker);
        byte[] file = maker.ToArray();
        MediaFileContent content = Read(file);
        Assert.Equal([TrackKind.Video, TrackKind.Audio], content.Tracks.Select(track => track.Kind));
        content.Tracks[0].AssertIs(maker.Tracks[0], file);
        content.Tracks[1].AssertIs(maker.Tracks[1], file);
        Assert.Empty(content.Warnings);
        Assert.Empty(content.LeftOut);
    }

    [Fact]
    public void Samples_of_one_size_are_found()
    {
        MadeTrack audio = MadeTrack.Audio(12);
        audio.Samples = [.. audio.Samples.Select((sample, i) => sample with { Data = [(byte)i, 1, 2, 3] })];
        byte[] file = new Mp4Maker { Tracks = [audio] }.ToArray();
        Assert.Single(Read(file).Tracks).AssertIs(audio, file);
    }

    [Fact]
    public void Junk_behind_the_last_box_is_a_warning()
    {
        var maker = new Mp4Maker { Tracks = [MadeTrack.Video(3)], Tail = [.. "<html>this was appended by a proxy</html>"u8] };
        PackagingWarning warning = Assert.Single(Read(maker).Warnings);
        Assert.Equal("JunkAtEnd", warning.Code);
        Assert.StartsWith("41 bytes behind offset", warning.Message);
    }

    [Fact]
    public void A_second_movie_is_a_warning()
    {
        byte[] first = new Mp4Maker { Tracks = [MadeTrack.Video(3)] }.ToArray();
        MediaFileContent content = Read([.. first, .. first]);
        Assert.Equal(["SecondMovie"], content.Codes());
        Assert.Equal(3, Assert.Single(content.Tracks).Samples.Count);
    }

    [Fact]
    public void A_large_file_with_the_movie_at_its_end_takes_three_reads()
    {
        MadeTrack video = MadeTrack.Video(200);
        video.Samples = [.. video.Samples.Select(sample => sample with { Data = new byte[10_000] })];
        var source = new CountingByteSource(new Mp4Maker { Tracks = [video, MadeTrack.Audio(10_000)], IsMovieLast = true }.ToArray());
        MediaFileContent content = Read(source);
        Assert.Equal(2, content.Tracks.Count);
        Assert.True(source.Reads <= 3, $"{source.Reads} reads");
        Assert.InRange(source.BytesRead, 1, 64 * 1024 + 16 * 1024 + 64 * 1024);
    }

    [Fact]
    public void Sample_descriptions_that_no_sample_uses_are_dropped()
    {
        MadeTrack video = MadeTrack.Video(10);
        video.Entries = [SampleEntries.Pcm, SampleEntries.Avc, SampleEntries.Timecode, SampleEntries.Avc];
        video.Samples = [.. video.Samples.Select((sample, i) => sample with { Description = i < 5 ? 2u : 4u })];
        Track track = ReadOne(video);
        Assert.Equal(2, track.Descriptions.Count);
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], track.Samples().Select(sample => sample.Description));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void A_wrong_sample_description_index_means_the_first(uint index)
    {
        MadeTrack video = MadeTrack.Video(10);
        video.Bend = trak => trak["mdia/minf/stbl/stsc"].Set(16, index);
        MediaFileContent content = Read(video);
        Assert.All(Assert.Single(content.Tracks).Samples(), sample => Assert.Equal(0, sample.Description));
        Assert.Equal(["WrongSampleDescription"], content.Codes());
    }
}
