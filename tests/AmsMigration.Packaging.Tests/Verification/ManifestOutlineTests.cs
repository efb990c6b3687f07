using System.Diagnostics;
using System.Text;
using AmsMigration.Packaging.Verification;

namespace AmsMigration.Packaging.Tests.Verification;

public class ManifestOutlineTests
{
    private static readonly Uri _address = new("https://host.example/a/talk.mpd");

    [Fact]
    public void A_template_names_init_first_and_last_segment_wherever_it_stands()
    {
        ManifestOutline outline = ReadMpd(
            """
            <BaseURL>../media/</BaseURL>
            <Period><AdaptationSet>
              <SegmentTemplate media="$RepresentationID$/$Bandwidth$/s-$Number%05d$-$Time$$$.m4s" initialization="$RepresentationID$/i.mp4" startNumber="7">
                <SegmentTimeline><S t="100" d="10" r="2"/><S d="5"/><S t="1000" d="4" r="1"/></SegmentTimeline>
              </SegmentTemplate>
              <Representation id="v1" bandwidth="500"/><Representation id="v2" bandwidth="900"><BaseURL>two/</BaseURL></Representation>
            </AdaptationSet></Period>
            """);

        Assert.Equal(ManifestKind.Dash, outline.Kind);
        Assert.Equal(
            ["https://host.example/media/v1/i.mp4", "https://host.example/media/v1/500/s-00007-100$.m4s", "https://host.example/media/v1/500/s-00012-1004$.m4s"],
            Addresses(outline.Renditions[0]));
        Assert.StartsWith("https://host.example/media/two/v2/", Addresses(outline.Renditions[1])[0]);
    }

    [Theory]
    [InlineData("duration=\"4\"", "mediaPresentationDuration=\"PT9S\"", "1.m4s,3.m4s")]
    [InlineData("duration=\"400\" timescale=\"100\" startNumber=\"0\"", "mediaPresentationDuration=\"PT8S\"", "0.m4s,1.m4s")]
    [InlineData("duration=\"4\"", "", "1.m4s")]
    public void A_duration_names_the_last_segment_where_the_manifest_ends(string attributes, string ofMpd, string expected)
    {
        ManifestOutline outline = ReadMpd(
            $"""<Period><AdaptationSet><Representation id="v"><SegmentTemplate media="$Number$.m4s" {attributes}/></Representation></AdaptationSet></Period>""", ofMpd);
        Assert.Equal(expected.Split(',').Select(name => "https://host.example/a/" + name), Addresses(Assert.Single(outline.Renditions)));
    }

    [Fact]
    public void Lists_and_indexes_name_ranges()
    {
        ManifestOutline outline = ReadMpd(
            """
            <Period><AdaptationSet>
              <Representation id="list"><BaseURL>all.mp4</BaseURL><SegmentList><Initialization range="0-9"/><SegmentURL mediaRange="10-29"/><SegmentURL mediaRange="30-39"/></SegmentList></Representation>
              <Representation id="base"><BaseURL>one.mp4</BaseURL><SegmentBase indexRange="100-199"><Initialization range="0-99"/></SegmentBase></Representation>
              <Representation id="text"><BaseURL>text.vtt</BaseURL></Representation>
            </AdaptationSet></Period>
            """);
        var all = new Uri("https://host.example/a/all.mp4");
        Assert.Equal([new(all, 0, 10), new(all, 10, 20), new(all, 30, 10)], outline.Renditions[0].Parts);
        Assert.Equal(new OutlinedPart(new Uri("https://host.example/a/one.mp4"), 100, 100), outline.Renditions[1].Index);
        Assert.Equal([new OutlinedPart(new Uri("https://host.example/a/text.vtt"))], outline.Renditions[2].Parts);
    }

    [Fact]
    public void Smooth_Streaming_names_fragments_by_rate_and_time()
    {
        ManifestOutline outline = Read(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <SmoothStreamingMedia MajorVersion="2" MinorVersion="2" Duration="60000000">
              <StreamIndex Type="video" Name="video" Chunks="3" QualityLevels="2" Url="QualityLevels({bitrate})/Fragments(video={start time})">
                <QualityLevel Index="0" Bitrate="500" FourCC="H264" CodecPrivateData=""/><QualityLevel Index="1" Bitrate="900" FourCC="H264" CodecPrivateData=""/>
                <c t="10" d="20000000" r="3"/>
              </StreamIndex>
            </SmoothStreamingMedia>
            """, new Uri("https://host.example/id/talk.ism/manifest"));
        Assert.Equal(ManifestKind.Smooth, outline.Kind);
        Assert.Equal(2, outline.Renditions.Count);
        Assert.Equal(
            ["https://host.example/id/talk.ism/QualityLevels(900)/Fragments(video=10)", "https://host.example/id/talk.ism/QualityLevels(900)/Fragments(video=40000010)"],
            Addresses(outline.Renditions[1]));
    }

    [Theory]
    [InlineData("<S d=\"9223372036854775807\" r=\"9223372036854775806\"/>")]
    [InlineData("<S t=\"1\"/>")]
    [InlineData("")]
    public void A_time_line_that_lies_is_refused(string line)
    {
        Assert.Throws<FormatException>(() => ReadMpd(
            $"""<Period><AdaptationSet><Representation id="v"><SegmentTemplate media="$Number$"><SegmentTimeline>{line}</SegmentTimeline></SegmentTemplate></Representation></AdaptationSet></Period>"""));
    }

    [Fact]
    public void Two_billion_segments_in_one_line_and_a_time_line_for_many_take_no_time()
    {
        var watch = Stopwatch.StartNew();
        string line = string.Concat(Enumerable.Repeat("<S d=\"1\" r=\"2000000000\"/>", 50_000));
        string representations = string.Concat(Enumerable.Repeat("<Representation id=\"v\"/>", 1000));
        ManifestOutline outline = ReadMpd(
            $"""<Period><AdaptationSet><SegmentTemplate media="$Number$"><SegmentTimeline>{line}</SegmentTimeline></SegmentTemplate>{representations}</AdaptationSet></Period>""");
        Assert.Equal(1000, outline.Renditions.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(0)]
    public void Too_many_or_no_Representations_are_refused(int count)
    {
        Assert.Throws<FormatException>(() => ReadMpd(
            $"<Period><AdaptationSet>{string.Concat(Enumerable.Repeat("<Representation/>", count))}</AdaptationSet></Period>"));
    }

    [Fact]
    public void An_index_that_is_none_is_refused()
    {
        Assert.Throws<FormatException>(() => ManifestOutline.ReadIndex([0, 0, 0, 8, (byte)'f', (byte)'r', (byte)'e', (byte)'e'], _address, 100));
        Assert.Throws<FormatException>(() => ManifestOutline.ReadIndex([0, 0, 0, 99, (byte)'s', (byte)'i', (byte)'d', (byte)'x'], _address, 100));
    }

    private static ManifestOutline ReadMpd(string content, string attributes = "") =>
        Read($"""<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" {attributes}>{content}</MPD>""", _address);

    private static ManifestOutline Read(string text, Uri address) => ManifestOutline.Read(Encoding.UTF8.GetBytes(text), address);

    private static string[] Addresses(OutlinedRendition rendition) => [.. rendition.Parts.Select(part => part.Address.ToString())];
}
