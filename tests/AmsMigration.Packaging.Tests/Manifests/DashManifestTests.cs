using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

public class DashManifestTests
{
    private static readonly XNamespace _mpd = "urn:mpeg:dash:schema:mpd:2011";

    [Theory]
    [MemberData(nameof(MadeUpPresentations.InBothLayouts), MemberType = typeof(MadeUpPresentations))]
    public void Mpd_is_valid_against_the_published_schema(string name, OutputLayout layout)
    {
        (string manifestName, IReadOnlyList<OutputFile> files) = MadeUpPresentations.Write(name, layout);
        string mpd = MadeUp.Text(files, manifestName + ".mpd");
        Assert.Empty(MpdSchema.Validate(mpd));
        Assert.NotEmpty(MpdSchema.Validate(mpd.Replace("<AdaptationSet ", "<AdaptationSet wrong=\"1\" ")));
    }

    [Theory]
    [InlineData(30_000u, 180_180, "PT6.006S")]
    [InlineData(48_000u, 288_768, "PT6.016S")]
    [InlineData(44_100u, 264_192, "PT5.991S")]
    [InlineData(1000u, 6000, "PT6S")]
    public void Times_are_exact_to_the_millisecond_at_or_above(uint timescale, long duration, string expected)
    {
        XElement root = Mpd(OutputLayout.SingleFile, Video(720, 3_000_000) with { Timescale = timescale, Durations = [duration] });
        Assert.Equal(expected, (string?)root.Attribute("mediaPresentationDuration"));
        Assert.Equal(expected, (string?)root.Attribute("minBufferTime"));
    }

    [Fact]
    public void A_hundred_hours_are_one_line_of_time_line()
    {
        XElement root = Mpd(OutputLayout.Segmented, Video(720, 3_000_000) with { Durations = Repeat(180_180, 60_000, 60_060) });
        Assert.Equal("PT360362.002S", (string?)root.Attribute("mediaPresentationDuration"));
        Assert.Equal(
            ["<S t=\"0\" d=\"180180\" r=\"59999\" />", "<S d=\"60060\" />"],
            root.Descendants(_mpd + "S").Select(s => s.ToString().Replace($" xmlns=\"{_mpd}\"", "")));
    }

    [Fact]
    public void Time_line_gives_back_every_segment()
    {
        var random = new Random(5);
        for (int run = 0; run < 200; run++)
        {
            long[] durations = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.NextInt64(1, 4))];
            MadeUp video = Video(720, 3_000_000) with { Durations = durations, Start = random.Next(2) * 1000 };
            XElement root = Mpd(OutputLayout.Segmented, video);
            long time = -1;
            List<long> starts = [];
            List<long> read = [];
            foreach (XElement s in root.Descendants(_mpd + "S"))
            {
                time = (long?)s.Attribute("t") ?? time;
                for (int i = 0; i <= ((int?)s.Attribute("r") ?? 0); i++)
                {
                    starts.Add(time);
                    read.Add((long)s.Attribute("d")!);
                    time += read[^1];
                }
            }

