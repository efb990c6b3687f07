using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

public class HlsMasterPlaylistTests
{
    [Theory]
    [MemberData(nameof(MadeUpPresentations.InBothLayouts), MemberType = typeof(MadeUpPresentations))]
    public void Groups_have_unique_names_one_default_and_no_rivals_for_automatic_selection(string name, OutputLayout layout)
    {
        (string manifestName, IReadOnlyList<OutputFile> files) = MadeUpPresentations.Write(name, layout);
        var master = new Playlist(MadeUp.Text(files, manifestName + ".m3u8"));
        var groups = master.Attributes("EXT-X-MEDIA").Where(m => m["TYPE"] == "AUDIO").GroupBy(m => m["GROUP-ID"]).ToList();
        Assert.NotEmpty(groups);
        foreach (IGrouping<string, Dictionary<string, string>> group in groups)
        {
            Assert.Single(group, m => m["DEFAULT"] == "YES");
            Assert.Equal("YES", group.First(m => m["DEFAULT"] == "YES")["AUTOSELECT"]);
            Assert.Equal(group.Count(), group.Select(m => m["NAME"]).Distinct().Count());
            var automatic = group
                .Where(m => m["AUTOSELECT"] == "YES")
                .Select(m => (m.GetValueOrDefault("LANGUAGE"), m.GetValueOrDefault("CHARACTERISTICS")));
            Assert.Equal(automatic.Count(), automatic.Distinct().Count());
            Assert.Equal(
                groups[0].Select(m => (m["NAME"], m["DEFAULT"], m["AUTOSELECT"])),
                group.Select(m => (m["NAME"], m["DEFAULT"], m["AUTOSELECT"])));
        }

        Assert.All(master.Attributes("EXT-X-STREAM-INF"), variant => Assert.Contains(groups, group => group.Key == variant["AUDIO"]));
    }

    [Fact]
    public void Every_video_comes_with_every_audio_group()
    {
        Playlist master = Master(
            Video(720, 3_000_000), Video(360, 700_000), Audio("en", 128_000), Audio("en", 64_000), Audio("en", 384_000, "ec-3", 6));
        List<Dictionary<string, string>> variants = master.Attributes("EXT-X-STREAM-INF");
        Assert.Equal(6, variants.Select(v => (v["RESOLUTION"], v["AUDIO"])).Distinct().Count());
        Assert.Equal(6, variants.Count);
        Assert.All(variants, v => Assert.Equal(v["AUDIO"] == "audio-ec-3-6" ? "avc1.640028,ec-3" : "avc1.640028,mp4a.40.2", v["CODECS"]));
    }

    [Fact]
    public void Bandwidth_is_that_of_the_video_and_the_most_demanding_audio_of_the_group()
    {
        MadeUp video = Video(720, 3_000_000);
        MadeUp weak = Audio("en", 64_000);
        MadeUp strong = Audio("de", 192_000);
        Dictionary<string, string> variant = Assert.Single(Master(video, weak, strong).Attributes("EXT-X-STREAM-INF"));
        Rendition Plan(MadeUp rendition) => rendition.ToRendition("talk", OutputLayout.SingleFile);
        Assert.Equal(Plan(video).PeakBandwidth + Plan(strong).PeakBandwidth, long.Parse(variant["BANDWIDTH"]));
        Assert.Equal(Plan(video).AverageBandwidth + Plan(strong).AverageBandwidth, long.Parse(variant["AVERAGE-BANDWIDTH"]));
    }

    [Fact]
    public void A_language_that_a_codec_lacks_is_borrowed_from_one_that_plays_more_widely()
    {
        Playlist master = Master(Video(720, 3_000_000), Audio("en", 128_000), Audio("de", 128_000), Audio("en", 384_000, "ec-3", 6));
        Assert.Equal(
            [("audio-aac-2", "en", "2"), ("audio-aac-2", "de", "2"), ("audio-ec-3-6", "en", "6"), ("audio-ec-3-6", "de", "2")],
            master.Attributes("EXT-X-MEDIA").Select(m => (m["GROUP-ID"], m["LANGUAGE"], m["CHANNELS"])));
        Assert.Contains("avc1.640028,ec-3,mp4a.40.2", master.Attributes("EXT-X-STREAM-INF").Select(v => v["CODECS"]));
    }

