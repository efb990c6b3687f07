using System.Xml.Linq;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>How text is offered in HLS and DASH.</summary>
public class TextManifestTests
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    [Fact]
    public void Names_are_unique_and_one_of_each_kind_is_selected_automatically()
    {
        List<Dictionary<string, string>> texts = Subtitles(
            Captions("en") with { Label = "English" },
            Captions("en") with { Label = "English", IsDefault = true },
            Captions("en") with { Label = "English" },
            Captions("de"),
            Captions("de"));

        Assert.Equal(["English", "English 2", "English 3", "de", "de 2"], texts.Select(text => text["NAME"]));
        Assert.Equal(["NO", "YES", "NO", "NO", "NO"], texts.Select(text => text["DEFAULT"]));
        Assert.Equal(["YES", "YES", "NO", "YES", "NO"], texts.Select(text => text["AUTOSELECT"]));
    }

    [Fact]
    public void Known_problem_164_captions_subtitles_and_forced_ones_of_a_language_keep_their_roles()
    {
        TextTrack[] texts =
        [
            Captions("en"),
            Captions("en") with { Characteristics = "public.accessibility.transcribes-spoken-dialog" },
            Captions("en") with { Roles = ["forced-subtitle"] },
            Captions("en") with { Roles = ["caption"] },
        ];

        List<Dictionary<string, string>> listed = Subtitles(texts);
        Assert.Equal(["NO", "NO", "YES", "NO"], listed.Select(text => text["FORCED"]));
        Assert.Equal(
            [null, "public.accessibility.transcribes-spoken-dialog", null, "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"],
            listed.Select(text => text.GetValueOrDefault("CHARACTERISTICS")));
        List<XElement> sets = Sets(texts);
        Assert.Equal([["subtitle"], ["caption"], ["forced-subtitle"], ["caption"]], sets.Select(set => set.Elements(Mpd + "Role").Select(role => (string)role.Attribute("value")!)));
        Assert.Equal([0, 1, 0, 1], sets.Select(set => set.Elements(Mpd + "Accessibility").Count()));
    }

    [Fact]
    public void The_default_is_first_in_DASH_and_has_the_role_main()
    {
        List<XElement> sets = Sets(Captions("en"), Captions("de") with { IsDefault = true });

        Assert.Equal(["de", "en"], sets.Select(set => (string)set.Attribute("lang")!));
        Assert.Equal(["subtitle", "main"], sets[0].Elements(Mpd + "Role").Select(role => (string)role.Attribute("value")!));
        Assert.All(sets, set => Assert.Equal("text/vtt", (string?)set.Attribute("mimeType")));
    }

    [Fact]
    public void WebVTT_is_not_among_the_codecs_because_Apple_players_stumble_over_it() =>
        Assert.All(
            new Playlist(Master(Captions("en"))).Attributes("EXT-X-STREAM-INF"),
            variant => Assert.Equal(("avc1.640028,mp4a.40.2", "subtitles"), (variant["CODECS"], variant["SUBTITLES"])));

    [Fact]
    public void Segments_last_as_long_as_the_media_and_hold_every_cue_that_is_shown_in_them()
    {
        MadeUp video = Video(720, 3_000_000);
        IReadOnlyList<OutputFile> files = Write("film", OutputLayout.Segmented, [video, Audio("en", 128_000)], [Captions("en")]);
        var playlist = new Playlist(MadeUp.Text(files, "film/text_en.m3u8"));
        var media = new Playlist(MadeUp.Text(files, $"film/{video.Name}.m3u8"));

        Assert.Equal(media.Durations.SkipLast(1), playlist.Durations.SkipLast(1));
        Assert.True(playlist.Durations.Sum() >= media.Durations.Sum());
        Assert.Equal(
            [2, 1, 1, 0, 0],
            Enumerable.Range(1, 5).Select(i => MadeUp.Text(files, $"film/text_en/{i}.vtt").Split("-->").Length - 1));
    }

    [Fact]
    public void Known_problem_closed_captions_in_the_pictures_are_announced_and_never_denied()
    {
        MadeUp[] with = [Video(720, 3_000_000) with { ClosedCaptions = ["CC1", "CC3", "SERVICE1"] }, Video(360, 700_000)];
        IReadOnlyList<OutputFile> files = Write("film", OutputLayout.SingleFile, with);
        var master = new Playlist(MadeUp.Text(files, "film.m3u8"));

        Assert.Equal(["CC1", "CC3", "SERVICE1"], master.Attributes("EXT-X-MEDIA").Select(media => media["INSTREAM-ID"]));
        Assert.All(master.Attributes("EXT-X-STREAM-INF"), variant => Assert.Equal("closed-captions", variant["CLOSED-CAPTIONS"]));
        XElement set = XElement.Parse(MadeUp.Text(files, "film.mpd")).Descendants(Mpd + "AdaptationSet").First();
        Assert.Equal(
            [("urn:scte:dash:cc:cea-608:2015", "CC1=und;CC3=und"), ("urn:scte:dash:cc:cea-708:2015", "1=lang:und")],
            set.Elements(Mpd + "Accessibility").Select(element => ((string)element.Attribute("schemeIdUri")!, (string)element.Attribute("value")!)));
        Assert.DoesNotContain("CLOSED-CAPTIONS", MadeUp.Text(Write("film", OutputLayout.SingleFile, Video(720, 3_000_000)), "film.m3u8"));
    }

    private static string Master(params TextTrack[] texts) =>
        MadeUp.Text(Write("film", OutputLayout.SingleFile, [Video(720, 3_000_000), Audio("en", 128_000)], texts), "film.m3u8");

    private static List<Dictionary<string, string>> Subtitles(params TextTrack[] texts) =>
        [.. new Playlist(Master(texts)).Attributes("EXT-X-MEDIA").Where(media => media["TYPE"] == "SUBTITLES")];

    private static List<XElement> Sets(params TextTrack[] texts) =>
    [
        .. XElement.Parse(MadeUp.Text(Write("film", OutputLayout.SingleFile, [Video(720, 3_000_000)], texts), "film.mpd"))
            .Descendants(Mpd + "AdaptationSet")
            .Where(set => (string?)set.Attribute("contentType") == "text"),
    ];
}