            Assert.Equal(durations, read);
            Assert.Equal((long?)root.Descendants(_mpd + "SegmentTemplate").Single().Attribute("presentationTimeOffset") ?? 0, starts[0]);
        }
    }

    [Fact]
    public void Ranges_name_header_and_index_of_the_one_file()
    {
        Rendition rendition = Video(720, 3_000_000).ToRendition("talk", OutputLayout.SingleFile);
        XElement root = Mpd(OutputLayout.SingleFile, Video(720, 3_000_000));
        Assert.StartsWith("urn:mpeg:dash:profile:isoff-on-demand:2011", (string?)root.Attribute("profiles"));
        Assert.Equal("talk/video_720p.mp4", root.Descendants(_mpd + "BaseURL").Single().Value);
        Assert.Equal($"0-{rendition.InitLength - 1}", (string?)root.Descendants(_mpd + "Initialization").Single().Attribute("range"));
        Assert.Equal(
            $"{rendition.InitLength}-{rendition.InitLength + rendition.IndexLength - 1}",
            (string?)root.Descendants(_mpd + "SegmentBase").Single().Attribute("indexRange"));
    }

    [Fact]
    public void The_period_begins_where_the_earliest_track_does()
    {
        XElement root = Mpd(
            OutputLayout.SingleFile,
            Video(720, 3_000_000) with { Start = 60_060 },
            Audio("en", 128_000) with { Start = 48_000 });
        Assert.Equal([30_000, 48_000], root.Descendants(_mpd + "SegmentBase").Select(s => (int?)s.Attribute("presentationTimeOffset")));
        Assert.Equal("PT27.028S", (string?)root.Attribute("mediaPresentationDuration"));
    }

    [Fact]
    public void Same_video_in_two_codecs_is_two_sets_that_switch_where_they_are_cut_alike()
    {
        CodecInfo codec = VideoCodec("hvc1.1.6.L120.90", "hevc", 1080);
        MadeUp hevc = Video(1080, 3_000_000) with { Name = "hevc", Codec = codec, Timescale = 90_000 };
        MadeUp alike = hevc with { Durations = Repeat(540_540, 4, 180_180) };
        MadeUp other = hevc with { Durations = Repeat(540_000, 5) };
        Assert.Equal(["1", "0"], Switches(Mpd(OutputLayout.SingleFile, Video(720, 3_000_000), alike)));
        Assert.Equal([null, null], Switches(Mpd(OutputLayout.SingleFile, Video(720, 3_000_000), other)));
        MadeUp hdr = alike with { Codec = VideoCodec("hvc1.2.4.L120.90", "hevc-pq", 1080, VideoRange.Pq) };
        Assert.Equal([null, null], Switches(Mpd(OutputLayout.SingleFile, Video(720, 3_000_000), hdr)));
    }

    [Fact]
    public void Bit_rates_of_video_are_one_set_and_languages_are_several_with_the_default_first()
    {
        XElement root = Mpd(
            OutputLayout.SingleFile,
            Audio("es", 128_000),
            Audio("en", 128_000) with { IsDefault = true },
            Video(720, 3_000_000) with { Label = "high" },
            Video(360, 700_000) with { Label = "low" });
        Assert.Equal(
            [("video", null, 2), ("audio", "en", 1), ("audio", "es", 1)],
            Sets(root).Select(s =>
                ((string?)s.Attribute("contentType"), (string?)s.Attribute("lang"), s.Elements(_mpd + "Representation").Count())));
        Assert.Equal(("1280", "720"), ((string?)Sets(root)[0].Attribute("maxWidth"), (string?)Sets(root)[0].Attribute("maxHeight")));
    }

    [Fact]
    public void Unaligned_bit_rates_are_not_called_aligned()
    {
        XElement root = Mpd(OutputLayout.Segmented, Video(720, 3_000_000), Video(360, 700_000) with { Durations = Repeat(100_100, 8) });
        Assert.Equal("false", (string?)Sets(root)[0].Attribute("segmentAlignment"));
    }

    [Fact]
    public void Description_is_accessibility_and_not_main()
    {
        XElement set = Sets(Mpd(OutputLayout.SingleFile, Audio("en", 96_000) with { Roles = ["description"] }))[0];
        Assert.Equal(
            [("urn:mpeg:dash:role:2011", "description"), ("urn:tva:metadata:cs:AudioPurposeCS:2007", "1")],
            set.Elements(_mpd + "Accessibility").Select(a => ((string?)a.Attribute("schemeIdUri"), (string?)a.Attribute("value"))));
        Assert.Equal("alternate", (string?)set.Element(_mpd + "Role")!.Attribute("value"));
    }

    [Fact]
    public void Aspect_ratio_is_of_the_pixels_as_shown()
    {
        CodecInfo codec = VideoCodec("avc1.4d401e", "avc", 480) with { Width = 720, SarWidth = 32, SarHeight = 27 };
        XElement set = Sets(Mpd(OutputLayout.SingleFile, Video(480, 900_000) with { Codec = codec }))[0];
        Assert.Equal(("16:9", "32:27"), ((string?)set.Attribute("par"), (string?)set.Element(_mpd + "Representation")!.Attribute("sar")));
    }

    [Fact]
    public void Text_is_text_and_does_not_lengthen_the_buffer()
    {
        XElement root = Mpd(OutputLayout.SingleFile, Video(720, 3_000_000), Text("de", "stpp"));
        XElement set = Sets(root)[1];
        Assert.Equal(("text", "application/mp4"), ((string?)set.Attribute("contentType"), (string?)set.Attribute("mimeType")));
        Assert.Equal("PT6.006S", (string?)root.Attribute("minBufferTime"));
    }

    [Fact]
    public void Labels_are_escaped_and_lose_what_XML_cannot_hold()
    {
        (string, string)[] labels = [("<&>\"'", "<&>\"'"), ("a\u0001\uD800b\uFFFE", "ab"), ("\U0001F3AC", "\U0001F3AC")];
        foreach ((string label, string expected) in labels)
        {
            MadeUp audio = Audio("en", 96_000) with { Label = label, Roles = [label] };
            XElement set = Sets(Mpd(OutputLayout.SingleFile, audio))[0];
            Assert.Equal(expected, set.Element(_mpd + "Label")!.Value);
            Assert.Equal(expected, (string?)set.Element(_mpd + "Role")!.Attribute("value"));
        }
    }

    [Fact]
    public void Bit_rates_beyond_the_schema_are_held_at_its_limit()
    {
        XElement root = Mpd(OutputLayout.SingleFile, Video(720, 3_000_000) with { Timescale = 10_000_000, Durations = [1, 60_000_000] });
        Assert.Equal("4294967295", (string?)root.Descendants(_mpd + "Representation").Single().Attribute("bandwidth"));
    }

    private static List<string?> Switches(XElement root)
    {
        const string Scheme = "urn:mpeg:dash:adaptation-set-switching:2016";
        IEnumerable<XElement?> properties = Sets(root)
            .Select(set => set.Elements(_mpd + "SupplementalProperty").SingleOrDefault(p => (string?)p.Attribute("schemeIdUri") == Scheme));
        return [.. properties.Select(p => (string?)p?.Attribute("value"))];
    }

    private static List<XElement> Sets(XElement root) => [.. root.Descendants(_mpd + "AdaptationSet")];

    private static XElement Mpd(OutputLayout layout, params MadeUp[] renditions)
    {
        var text = new StringReader(MadeUp.Text(Write("talk", layout, renditions), "talk.mpd"));
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XElement.Load(reader);
    }
}