    [Fact]
    public void A_language_in_a_rare_codec_alone_does_not_make_the_common_codec_rare()
    {
        Playlist master = Master(Video(720, 3_000_000), Audio("en", 128_000), Audio("de", 384_000, "ec-3", 6));
        Assert.Equal(
            [("audio-aac-2", "en"), ("audio-ec-3-6", "en"), ("audio-ec-3-6", "de")],
            master.Attributes("EXT-X-MEDIA").Select(m => (m["GROUP-ID"], m["LANGUAGE"])));
        Assert.Contains("avc1.640028,mp4a.40.2", master.Attributes("EXT-X-STREAM-INF").Select(v => v["CODECS"]));
    }

    [Fact]
    public void Languages_in_mono_beside_stereo_are_one_group_and_do_not_double_the_variants()
    {
        Playlist master = Master(Video(360, 800_000), Video(720, 3_000_000), Audio("en", 64_000, channels: 1), Audio("de", 128_000), Audio("de", 384_000, "ec-3", 6));

        Assert.Equal(
            [("audio-aac-1", "en", "1"), ("audio-aac-1", "de", "2"), ("audio-ec-3-6", "en", "1"), ("audio-ec-3-6", "de", "6")],
            master.Attributes("EXT-X-MEDIA").Select(m => (m["GROUP-ID"], m["LANGUAGE"], m["CHANNELS"])));
        List<Dictionary<string, string>> variants = master.Attributes("EXT-X-STREAM-INF");
        Assert.Equal(4, variants.Count);
        Assert.All(variants, v => Assert.Equal(v["AUDIO"] == "audio-aac-1" ? "avc1.640028,mp4a.40.2" : "avc1.640028,mp4a.40.2,ec-3", v["CODECS"]));
    }

    [Fact]
    public void A_language_with_fewer_bit_rates_is_in_all_groups()
    {
        Playlist master = Master(Video(720, 3_000_000), Audio("en", 128_000), Audio("en", 64_000), Audio("de", 96_000));
        Assert.Equal(
            [("audio-aac-2", "128k"), ("audio-aac-2", "96k"), ("audio-aac-2-2", "64k"), ("audio-aac-2-2", "96k")],
            master.Attributes("EXT-X-MEDIA").Select(m => (m["GROUP-ID"], m["URI"].Split('_')[^1].Split('.')[0])));
    }

    [Fact]
    public void Sound_that_describes_pictures_is_never_the_default_where_there_is_other()
    {
        MadeUp description = Audio("en", 128_000) with { Name = "described", Roles = ["description"], IsDefault = true };
        List<Dictionary<string, string>> media = Master(Video(720, 3_000_000), description, Audio("en", 64_000)).Attributes("EXT-X-MEDIA");
        Assert.Equal([(false, "YES"), (true, "NO")], media.Select(m => (m.ContainsKey("CHARACTERISTICS"), m["DEFAULT"])));
        Assert.Equal("public.accessibility.describes-video", media[1]["CHARACTERISTICS"]);
    }

    [Fact]
    public void Labels_of_one_choice_that_differ_between_codecs_do_not_become_two()
    {
        Playlist master = Master(
            Video(720, 3_000_000),
            Audio("en", 128_000) with { Label = "English stereo" },
            Audio("en", 384_000, "ec-3", 6) with { Label = "English 5.1" });
        Assert.Equal(
            [("audio-aac-2", "en"), ("audio-ec-3-6", "en")], master.Attributes("EXT-X-MEDIA").Select(m => (m["GROUP-ID"], m["NAME"])));
    }

