using System.Text;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Text;

namespace AmsMigration.Packaging.Tests.TimedText;

public class WebVttReaderTests
{
    private readonly List<PackagingWarning> _warnings = [];

    [Fact]
    public void Cues_keep_identifier_settings_and_text()
    {
        WebVttFile file = Read("WEBVTT - a title\n\nintro\n00:00:01.000 --> 01:00:02.500 line:85%,end position:10% align:start\n<v Ann>Hi <i>there</i>\n- &amp; you\n");

        Assert.Equal(
            [new TextCue(1000, 3_602_500, "line:85%,end position:10% align:start", "<v Ann>Hi <i>there</i>\n- &amp; you", "intro")], file.Cues);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\na\r\nb\r\n")]
    [InlineData("WEBVTT\r\r00:01.000 --> 00:02.000\ra\rb")]
    [InlineData("WEBVTT\n00:01.000 --> 00:02.000\na\nb\n\n\n\n")]
    [InlineData("WEBVTT\n\n\n00:01.000\t-->\t00:02.000\na\nb\n\n")]
    public void Any_line_ending_and_any_number_of_blank_lines_will_do(string text) =>
        Assert.Equal([new TextCue(1000, 2000, "", "a\nb")], Read(text).Cues);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Text_in_UTF_16_is_read_with_and_without_a_byte_order_mark(bool isBigEndian, bool hasMark)
    {
        var encoding = new UnicodeEncoding(isBigEndian, hasMark);
        byte[] content = [.. encoding.GetPreamble(), .. encoding.GetBytes("WEBVTT\n\n00:01.000 --> 00:02.000\nžluťoučký\n")];

        Assert.Equal("žluťoučký", Assert.Single(WebVttReader.Parse(content, "a.vtt", false, _warnings).Cues).Payload);
    }

    [Fact]
    public void Text_that_is_no_UTF_8_is_taken_for_Latin_1() =>
        Assert.Equal("Grüße", Assert.Single(WebVttReader.Parse(Encoding.Latin1.GetBytes("WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße"), "a.vtt", false, _warnings).Cues).Payload);

    [Theory]
    [InlineData("Language: en-us", "en-US")]
    [InlineData("language=deu", "de")]
    [InlineData("Language: und", null)]
    [InlineData("Kind: captions", null)]
    public void Header_lines_may_say_the_language(string line, string? language)
    {
        WebVttFile file = Read($"WEBVTT\n{line}\n\n00:01.000 --> 00:02.000\na\n");

        Assert.Equal(language, file.Language);
        Assert.Single(file.Cues);
    }

    [Fact]
    public void A_timestamp_map_is_about_the_clock_of_the_media_where_that_has_one()
    {
        const string Text = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:01.000\n\n00:00:03.000 --> 00:00:04.000\na\n";

        Assert.Equal((12_000, 13_000), Times(WebVttReader.Parse(Encoding.UTF8.GetBytes(Text), "a.vtt", hasMediaClock: true, _warnings)));
        Assert.Empty(_warnings);
        Assert.Equal((3000, 4000), Times(WebVttReader.Parse(Encoding.UTF8.GetBytes(Text), "a.vtt", hasMediaClock: false, _warnings)));
        Assert.Equal("TextTimestampMap", Assert.Single(_warnings).Code);
    }

    [Fact]
    public void Files_one_behind_the_other_each_have_their_own_timestamp_map()
    {
        const string Text = """
            WEBVTT
            X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:90000

            00:00:01.000 --> 00:00:02.000
            a

            WEBVTT
            X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:180000

            00:00:01.000 --> 00:00:02.000
            b
            """;

        WebVttFile file = WebVttReader.Parse(Encoding.UTF8.GetBytes(Text), "a.vtt", hasMediaClock: true, _warnings);

        Assert.Equal([(2000L, "a"), (3000L, "b")], file.Cues.Select(cue => (cue.Start, cue.Payload)));
    }

    [Fact]
    public void Styles_regions_and_notes_are_told_apart()
    {
        WebVttFile file = Read("""
            WEBVTT

            NOTE made by hand
            on two lines

            STYLE
            ::cue { color: lime }

            REGION
            id:top
            width:40%

            00:01.000 --> 00:02.000 region:top
            a

            00:03.000 --> 00:04.000 region:nowhere nonsense:1 align:left align:right
            b
            """);

        Assert.Equal("STYLE\n::cue { color: lime }\n\nREGION\nid:top\nwidth:40%\n\n", file.Preamble);
        Assert.Equal([("region:top", "a"), ("align:left", "b")], file.Cues.Select(cue => (cue.Settings, cue.Payload)));
    }

    [Fact]
    public void Times_that_cannot_be_and_cues_without_text_are_left_out_and_counted()
    {
        WebVttFile file = Read("""
            WEBVTT

            00:00:99.000 --> 00:02.000
            seconds

            00:03.000 --> 00:02.000
            backwards

            00:05.000 --> soon
            words

            99999999999:00:00.000 --> 99999999999:00:01.000
            never

            00:00:06.000 --> 00:00:07.000

            00:00:08.000 --> 00:00:09.000
            good
            """);

        Assert.Equal("good", Assert.Single(file.Cues).Payload);
        Assert.Equal([("TextCueLeftOut", true), ("TextCueLeftOut", false)], _warnings.Select(w => (w.Code, w.Message.EndsWith(": 4.", StringComparison.Ordinal))));
    }

    [Fact]
    public void SubRip_is_read_with_a_warning()
    {
        WebVttFile file = Read("1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,5\nb\nc\n");

        Assert.Equal([(1000L, 2000L, "a"), (3000L, 4500L, "b\nc")], file.Cues.Select(cue => (cue.Start, cue.End, cue.Payload)));
        Assert.Equal("TextRepaired", Assert.Single(_warnings).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("#EXTM3U\n")]
    public void What_is_no_WebVTT_is_refused(string text) =>
        Assert.Equal("InvalidWebVtt", Assert.Throws<PackagingException>(() => Read(text)).Code);

    [Fact]
    public void An_endless_cue_is_left_out()
    {
        WebVttFile file = Read("WEBVTT\n\n00:01.000 --> 00:02.000\n" + new string('x', 1 << 20) + "\n\n00:03.000 --> 00:04.000\nb\n");

        Assert.Equal("b", Assert.Single(file.Cues).Payload);
        Assert.Equal("TextCueLeftOut", Assert.Single(_warnings).Code);
    }

    [Fact]
    public void Identifiers_that_repeat_are_dropped_because_players_drop_their_cues() =>
        Assert.Equal(
            ["1", null], Read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\na\n\n1\n00:03.000 --> 00:04.000\nb\n").Cues.Select(cue => cue.Id));

    private static (long, long) Times(WebVttFile file) => (file.Cues[0].Start, file.Cues[0].End);

    private WebVttFile Read(string text) => WebVttReader.Parse(Encoding.UTF8.GetBytes(text), "a.vtt", hasMediaClock: false, _warnings);
}
