using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;
using static AmsMigration.TestSupport.Boxes;

namespace AmsMigration.Packaging.Tests.Sources;

public class AssetReaderTests
{
    private static readonly byte[] Vc1 = Visual("vc-1", 320, 240, Box("dvc1", new byte[8]));

    [Fact]
    public async Task Several_manifests_are_several_presentations_over_files_read_once()
    {
        MemoryAssetStore store = Asset()
            .With("one.ism", Manifest("<video src='a.mp4'/><audio src='a.mp4'/>"))
            .With("two.ism", Manifest("<video src='b.mp4'/><audio src='a.mp4'/>"))
            .With("a.mp4", new MovieBuilder().Video().Audio().Build())
            .With("b.mp4", new MovieBuilder().Video().Build());

        AssetContent content = await ReadAsync(store);

        Assert.Equal(["one", "two"], content.Presentations.Select(presentation => presentation.Name));
        Assert.All(
            content.Presentations,
            presentation => Assert.Equal([TrackKind.Video, TrackKind.Audio], presentation.Tracks.Select(track => track.Kind)));
        Assert.All(content.Presentations, presentation => Assert.All(presentation.Tracks, track => Assert.Equal(
            track.SourceFile, presentation.Files[track.Samples.GetCursor().File].Path)));
        Assert.Equal(["one.ism", "two.ism"], content.ServerManifests);
        Assert.All(store.Opened.Values, count => Assert.Equal(1, count));
        Assert.Equal(0, store.StillOpen);
    }

