using System.Text;
using AmsMigration.Packaging.Sources.Smooth;

namespace AmsMigration.Packaging.Tests.Sources;

public class ClientManifestTests
{
    [Theory]
    [InlineData("ignite-smooth-v2.2-r11.ismc", 703146666, 2, 12, 5, 0, 702975666)]
    [InlineData("small.ismc", 20429600, 1, 1, 1, 0, 20429600)]
    [InlineData("Manifest_Regular.xml", 750079999, 2, 38, 8, 0, 750000000)]
    [InlineData("Manifest_Not_Starting_at_0.xml", 750079999, 2, 35, 8, 60000000, 750000000)]
    [InlineData("Manifest_Empty_Text_Track.xml", 750079999, 3, 38, 8, 0, 750000000)]
    [InlineData("Manifest_Custom_Attributes.xml", 750079999, 2, 38, 8, 0, 750000000)]
    [InlineData("treefactory_test_utf16leBOM.ism", 1209510000, 2, 61, 8, 0, 1209510000)]
    [InlineData("live_async_streams.ism", 0, 4, 30, 6, 3903180167058030, 3903180767058030)]
    public void Real_manifests_give_streams_and_chunks(
        string name, long duration, int streams, int chunks, int levels, long start, long end)
    {
        ClientManifest manifest = ClientManifest.Parse(File.ReadAllBytes(Needs.Shared($"reference/manifests/{name}")), name);

        Assert.Equal(duration, manifest.Duration);
        Assert.Equal(streams, manifest.Streams.Count);
        ClientStream video = Assert.Single(manifest.Streams, stream => stream.Type == "video");
        Assert.Equal((chunks, levels), (video.ChunkCount, video.QualityLevels.Count));
        Assert.All(video.QualityLevels, level => Assert.NotEmpty(level.CodecPrivateData));
        (long Time, long Duration)[] expanded = [.. video.ExpandChunks()];
        Assert.Equal(start, expanded[0].Time);
        Assert.InRange(expanded[^1].Time + expanded[^1].Duration, end - 10_000_000, end + 10_000_000);
    }

    [Fact]
    public void Video_and_audio_of_a_live_event_start_apart_and_name_their_protection()
    {
        byte[] content = File.ReadAllBytes(Needs.Shared("reference/manifests/live_async_streams.ism"));

        ClientManifest manifest = ClientManifest.Parse(content, "live_async_streams.ism");

        Assert.True(manifest.IsLive);
        Assert.Equal(["9A04F079-9840-4286-AB92-E65BE0885F95"], manifest.ProtectionSystems);
        long video = manifest.Streams[0].ExpandChunks().First().Time;
        long audio = manifest.Streams[1].ExpandChunks().First().Time;
        Assert.InRange(video - audio, 6_000_000, 8_000_000);
    }

    [Fact]
    public void A_repeat_counts_every_chunk_and_times_run_on()
    {
        ClientStream stream = Read("<c t='-20' d='10' r='3'/><c d='5'/><c t='100' d='10'/>");

        Assert.Equal([(-20, 10), (-10, 10), (0, 10), (10, 5), (100, 10)], stream.ExpandChunks());
    }

    [Fact]
    public void Missing_durations_come_from_the_next_chunk_and_from_the_end_of_the_presentation()
    {
        ClientStream stream = Read("<c t='0'/><c t='30'/><c t='50'/>", "Duration='80'");

        Assert.Equal([(0, 30), (30, 20), (50, 30)], stream.ExpandChunks());
    }

    [Fact]
    public void A_missing_last_duration_is_the_one_before_where_no_end_is_known()
    {
        ClientStream stream = Read("<c t='5' d='30'/><c/>");

        Assert.Equal([(5, 30), (35, 30)], stream.ExpandChunks());
    }

    [Theory]
    [InlineData("", "", 10_000_000u)]
    [InlineData("TimeScale='1000'", "", 1000u)]
    [InlineData("TimeScale='1000'", "TimeScale='90000'", 90000u)]
    [InlineData("", "TimeScale='48000'", 48000u)]
    [InlineData("TimeScale='0'", "", 10_000_000u)]
    public void Every_stream_has_a_timescale(string root, string stream, uint expected) =>
        Assert.Equal(expected, Read("<c d='1'/>", root, stream).Timescale);

    [Fact]
    public void A_sparse_track_keeps_what_its_chunks_carry()
    {
        ClientManifest manifest = Parse("""
            <SmoothStreamingMedia MajorVersion="2" MinorVersion="1" Duration="0">
              <StreamIndex Type="text" Subtype="DATA" Name="scte35_Sparse" ParentStreamIndex="video" Chunks="2" QualityLevels="1">
                <QualityLevel Index="0" Bitrate="0" CodecPrivateData="" FourCC="">
                  <CustomAttributes><Attribute Name="Scheme" Value="x"/></CustomAttributes>
                </QualityLevel>
                <c t="600000000" d="10"><f i="0">PEFjcXVpcmVkU2lnbmFsLz4=</f></c>
                <c t="900000000" d="10"><f i="0" s="7"/></c>
              </StreamIndex>
            </SmoothStreamingMedia>
            """);

        ClientStream stream = Assert.Single(manifest.Streams);
        Assert.Equal(("text", "DATA", "video"), (stream.Type, stream.Subtype, stream.ParentStream));
        Assert.Equal("<AcquiredSignal/>", Encoding.UTF8.GetString(stream.Chunks[0].Payload!));
        Assert.Null(stream.Chunks[1].Payload);
        Assert.Equal(("", 0), (stream.QualityLevels[0].FourCC, stream.QualityLevels[0].CodecPrivateData.Length));
    }

    [Fact]
    public void A_count_that_disagrees_with_the_list_is_a_warning()
    {
        ClientManifest manifest = Parse("""
            <SmoothStreamingMedia>
              <StreamIndex Type='video' Chunks='38'><c d='2' r='35'/></StreamIndex><StreamIndex Type='text' Chunks='0'/>
            </SmoothStreamingMedia>
            """);

        PackagingWarning warning = Assert.Single(manifest.Warnings);
        Assert.Equal("ChunkCountDisagrees", warning.Code);
        Assert.Equal(35, manifest.Streams[0].ChunkCount);
        Assert.Empty(manifest.Streams[1].Chunks);
    }

    [Theory]
    [InlineData("<c t='0' d='10' r='2000000000'/>")]
    [InlineData("<c t='9223372036854775807' d='9223372036854775807'/>")]
    [InlineData("<c t='-9223372036854775808'/><c t='9223372036854775807'/>")]
    [InlineData("<c t='soon' d='10'/>")]
    [InlineData("<c t='99999999999999999999' d='10'/>")]
    public void Times_and_counts_that_cannot_be_are_refused(string chunks)
    {
        var fault = Assert.Throws<PackagingException>(() => Read(chunks));

        Assert.Equal("InvalidManifest", fault.Code);
    }

    private static ClientStream Read(string chunks, string root = "", string stream = "") => Assert.Single(
        Parse($"<SmoothStreamingMedia {root}><StreamIndex Type='video' {stream}>{chunks}</StreamIndex></SmoothStreamingMedia>").Streams);

    private static ClientManifest Parse(string content) => ClientManifest.Parse(Encoding.UTF8.GetBytes(content), "a.ismc");
}
