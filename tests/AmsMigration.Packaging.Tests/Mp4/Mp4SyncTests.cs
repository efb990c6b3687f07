using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using static AmsMigration.Packaging.Tests.Mp4.Mp4Reading;

namespace AmsMigration.Packaging.Tests.Mp4;

/// <summary>Which samples are sync samples.</summary>
public class Mp4SyncTests
{
    private static int[] SyncSamples(Track track) => [.. track.Samples().Select((sample, i) => (sample, i)).Where(s => s.sample.IsSync).Select(s => s.i)];

    private static MadeTrack WithoutTable(MadeTrack track, Action<TestBox>? bendTables = null)
    {
        track.HasSyncTable = false;
        track.Bend = trak => bendTables?.Invoke(trak["mdia/minf/stbl"]);
        return track;
    }

    private static TestBox Group(string type, params (int Count, int Index)[] runs)
    {
        TestBox sbgp = TestBox.Full("sbgp").Text(type).U32(runs.Length);
        foreach ((int count, int index) in runs)
        {
            sbgp.U32(count).U32(index);
        }

        return sbgp;
    }

    [Fact]
    public void Without_a_table_all_are() => Assert.Equal(Enumerable.Range(0, 12), SyncSamples(ReadOne(WithoutTable(MadeTrack.Video(12)))));

    [Fact]
    public void A_table_names_them() => Assert.Equal([0, 10, 20], SyncSamples(ReadOne(MadeTrack.Video(21))));

    [Fact]
    public void An_empty_table_leaves_the_first_sample_and_says_so()
    {
        MadeTrack video = MadeTrack.Video(12);
        video.Samples = [.. video.Samples.Select(sample => sample with { IsSync = false })];
        MediaFileContent content = Read(video);
        Assert.Equal([0], SyncSamples(content.Tracks[0]));
        Assert.Equal(["SyncSamplesGuessed"], content.Codes());
    }

    [Fact]
    public void An_empty_table_gives_way_to_dependencies()
    {
        MadeTrack video = MadeTrack.Video(12);
        video.Samples = [.. video.Samples.Select(sample => sample with { IsSync = false })];
        byte[] dependencies = [0x20, 0x10, 0x10, 0x10, 0x10, 0x10, 0x26, 0x10, 0x10, 0x10, 0x10, 0x10];
        video.Bend = trak => trak["mdia/minf/stbl"].With(TestBox.Full("sdtp").Bytes(dependencies));
        Assert.Equal([0, 6], SyncSamples(ReadOne(video)));
    }

    [Fact]
    public void Not_all_samples_of_reordered_H264_can_be_sync_samples()
    {
        MadeTrack video = MadeTrack.Video(6);
        video.Samples = [.. video.Samples.Select((sample, i) => sample with { CompositionOffset = i % 2 * 40 })];
        MediaFileContent content = Read(WithoutTable(video));
        Assert.Equal([0], SyncSamples(content.Tracks[0]));
        Assert.Contains("SyncSamplesGuessed", content.Codes());
    }

    [Fact]
    public void Audio_is_all_sync_samples_whatever_its_table_says()
    {
        MadeTrack audio = MadeTrack.Audio(12);
        audio.Samples = [.. audio.Samples.Select((sample, i) => sample with { IsSync = i == 0 })];
        Assert.Equal(12, SyncSamples(ReadOne(audio)).Length);
    }

    [Fact]
    public void A_sync_group_counts_where_there_is_no_table() =>
        Assert.Equal([0, 5, 6], SyncSamples(ReadOne(WithoutTable(MadeTrack.Video(9), stbl => stbl.With(Group("sync", (1, 1), (4, 0), (2, 2)))))));

    [Fact]
    public void Random_access_points_count_where_the_table_has_but_one_sample()
    {
        MadeTrack video = MadeTrack.Video(9, gop: 100);
        video.Bend = trak => trak["mdia/minf/stbl"].With(Group("rap ", (3, 0), (1, 1), (2, 0), (1, 1)));
        MediaFileContent content = Read(video);
        Assert.Equal([0, 3, 6], SyncSamples(content.Tracks[0]));
        Assert.Equal(["OpenGop"], content.Codes());
    }

    [Fact]
    public void Random_access_points_do_not_count_beside_sync_samples()
    {
        MadeTrack video = MadeTrack.Video(9, gop: 5);
        video.Bend = trak => trak["mdia/minf/stbl"].With(Group("rap ", (3, 0), (1, 1)));
        Assert.Equal([0, 5], SyncSamples(ReadOne(video)));
    }

    [Fact]
    public void The_roll_distance_is_read_from_the_older_form_of_version_2()
    {
        MadeTrack audio = MadeTrack.Audio(12);
        audio.Bend = trak => trak["mdia/minf/stbl"].With(TestBox.Full("sgpd", 2).Text("roll").U32(1).U32(1).U16(0xFFFF));
        Assert.Equal(1, ReadOne(audio).RollDistance);
    }

    [Theory]
    [InlineData(0, -1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, -4, 4)]
    [InlineData(2, -2, 2)]
    [InlineData(1, 1, 0)]
    public void The_roll_distance_is_read(byte version, int distance, int expected)
    {
        MadeTrack audio = MadeTrack.Audio(12);
        TestBox sgpd = TestBox.Full("sgpd", version).Text("roll");
        sgpd = version >= 1 ? sgpd.U32(2) : sgpd;
        sgpd = version >= 2 ? sgpd.U32(1) : sgpd;
        sgpd.U32(1).U16(distance & 0xffff);
        audio.Bend = trak => trak["mdia/minf/stbl"].With(sgpd);
        Assert.Equal(expected, ReadOne(audio).RollDistance);
    }
}
