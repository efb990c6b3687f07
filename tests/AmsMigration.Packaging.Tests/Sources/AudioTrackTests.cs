using System.Xml.Linq;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Tests.Manifests;
using AmsMigration.TestSupport;
using static AmsMigration.TestSupport.Boxes;

namespace AmsMigration.Packaging.Tests.Sources;

/// <summary>Several audio tracks, from the asset to what a listener can choose from.</summary>
public class AudioTrackTests
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    private static readonly byte[] Surround = Audio("ec-3", 6, 48000, [Box("dec3", Hex("0c00200f00"))]);

    [Fact]
    public async Task Known_problems_148_and_230_two_audio_tracks_of_one_file_are_two_languages()
    {
        Output output = await PlanAsync(
            """
            <video src='a.mp4'><param name='trackID' value='1'/></video>
            <audio src='a.mp4' systemLanguage='eng'><param name='trackID' value='2'/><param name='trackName' value='audio'/></audio>
            <audio src='a.mp4' systemLanguage='fra'><param name='trackID' value='3'/><param name='trackName' value='audio'/></audio>
            """,
            ("a.mp4", new MovieBuilder().Video().Audio(language: "eng").Audio(sampleSize: 11, language: "fra").Build()));

        Assert.Equal([("en", "en", "YES"), ("fr", "fr", "NO")], output.Audio.Select(media => (media["NAME"], media["LANGUAGE"], media["DEFAULT"])));
        Assert.Equal(["en", "fr"], output.AudioSets.Select(set => (string?)set.Attribute("lang")));
    }

    [Fact]
    public async Task Known_problem_230_two_tracks_that_are_called_the_same_stay_two_choices()
    {
        Output output = await PlanAsync(
            "<video src='a.mp4'/><audio src='a.mp4' systemLanguage='eng'/>",
            ("a.mp4", new MovieBuilder().Video().Audio(language: "eng").Audio(sampleSize: 11, language: "eng").Build()));

        Assert.Equal([("en", "YES", "YES"), ("en 2", "NO", "NO")], output.Audio.Select(media => (media["NAME"], media["DEFAULT"], media["AUTOSELECT"])));
        Assert.Single(output.Variants);
        Assert.Equal(["main", "alternate"], output.AudioSets.Select(set => (string?)set.Element(Mpd + "Role")!.Attribute("value")));
        Assert.All(output.AudioSets, set => Assert.Single(set.Elements(Mpd + "Representation")));
    }

    /// <summary>Names that the manifest gives, in another order than the file's tracks, and a language that only the file knows.</summary>
    [Fact]
    public async Task Known_problem_231_several_languages_keep_their_own_whatever_order_and_manifest_leave_out()
    {
        Output output = await PlanAsync(
            """
            <video src='a.mp4'><param name='trackID' value='1'/></video>
            <audio src='a.mp4' systemLanguage='spa'><param name='trackID' value='4'/></audio>
            <audio src='a.mp4'><param name='trackID' value='2'/></audio>
            <audio src='a.mp4' systemLanguage='fra'><param name='trackID' value='3'/></audio>
            """,
            ("a.mp4", new MovieBuilder().Video().Audio(language: "deu").Audio(sampleSize: 11, language: "fra").Audio(sampleSize: 12, language: "spa").Build()));

        Assert.Equal(["de", "es", "fr"], output.Audio.Select(media => media["LANGUAGE"]).Order());
        Assert.Equal(3, output.Audio.Select(media => media["NAME"]).Distinct().Count());
        Assert.Equal(["de", "es", "fr"], output.AudioSets.Select(set => (string?)set.Attribute("lang")).Order());
    }

    [Fact]
    public async Task Known_problem_220_an_audio_element_without_parameters_is_a_track()
    {
        Output output = await PlanAsync(
            "<video src='a.mp4'/><audio src='a.mp4'/><audio src='b.m4a'/>",
            ("a.mp4", new MovieBuilder().Video().Audio(language: "eng").Build()),
            ("b.m4a", new MovieBuilder().Audio(sampleSize: 11, language: "spa").Build()));

        Assert.Equal(["en", "es"], output.Audio.Select(media => media["LANGUAGE"]));
    }

    [Fact]
    public async Task Known_problem_258_bit_rates_of_one_sound_are_groups_in_HLS_and_one_set_in_DASH()
    {
        Output output = await PlanAsync(
            "<video src='a.mp4'/><audio src='low.mp4' title='AAC_und_ch2_56kbps'/><audio src='high.mp4' title='AAC_und_ch2_128kbps'/>",
            ("a.mp4", new MovieBuilder().Video().Build()),
            ("low.mp4", new MovieBuilder().Audio(sampleSize: 10).Build()),
            ("high.mp4", new MovieBuilder().Audio(sampleSize: 30).Build()));

        Assert.Equal(2, output.Audio.Select(media => media["GROUP-ID"]).Distinct().Count());
        Assert.Single(output.Audio.Select(media => media["NAME"]).Distinct());
        Assert.Equal(2, Assert.Single(output.AudioSets).Elements(Mpd + "Representation").Count());
    }

    [Fact]
    public async Task Files_of_one_bit_rate_are_not_bit_rates_of_each_other()
    {
        Output output = await PlanAsync(
            "<video src='a.mp4'/><audio src='film.m4a' systemLanguage='eng'/><audio src='commentary.m4a' systemLanguage='eng'/>",
            ("a.mp4", new MovieBuilder().Video().Build()),
            ("film.m4a", new MovieBuilder().Audio(sampleSize: 100).Build()),
            ("commentary.m4a", new MovieBuilder().Audio(sampleSize: 102).Build()));

        Assert.Equal(["en", "en 2"], output.Audio.Select(media => media["NAME"]));
        Assert.Equal(2, output.AudioSets.Count);
    }

    [Fact]
    public async Task Known_problem_250_the_same_sound_in_the_files_of_several_bit_rates_is_one_track()
    {
        byte[] WithVideo(int size) => new Mp4Maker { Tracks = [MadeTrack.Video(250), Sound()] }.ToArray();
        Output output = await PlanAsync(
            "<video src='a.mp4'/><video src='b.mp4'/><audio src='a.mp4' systemLanguage='eng'/><audio src='b.mp4' systemLanguage='eng'/>",
            ("a.mp4", WithVideo(100)),
            ("b.mp4", WithVideo(200)));

        Assert.Single(output.Audio);
        Assert.Contains(output.Plan.Warnings, warning => warning.Code == "DuplicateAudio");
    }

    [Fact]
    public async Task Surround_beside_stereo_is_a_group_of_its_own_with_its_channels()
    {
        Output output = await PlanAsync(
            "<video src='a.mp4'/><audio src='stereo.m4a' systemLanguage='eng'/><audio src='surround.m4a' systemLanguage='eng'/>",
            ("a.mp4", new MovieBuilder().Video().Build()),
            ("stereo.m4a", new MovieBuilder().Audio(sampleSize: 100).Build()),
            ("surround.m4a", new MovieBuilder().Audio(sampleSize: 300, entry: Surround).Build()));

        Assert.Equal([("en", "2"), ("en", "6")], output.Audio.Select(media => (media["NAME"], media["CHANNELS"])));
        Assert.Equal(2, output.Audio.Select(media => media["GROUP-ID"]).Distinct().Count());
        Assert.Equal(["mp4a.40.2", "ec-3"], output.Variants.Select(variant => variant["CODECS"].Split(',')[1]));
    }

    [Fact]
    public async Task Description_has_its_characteristics_and_is_never_the_default()
    {
        Output output = await PlanAsync(
            """
            <video src='a.mp4'/>
            <audio src='d.m4a' systemLanguage='eng'><param name='trackName' value='aac_eng_audio_description'/><param name='accessibility' value='description'/><param name='role' value='alternate'/></audio>
            <audio src='a.mp4' systemLanguage='eng'/>
            """,
            ("a.mp4", new MovieBuilder().Video().Audio().Build()),
            ("d.m4a", new MovieBuilder().Audio(sampleSize: 11).Build()));

        Assert.Equal(
            [("en", "YES", false), ("en 2", "NO", true)],
            output.Audio.Select(media => (media["NAME"], media["DEFAULT"], media.ContainsKey("CHARACTERISTICS"))).OrderBy(media => media.Item3));
        XElement description = output.AudioSets.Single(set => set.Elements(Mpd + "Accessibility").Any());
        Assert.Equal("alternate", (string?)description.Element(Mpd + "Role")!.Attribute("value"));
    }

    [Fact]
    public async Task Two_tracks_of_a_language_in_a_bare_file_are_both_kept()
    {
        MemoryAssetStore store = new MemoryAssetStore("asset").With(
            "a.mp4", new MovieBuilder().Video().Audio(language: "eng").Audio(sampleSize: 40, language: "eng").Build());

        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);

        Assert.Equal([0, 1], presentation.Tracks.Where(track => track.Kind == TrackKind.Audio).Select(track => track.Alternative));
    }

    private static MadeTrack Sound() => new()
    {
        Id = 2,
        Handler = "soun",
        Timescale = 48_000,
        Entries = [AacEntry()],
        Samples = [.. Enumerable.Range(0, 400).Select(i => new MadeSample(1024, new byte[100 + (i * 37 % 41)]))],
    };

    private static async Task<Output> PlanAsync(string tracks, params (string Name, byte[] Content)[] files)
    {
        MemoryAssetStore store = new MemoryAssetStore("asset")
            .With("film.ism", $"<smil><head><meta name='formats' content='mp4'/></head><body><switch>{tracks}</switch></body></smil>");
        foreach ((string name, byte[] content) in files)
        {
            store.With(name, content);
        }

        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        return new Output(PackagingPlanner.Plan(presentation, new PackagingOptions()));
    }

    private sealed record Output(PackagingPlan Plan)
    {
        private readonly Playlist _master = new(MadeUp.Text(Plan.Manifests, "film.m3u8"));

        public List<Dictionary<string, string>> Audio => [.. _master.Attributes("EXT-X-MEDIA").Where(media => media["TYPE"] == "AUDIO")];

        public List<Dictionary<string, string>> Variants => _master.Attributes("EXT-X-STREAM-INF");

        public List<XElement> AudioSets =>
        [
            .. XElement.Parse(MadeUp.Text(Plan.Manifests, "film.mpd")).Descendants(Mpd + "AdaptationSet")
                .Where(set => (string?)set.Attribute("contentType") == "audio"),
        ];
    }
}