    [Fact]
    public void Names_that_a_quoted_string_cannot_hold_are_cleaned_and_stay_apart()
    {
        Playlist master = Master(
            Video(720, 3_000_000),
            Audio("en", 128_000) with { Label = "a\"b\r\nc" },
            Audio("de", 128_000) with { Label = "a\u201Dbc" },
            Audio("fr", 128_000) with { Label = "\n" });
        Assert.Equal(["a\u201Dbc", "a\u201Dbc 2", "unnamed"], master.Attributes("EXT-X-MEDIA").Select(m => m["NAME"]));
    }

    [Fact]
    public void The_first_variant_is_the_best_up_to_two_megabits_and_the_others_rise()
    {
        Playlist master = Master(Video(1080, 5_000_000), Video(720, 3_000_000), Video(480, 1_000_000), Video(360, 400_000));
        Assert.Equal(["853x480", "640x360", "1280x720", "1920x1080"], master.Attributes("EXT-X-STREAM-INF").Select(v => v["RESOLUTION"]));
    }

    [Fact]
    public void The_first_variant_is_of_the_codecs_that_most_players_decode()
    {
        MadeUp hevc = Video(480, 500_000) with { Name = "hevc", Codec = VideoCodec("hvc1.1.6.L90.90", "hevc", 480) };
        Playlist master = Master(hevc, Video(720, 3_000_000), Audio("en", 32_000, "opus"), Audio("en", 64_000));
        Assert.Equal("avc1.640028,mp4a.40.2", master.Attributes("EXT-X-STREAM-INF")[0]["CODECS"]);
    }

    [Fact]
    public void Sound_alone_is_its_own_variant()
    {
        Playlist master = Master(Audio("en", 256_000), Audio("en", 64_000));
        List<Dictionary<string, string>> variants = master.Attributes("EXT-X-STREAM-INF");
        Assert.Equal(["talk/audio_en_aac_2_256k.m3u8", "talk/audio_en_aac_2_64k.m3u8"], master.Uris);
        Assert.All(variants, v => Assert.Equal("mp4a.40.2", v["CODECS"]));
        Assert.All(variants, v => Assert.False(v.ContainsKey("RESOLUTION") || v.ContainsKey("VIDEO-RANGE")));
        Assert.Equal(["384000", "96000"], variants.Select(v => v["BANDWIDTH"]));
    }

    [Theory]
    [InlineData(30_000, 1001, "29.970")]
    [InlineData(24_000, 1001, "23.976")]
    [InlineData(25, 1, "25.000")]
    [InlineData(1, 3, "0.333")]
    [InlineData(0, 1, null)]
    public void Frame_rate_has_three_decimals(long numerator, long denominator, string? expected)
    {
        Dictionary<string, string> variant = Assert.Single(
            Master(Video(720, 3_000_000) with { FrameRate = (numerator, denominator) }).Attributes("EXT-X-STREAM-INF"));
        Assert.Equal(expected, variant.GetValueOrDefault("FRAME-RATE"));
    }

    [Theory]
    [InlineData(VideoRange.Unknown, "SDR")]
    [InlineData(VideoRange.Sdr, "SDR")]
    [InlineData(VideoRange.Pq, "PQ")]
    [InlineData(VideoRange.Hlg, "HLG")]
    public void Video_range_is_said_of_variants_and_I_frames(VideoRange range, string expected)
    {
        Playlist master = Master(Video(720, 3_000_000) with { Codec = VideoCodec("hvc1.2.4.L120.90", "hevc", 720, range) });
        Assert.Equal(expected, Assert.Single(master.Attributes("EXT-X-STREAM-INF"))["VIDEO-RANGE"]);
        Assert.Equal(expected, Assert.Single(master.Attributes("EXT-X-I-FRAME-STREAM-INF"))["VIDEO-RANGE"]);
    }

    [Fact]
    public void Closed_captions_are_never_denied()
    {
        Assert.DoesNotContain("CLOSED-CAPTIONS", Master(Video(720, 3_000_000), Audio("en", 128_000)).Text);
    }

    private static Playlist Master(params MadeUp[] renditions) =>
        new(MadeUp.Text(Write("talk", OutputLayout.SingleFile, renditions), "talk.m3u8"));
}