    [Fact]
    public async Task Issue_250_a_file_that_is_source_of_video_and_audio_gives_each_once()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("""
                <video src='a.mp4'/><video src='b.mp4'/>
                <audio src='a.mp4' systemBitrate='128000' title='AAC_eng_ch2_128kbps'/>
                <video src='a.mp4'/>
                """))
            .With("a.mp4", new MovieBuilder().Video().Audio(language: "eng").Build())
            .With("b.mp4", new MovieBuilder().Video(sampleSize: 200).Audio(language: "eng").Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Assert.Equal(
            [("a.mp4", TrackKind.Video), ("b.mp4", TrackKind.Video), ("a.mp4", TrackKind.Audio)],
            presentation.Tracks.Select(track => (track.SourceFile, track.Kind)));
        Assert.Null(presentation.Tracks[2].Label);
        Assert.Equal(("en", 128000L), (presentation.Tracks[2].Language, presentation.Tracks[2].NominalBitrate));
    }

    [Fact]
    public async Task What_the_manifest_says_goes_over_what_the_file_says()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("""
                <video src='a.mp4'/>
                <audio src='a.mp4' systemLanguage='fra' title='Français'>
                  <param name='trackID' value='2'/><param name='trackName' value='aac_fra'/>
                </audio>
                <audio src='b.m4a' systemLanguage='und'>
                  <param name='trackName' value='aac_eng_audio_description'/>
                  <param name='accessibility' value='description'/><param name='role' value='alternate'/>
                </audio>
                """))
            .With("a.mp4", new MovieBuilder().Video().Audio(language: "eng").Build())
            .With("b.m4a", new MovieBuilder().Audio(language: "deu").Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Track french = presentation.Tracks[1];
        Assert.Equal(("fr", "Français", "aac_fra"), (french.Language, french.Label, french.Name));
        Track description = presentation.Tracks[2];
        Assert.Equal(("de", "aac_eng_audio_description"), (description.Language, description.Name));
        Assert.Equal(["description", "alternate"], description.Roles);
    }

    [Fact]
    public async Task The_best_sound_is_taken_where_the_manifest_names_none()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("<video src='a.mp4'/><video src='b.mp4'/>"))
            .With("a.mp4", new MovieBuilder().Video().Audio(sampleSize: 10).Audio(language: "deu").Build())
            .With("b.mp4", new MovieBuilder().Video().Audio(sampleSize: 20).Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Assert.Equal(
            [("b.mp4", null), ("a.mp4", "de")],
            presentation.Tracks.Where(track => track.Kind == TrackKind.Audio).Select(track => (track.SourceFile, track.Language)));
    }

    [Fact]
    public async Task Two_bit_rates_of_sound_stay_where_the_manifest_names_them()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("""
                <video src='v.mp4'/><audio src='h.mp4' title='AAC_und_ch2_128kbps'/><audio src='l.mp4' title='AAC_und_ch2_56kbps'/>
                """))
            .With("v.mp4", new MovieBuilder().Video().Audio().Build())
            .With("h.mp4", new MovieBuilder().Audio(sampleSize: 20).Build())
            .With("l.mp4", new MovieBuilder().Audio(sampleSize: 10).Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Track[] audio = [.. presentation.Tracks.Where(track => track.Kind == TrackKind.Audio)];
        Assert.Equal(["h.mp4", "l.mp4"], audio.Select(track => track.SourceFile));
        Assert.Equal(audio[0].GroupKey, audio[1].GroupKey);
    }

    [Theory]
    [InlineData("../../x.mp4")]
    [InlineData("/etc/x.mp4")]
    [InlineData("C:/x.mp4")]
    [InlineData("..\\x.mp4")]
    [InlineData("%2e%2e/x.mp4")]
    [InlineData("sub/../../x.mp4")]
    public async Task A_name_that_leaves_the_asset_is_not_used_and_the_rest_plays(string name)
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest($"<video src='{name}'/><video src='a.mp4'/>"))
            .With("a.mp4", new MovieBuilder().Video().Build());

        AssetContent content = await ReadAsync(store);

        Presentation presentation = Assert.Single(content.Presentations);
        Assert.Single(presentation.Tracks);
        Assert.Equal("UnsafeFileName", Assert.Single(presentation.Warnings).Code);
        Assert.Equal(["a.ism", "a.mp4"], store.Opened.Keys.Order());
    }

    [Theory]
    [InlineData("my%20video.mp4", "my video.mp4", null)]
    [InlineData("my%20video.mp4", "my%20video.mp4", null)]
    [InlineData("Video.MP4", "video.mp4", "FileNameCase")]
    [InlineData("./video.mp4", "video.mp4", null)]
    public async Task Names_are_found_as_they_stand_then_decoded_then_in_another_case(string named, string stored, string? warning)
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest($"<video src='{named}'/>"))
            .With(stored, new MovieBuilder().Video().Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Assert.Equal(stored, Assert.Single(presentation.Tracks).SourceFile);
        Assert.Equal(warning, presentation.Warnings.SingleOrDefault()?.Code);
    }

    [Fact]
    public async Task A_missing_file_is_a_warning_and_all_missing_leaves_nothing_to_convert()
    {
        MemoryAssetStore some = Asset()
            .With("a.ism", Manifest("<video src='a.mp4'/><video src='gone.mp4'/>"))
            .With("a.mp4", new MovieBuilder().Video().Build());
        MemoryAssetStore none = Asset().With("a.ism", Manifest("<video src='gone.mp4'/>"));

        AssetContent partly = await ReadAsync(some);
        AssetContent empty = await ReadAsync(none);

        Assert.Equal(["FileNotFound"], Assert.Single(partly.Presentations).Warnings.Select(warning => warning.Code));
        Assert.False(empty.IsStreamable);
        Assert.Equal(["FileNotFound", "NothingToConvert"], empty.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public async Task Unreadable_files_are_told_and_the_others_go_on()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("<video src='a.mp4'/><video src='text.mp4'/><video src='empty.mp4'/><video src='cut.mp4'/>"))
            .With("a.mp4", new MovieBuilder().Video().Build())
            .With("text.mp4", "this is a text file, and a long one at that")
            .With("empty.mp4", "")
            .With("cut.mp4", [.. new MovieBuilder().Video().Build().Take(300)]);

        AssetContent content = await ReadAsync(store);

        Assert.Single(Assert.Single(content.Presentations).Tracks);
        Assert.Equal(3, content.Warnings.Count);
        Assert.All(
            ["text.mp4", "empty.mp4", "cut.mp4"],
            name => Assert.Contains(content.Warnings, warning => warning.ToString().Contains(name)));
        Assert.Contains(content.OtherFiles, file => file.Path == "text.mp4");
    }

    [Fact]
    public async Task Files_of_which_nothing_plays_say_why()
    {
        MemoryAssetStore store = Asset()
            .With("empty.mp4", new Mp4Maker().ToArray())
            .With("text.mp4", new Mp4Maker { Tracks = [MadeText.WebVtt(1, (1000, [("", "Hello")]))] }.ToArray());

        AssetContent content = await ReadAsync(store);

        Assert.Empty(content.Presentations);
        Assert.Equal(
            [("empty.mp4", "Its header lists no track."), ("text.mp4", "It has text and neither sound nor pictures; without a manifest nothing says what it belongs to.")],
            content.Warnings.Select(warning => (warning.File, warning.Message)));
    }

    [Fact]
    public async Task A_codec_that_cannot_be_carried_is_left_out_by_name()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("<video src='old.ismv'/><video src='a.mp4'/>"))
            .With("old.ismv", new MovieBuilder().Video(entry: Vc1).Build())
            .With("a.mp4", new MovieBuilder().Video().Build());

        AssetContent content = await ReadAsync(store);

        Assert.Equal(["a.mp4"], Assert.Single(content.Presentations).Tracks.Select(track => track.SourceFile));
        LeftOutTrack left = Assert.Single(content.LeftOut);
        Assert.Equal(("old.ismv", "VC-1", true), (left.File, left.Codec, left.IsMedia));
    }

    [Fact]
    public async Task A_wrong_track_id_is_replaced_by_what_the_file_has_of_the_kind()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("""
                <video src='a.mp4'><param name='trackID' value='7'/></video><audio src='a.mp4'><param name='trackID' value='2'/></audio>
                """))
            .With("a.mp4", new MovieBuilder().Video().Audio().Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Assert.Equal([1u, 2u], presentation.Tracks.Select(track => track.SourceTrackId));
        Assert.Equal("TrackIdNotFound", Assert.Single(presentation.Warnings).Code);
    }

    [Fact]
    public async Task A_text_stream_whose_file_cannot_be_read_is_named_and_left_out()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", Manifest("""
                <video src='a.mp4'/><textstream src='en.cmft'><param name='textDisplayName' value='English'/></textstream>
                """))
            .With("a.mp4", new MovieBuilder().Video().Build())
            .With("en.cmft", "x");

        AssetContent content = await ReadAsync(store);

        Presentation presentation = Assert.Single(content.Presentations);
        Assert.Empty(presentation.Texts);
        Assert.Contains(presentation.Warnings, warning => warning.Code == "TextLeftOut" && warning.Message.Contains("English"));
    }

    [Fact]
    public async Task Bare_files_of_one_content_are_renditions_with_the_best_sound_of_each_language()
    {
        MemoryAssetStore store = Asset()
            .With("film_1280x720_3400kbps.mp4", new MovieBuilder().Video(10, 300).Audio(10, 10, "eng").Build())
            .With("film_640x360_1000kbps.mp4", new MovieBuilder().Video(10.2, 100).Audio(10.2, 20, "eng").Build())
            .With("film_AAC_spa_128kbps.m4a", new MovieBuilder().Audio(10, 10, "spa").Build());

        AssetContent content = await ReadAsync(store);

        Assert.Equal(AssetFormat.BareMp4, content.Format);
        Presentation presentation = Assert.Single(content.Presentations);
        Assert.Equal("film", presentation.Name);
        Assert.Equal(2, presentation.Tracks.Count(track => track.Kind == TrackKind.Video));
        Assert.Equal(
            [("film_640x360_1000kbps.mp4", "en"), ("film_AAC_spa_128kbps.m4a", "es")],
            presentation.Tracks.Where(track => track.Kind == TrackKind.Audio).Select(track => (track.SourceFile, track.Language)));
    }

    [Theory]
    [InlineData("beach.mp4", "mountain.mp4", 10, 10)]
    [InlineData("ad1.mp4", "ad2.mp4", 10, 10)]
    [InlineData("lesson_400.mp4", "lesson_800.mp4", 10, 20)]
    public async Task Bare_files_that_show_different_things_are_presentations_of_their_own(
        string first, string second, int seconds, int others)
    {
        MemoryAssetStore store = Asset()
            .With(first, new MovieBuilder().Video(seconds).Audio(seconds, 10).Build())
            .With(second, new MovieBuilder().Video(others).Audio(others, 11).Build());

        AssetContent content = await ReadAsync(store);

        Assert.Equal(
            [Path.GetFileNameWithoutExtension(first), Path.GetFileNameWithoutExtension(second)],
            content.Presentations.Select(presentation => presentation.Name));
    }

    [Fact]
    public async Task Bare_files_with_the_very_same_sound_are_renditions_whatever_their_names()
    {
        byte[] one = new MovieBuilder().Video(10, 100).Audio(10, 13).Build();
        byte[] two = new MovieBuilder().Video(10, 300).Audio(10, 13).Build();

        AssetContent content = await ReadAsync(Asset().With("x7f3.mp4", one).With("q9a1.mp4", two));

        Assert.Equal(2, Assert.Single(content.Presentations).Tracks.Count(track => track.Kind == TrackKind.Video));
    }

    [Fact]
    public async Task An_audio_only_file_plays_alone()
    {
        AssetContent content = await ReadAsync(Asset().With("podcast.m4a", new MovieBuilder().Audio().Build()).With("cover.jpg", "x"));

        Presentation presentation = Assert.Single(content.Presentations);
        Assert.Equal("podcast", presentation.Name);
        Assert.Equal(["cover.jpg"], content.OtherFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task A_damaged_manifest_is_told_and_the_files_are_read_by_themselves()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", "<!DOCTYPE x [<!ENTITY a 'b'>]><smil/>")
            .With("a.mp4", new MovieBuilder().Video().Build());

        AssetContent content = await ReadAsync(store);

        Assert.True(content.IsStreamable);
        Assert.Equal("InvalidManifest", Assert.Single(content.Warnings).Code);
        Assert.Equal(["a.ism"], content.ServerManifests);
    }

    [Theory]
    [InlineData(AssetFormat.NonStreamable, "slides.pdf", "cover.jpg")]
    [InlineData(AssetFormat.NonStreamable, "captions.vtt")]
    [InlineData(AssetFormat.NonStreamable)]
    [InlineData(AssetFormat.StaticHls, "master.m3u8", "seg1.mp4", "seg1.ts")]
    [InlineData(AssetFormat.StaticDash, "manifest.mpd", "video.mp4")]
    public async Task What_is_not_converted_is_recognised_and_said(AssetFormat format, params string[] files)
    {
        MemoryAssetStore store = Asset();
        foreach (string file in files)
        {
            store.With(file, "x");
        }

        AssetContent content = await ReadAsync(store);

        Assert.Equal((format, false), (content.Format, content.IsStreamable));
        Assert.Equal("NothingToConvert", Assert.Single(content.Warnings, warning => warning.Code != "StaticManifestUnreadable").Code);
        Assert.Equal(files.Length, content.OtherFiles.Count);
    }

    [Theory]
    [InlineData("mp4", "a.mp4", AssetFormat.Mp4)]
    [InlineData("mp4-v3", "a.mp4", AssetFormat.Mp4)]
    [InlineData("fmp4", "a.mp4", AssetFormat.Smooth)]
    [InlineData("", "a.ismv", AssetFormat.Smooth)]
    [InlineData("vod-fmp4", "a.mp4", AssetFormat.LiveArchive)]
    [InlineData("vod-cmaf", "a.mp4", AssetFormat.LiveArchiveCmaf)]
    [InlineData("ll-cmaf", "a.mp4", AssetFormat.LiveArchiveCmaf)]
    public async Task The_manifest_names_the_format(string formats, string file, AssetFormat expected)
    {
        string head = formats.Length == 0 ? "" : $"<head><meta content='{formats}' name='formats'/></head>";
        MemoryAssetStore store = Asset()
            .With("a.ism", $"<smil>{head}<body><switch><video src='{file}'/></switch></body></smil>")
            .With(file, new MovieBuilder().Video().Build());

        Assert.Equal(expected, (await ReadAsync(store)).Format);
    }

    [Fact]
    public async Task Smooth_streams_start_apart_as_the_client_manifest_says()
    {
        MemoryAssetStore store = Asset()
            .With("a.ism", """
                <smil><head><meta name='clientManifestRelativePath' content='A.ismc'/></head><body><switch>
                <video src='a.ismv' systemBitrate='900'/><audio src='a.isma'><param name='trackName' value='audio_eng'/></audio>
                </switch></body></smil>
                """)
            .With("a.ismc", """
                <SmoothStreamingMedia Duration='100000000'>
                  <StreamIndex Type='video'><QualityLevel Bitrate='900'/><c t='60000000' d='20000000' r='5'/></StreamIndex>
                  <StreamIndex Type='audio' Name='audio_eng' TimeScale='48000'>
                    <c t='252000' d='96000' r='2'/><c t='500000' d='96000'/>
                  </StreamIndex>
                </SmoothStreamingMedia>
                """)
            .With("a.ismv", new MovieBuilder().Video().Build())
            .With("a.isma", new MovieBuilder().Audio().Build());

        Presentation presentation = Assert.Single((await ReadAsync(store)).Presentations);

        Assert.Equal([(750L, 1000u), (0L, 1000u)], presentation.Tracks.Select(track => (track.Delay, track.Timescale)));
        Assert.Equal("StreamHasGaps", Assert.Single(presentation.Warnings).Code);
    }

    [Fact]
    public async Task A_smooth_asset_plays_without_its_client_manifest_or_with_a_damaged_one()
    {
        const string Server = """
            <smil><head><meta name='clientManifestRelativePath' content='a.ismc'/></head>
            <body><switch><video src='a.ismv'/></switch></body></smil>
            """;
        byte[] media = new MovieBuilder().Video().Build();
        MemoryAssetStore without = Asset().With("a.ism", Server).With("a.ismv", media);
        MemoryAssetStore damaged = Asset().With("a.ism", Server).With("a.ismv", media).With("a.ismc", "<Smooth");

        Assert.Empty(Assert.Single((await ReadAsync(without)).Presentations).Warnings);
        AssetContent content = await ReadAsync(damaged);
        Assert.True(content.IsStreamable);
        Assert.Equal("InvalidManifest", Assert.Single(content.Warnings).Code);
    }

    [Fact]
    public async Task Presentations_of_the_same_name_are_told_apart()
    {
        MemoryAssetStore store = Asset()
            .With("A.mp4", new MovieBuilder().Video(10).Build())
            .With("a.m4v", new MovieBuilder().Video(20).Build());

        Assert.Equal(["A", "a_2"], (await ReadAsync(store)).Presentations.Select(presentation => presentation.Name));
    }

    [Fact]
    public async Task Cancelling_stops_the_reading()
    {
        MemoryAssetStore store = Asset().With("a.mp4", new MovieBuilder().Video().Build());
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AssetReader.ReadAsync(store, cancellation.Token));
        Assert.Equal(0, store.StillOpen);
    }

    private static MemoryAssetStore Asset() => new("asset");

    private static string Manifest(string tracks) =>
        $"<smil><head><meta name='formats' content='mp4'/></head><body><switch>{tracks}</switch></body></smil>";

    private static Task<AssetContent> ReadAsync(MemoryAssetStore store) => AssetReader.ReadAsync(store, CancellationToken.None);
}
