using System.Diagnostics;
using System.Text;
using System.Xml.Linq;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Text.Ttml;

namespace AmsMigration.Packaging.Tests.TimedText;

public class TtmlTests
{
    private const string Namespaces =
        "xmlns='http://www.w3.org/ns/ttml' xmlns:tts='http://www.w3.org/ns/ttml#styling' xmlns:ttp='http://www.w3.org/ns/ttml#parameter'";

    private readonly List<PackagingWarning> _warnings = [];

    [Theory]
    [InlineData("00:00:01.250", 1250)]
    [InlineData("01:00:00", 3_600_000)]
    [InlineData("00:00:01:12", 1480)]
    [InlineData("2.5s", 2500)]
    [InlineData("1500ms", 1500)]
    [InlineData("0.5m", 30_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("50f", 2000)]
    [InlineData("15000000t", 1500)]
    [InlineData("7", 7000)]
    public void Time_expressions_of_every_kind(string begin, long milliseconds)
    {
        TextCue cue = Assert.Single(Read($"<p begin='{begin}' end='02:00:00'>a</p>", "ttp:frameRate='25' ttp:tickRate='10000000'"));

        Assert.Equal(milliseconds, cue.Start);
    }

    [Fact]
    public void Frames_follow_the_multiplier() =>
        Assert.Equal(1001, Assert.Single(Read("<p begin='30f' dur='1s'>a</p>", "ttp:frameRate='30' ttp:frameRateMultiplier='1000 1001'")).Start);

    [Theory]
    [InlineData("-1s")]
    [InlineData("1:2")]
    [InlineData("1:2:3:4:5")]
    [InlineData("99999999999999999999s")]
    [InlineData("9999999999999999h")]
    [InlineData("s")]
    [InlineData("soon")]
    public void Times_that_cannot_be_cost_the_paragraph_and_are_counted(string begin)
    {
        Assert.Equal("b", Assert.Single(Read($"<p begin='{begin}' end='2s'>a</p><p begin='1s' end='2s'>b</p>")).Payload);
        Assert.Equal("TextCueLeftOut", Assert.Single(_warnings).Code);
    }

    [Fact]
    public void Times_nest_and_are_cut_to_what_is_around_them()
    {
        List<TextCue> cues = Read("""
            <div begin='10s' end='20s'>
              <p begin='1s' dur='2s'>a</p>
              <p begin='5s' end='30s'>b</p>
              <div timeContainer='seq'><p dur='1s'>c</p><p dur='2s'>d</p></div>
              <p begin='2s' end='4s'><span begin='0s' end='1s'>e</span><span begin='1s'>f</span></p>
            </div>
            """);

        Assert.Equal(
            [
                (10_000, 11_000, "c"), (11_000, 13_000, "a"), (11_000, 13_000, "d"), (12_000, 13_000, "e"), (13_000, 14_000, "f"),
                (15_000, 20_000, "b"),
            ],
            cues.Select(cue => (cue.Start, cue.End, cue.Payload)));
    }

    [Fact]
    public void Spans_with_times_join_the_text_around_them_while_they_are_shown()
    {
        List<TextCue> cues = Read("""
            <p begin='10s' end='14s'>A <span begin='1s' end='3s' tts:fontStyle='italic'>b <span begin='1s'>c</span></span><span begin='3s'> d</span></p>
            <p begin='20s' end='22s'><span begin='0s' end='1s'>e</span><br/><span begin='0.5s' end='1s'>f</span></p>
            """);

        Assert.Equal(
            [
                (10_000, 11_000, "A"), (11_000, 12_000, "A <i>b </i>"), (12_000, 13_000, "A <i>b c</i>"), (13_000, 14_000, "A d"),
                (20_000, 20_500, "e"), (20_500, 21_000, "e\nf"),
            ],
            cues.Select(cue => (cue.Start, cue.End, cue.Payload)));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Ruby_stays_over_its_base()
    {
        TextCue cue = Assert.Single(Read(
            "<p begin='1s' end='2s'><span tts:ruby='container'><span tts:ruby='base'>漢字</span><span tts:ruby='delimiter'>(</span><span style='r'>かんじ</span></span>だ</p>",
            head: "<styling><style xml:id='r' tts:ruby='text'/></styling>"));

        Assert.Equal("<ruby>漢字<rt>かんじ</rt></ruby>だ", cue.Payload);
    }

    [Fact]
    public void More_spans_with_times_than_a_line_of_a_song_has_are_cues_of_their_own()
    {
        string spans = string.Concat(Enumerable.Range(0, 3000).Select(i => $"<span begin='{i}s' end='{i + 2}s'>{i}</span>"));

        Assert.Equal(3000, Read($"<p begin='0s' end='9000s'>{spans}</p>").Count);
    }

    [Fact]
    public void Known_problems_126_and_129_line_breaks_white_space_entities_and_styles_survive()
    {
        TextCue cue = Assert.Single(Read(
            "<p begin='1s' end='2s'>Tom &amp; &#x4A;erry\n   said <span tts:fontStyle='italic'>hi <span tts:fontWeight='bold'>you</span></span><br/> 1 &lt; 2 --&gt; ok </p>"));

        Assert.Equal("Tom &amp; Jerry said <i>hi <b>you</b></i>\n1 &lt; 2 --&gt; ok", cue.Payload);
    }

    [Fact]
    public void Preserved_space_keeps_lines() =>
        Assert.Equal("a\nb  c", Assert.Single(Read("<p xml:space='preserve' begin='1s' end='2s'>a\nb  c</p>")).Payload);

    [Fact]
    public void Styles_are_found_by_reference_through_loops()
    {
        TextCue cue = Assert.Single(Read(
            "<p begin='1s' end='2s'><span style='a'>x</span></p>",
            head: "<styling><style xml:id='a' style='b' tts:color='#FFFF00'/><style xml:id='b' style='a' tts:fontStyle='italic'/></styling>"));

        Assert.Equal("<i><c.yellow>x</c></i>", cue.Payload);
    }

    [Theory]
    [InlineData("tts:origin='10% 80%' tts:extent='80% 10%' tts:displayAlign='after' tts:textAlign='center'", "position:50% size:80% align:center")]
    [InlineData("tts:origin='10% 5%' tts:extent='80% 10%' tts:textAlign='center'", "line:5% position:50% size:80% align:center")]
    [InlineData("tts:origin='128px 36px' tts:extent='640px 72px'", "line:5% position:10% size:50% align:start")]
    [InlineData("tts:origin='0c 3c' tts:extent='16c 3c' tts:displayAlign='center' tts:textAlign='end'", "line:27% position:50% size:50% align:end")]
    [InlineData("tts:textAlign='right'", "align:right")]
    [InlineData("tts:origin='nonsense' tts:extent='80%'", "")]
    [InlineData("tts:origin='-10% 500%' tts:extent='80% 10%'", "")]
    public void Regions_become_settings(string region, string settings)
    {
        TextCue cue = Assert.Single(Read(
            "<p region='r' begin='1s' end='2s'>x</p>", "tts:extent='1280px 720px'", $"<layout><region xml:id='r' {region}/></layout>"));

        Assert.Equal(settings, cue.Settings);
    }

    [Theory]
    [InlineData("http://www.w3.org/2006/10/ttaf1", "#style")]
    [InlineData("http://www.w3.org/2006/04/ttaf1", "#styling")]
    [InlineData("http://www.w3.org/2006/10/ttaf1", "#styling")]
    public void Old_namespaces_of_DFXP_are_read(string name, string styling)
    {
        string xml = $"<tt xmlns='{name}' xmlns:tts='{name}{styling}' xml:lang='fr'><body><div><p begin='1s' end='2s' tts:fontStyle='italic'>a<span tts:fontWeight='bold'>b</span></p></div></body></tt>";
        TtmlDocument document = TtmlDocument.Parse(Encoding.UTF8.GetBytes(xml), "a.dfxp");

        Assert.Equal("a<b>b</b>", Assert.Single(document.ReadCues(_warnings, "a.dfxp")).Payload.Replace("<i>", "").Replace("</i>", ""));
        Assert.Equal("fr", document.Language);
    }

    [Theory]
    [InlineData(2000, "00:00:03.000", "00:00:04.000")]
    [InlineData(-500, "00:00:00.500", "00:00:01.500")]
    public void Moved_documents_say_the_same_later_or_earlier(long shift, string begin, string end)
    {
        XElement moved = XElement.Parse(Parse("<div><p begin='1s' dur='1s'>a</p></div>").Shift(shift));

        XElement paragraph = moved.Descendants().Single(element => element.Name.LocalName == "p");
        Assert.Equal((begin, end, null), ((string?)paragraph.Attribute("begin"), (string?)paragraph.Attribute("end"), (string?)paragraph.Attribute("dur")));
    }

    [Fact]
    public void Moved_documents_have_the_cues_of_the_original_moved()
    {
        TtmlDocument document = Parse("""
            <div begin='10s'><p begin='1s' end='3s'>a</p><div begin='5s' dur='4s'><p begin='1s'>b</p></div></div>
            <p begin='4s' end='6s'>gone</p><p begin='8s' end='12s'>c</p><p>d</p>
            """);
        foreach (long shift in new[] { -9000, -15_500, 0, 12_345 })
        {
            TtmlDocument moved = TtmlDocument.Parse(Encoding.UTF8.GetBytes(document.Shift(shift)), "a.ttml");
            IEnumerable<(long, long, string)> expected = document.ReadCues([], "")
                .Where(cue => cue.End + shift > 0 && cue.Payload != "d")
                .Select(cue => (Math.Max(0, cue.Start + shift), cue.End + shift, cue.Payload));
            Assert.Equal(expected, moved.ReadCues([], "").Where(cue => cue.Payload != "d").Select(cue => (cue.Start, Math.Min(cue.End, 86_400_000_000 + shift), cue.Payload)));
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE tt [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><tt xmlns='http://www.w3.org/ns/ttml'><body>&b;</body></tt>")]
    [InlineData("<!DOCTYPE tt SYSTEM 'file:///etc/passwd'><tt xmlns='http://www.w3.org/ns/ttml'/>")]
    [InlineData("<tt xmlns='http://www.w3.org/ns/ttml'><body>&unknown;</body></tt>")]
    [InlineData("<html/>")]
    [InlineData("<tt")]
    [InlineData("")]
    public void Documents_with_tricks_or_of_another_kind_are_refused(string xml) =>
        Assert.Equal("InvalidTtml", Assert.Throws<PackagingException>(() => TtmlDocument.Parse(Encoding.UTF8.GetBytes(xml), "a.ttml")).Code);

    [Fact]
    public void Documents_nested_without_end_are_refused_at_once()
    {
        string xml = "<tt>" + string.Concat(Enumerable.Repeat("<div>", 100_000));
        var clock = Stopwatch.StartNew();

        Assert.Equal("InvalidTtml", Assert.Throws<PackagingException>(() => TtmlDocument.Parse(Encoding.UTF8.GetBytes(xml), "a.ttml")).Code);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_document_that_says_UTF_16_and_is_not_is_read() =>
        Assert.Equal("ü", Assert.Single(TtmlDocument.Parse(
            Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='utf-16'?><tt><body><p begin='1s' end='2s'>ü</p></body></tt>"), "a").ReadCues([], "")).Payload);

    [Theory]
    [InlineData("<div begin='1s' end='2s' smpte:backgroundImage='#one'/>")]
    [InlineData("<div begin='1s' end='2s'><image src='one.png' type='image/png'/></div>")]
    public void Text_that_is_pictures_is_named_as_such(string body)
    {
        Assert.Empty(Read(body, "xmlns:smpte='http://www.smpte-ra.org/schemas/2052-1/2010/smpte-tt'"));
        Assert.Equal("TextIsImages", Assert.Single(_warnings).Code);
    }

    private static TtmlDocument Parse(string body, string root = "", string head = "") => TtmlDocument.Parse(
        Encoding.UTF8.GetBytes($"<tt {Namespaces} {root}><head>{head}</head><body>{body}</body></tt>"), "a.ttml");

    private List<TextCue> Read(string body, string root = "", string head = "") => Parse(body, root, head).ReadCues(_warnings, "a.ttml");
}
