using System.Xml.Linq;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Tests.Manifests;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.TimedText;

/// <summary>Sprites that encoders wrote, as thumbnail tracks.</summary>
public class ThumbnailTests
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    [Fact]
    public async Task Known_problem_228_a_sprite_becomes_a_thumbnail_track_of_DASH_and_an_image_playlist_of_HLS()
    {
        Presentation presentation = Assert.Single((await ReadAsync(Cues(3, 7))).Presentations);

        ThumbnailTrack track = Assert.Single(presentation.Thumbnails);
        Assert.Equal(("film.vtt", "film sprite.jpg", 3, 3, 160, 90, 1000L, 7), (track.CueFile, Assert.Single(track.Images).Path, track.Columns, track.Rows, track.TileWidth, track.TileHeight, track.TileDuration, track.Count));
        Assert.Empty(presentation.Texts);
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions());
        XElement set = XElement.Parse(MadeUp.Text(plan.Manifests, "film.mpd")).Descendants(Mpd + "AdaptationSet").Single(s => (string?)s.Attribute("contentType") == "image");
        Assert.Equal(("film%20sprite.jpg", "9000"), ((string?)set.Element(Mpd + "SegmentTemplate")!.Attribute("media"), (string?)set.Element(Mpd + "SegmentTemplate")!.Attribute("duration")));
        XElement representation = set.Element(Mpd + "Representation")!;
        Assert.Equal(("480", "270", "3x3"), ((string?)representation.Attribute("width"), (string?)representation.Attribute("height"), (string?)representation.Element(Mpd + "EssentialProperty")!.Attribute("value")));
        Dictionary<string, string> stream = Assert.Single(new Playlist(MadeUp.Text(plan.Manifests, "film.m3u8")).Attributes("EXT-X-IMAGE-STREAM-INF"));
        Assert.Equal(("160x90", "jpeg"), (stream["RESOLUTION"], stream["CODECS"]));
        string images = MadeUp.Text(plan.Manifests, stream["URI"]);
        Assert.Contains("#EXT-X-TILES:RESOLUTION=160x90,LAYOUT=3x3,DURATION=1.000000\n../film%20sprite.jpg\n", images);
        Assert.Empty(MpdSchema.Validate(MadeUp.Text(plan.Manifests, "film.mpd")));
    }

    [Theory]
    [InlineData("Thumbnail008.jpg,Thumbnail009.jpg,Thumbnail010.jpg", "Thumbnail$Number%03d$.jpg", "8")]
    [InlineData("film 9.jpg,film 10.jpg,film 11.jpg", "film%20$Number$.jpg", "9")]
    [InlineData("1_720p.jpg,2_720p.jpg,3_720p.jpg", "$Number$_720p.jpg", "1")]
    public async Task Several_sprites_are_images_of_one_track(string images, string template, string first)
    {
        string[] names = images.Split(',');
        MemoryAssetStore store = new MemoryAssetStore("asset").With("film.mp4", new MovieBuilder().Video(10).Build()).With("film.vtt", Cues(2, 11, i => names[i / 4], 4));
        names.ToList().ForEach(name => store.With(name, "x"));

        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);

        ThumbnailTrack track = Assert.Single(presentation.Thumbnails);
        Assert.Equal((2, 2, 11), (track.Columns, track.Rows, track.Count));
        Assert.Equal(names, track.Images.Select(image => image.Path));
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions());
        string mpd = MadeUp.Text(plan.Manifests, "film.mpd");
        XElement set = XElement.Parse(mpd).Descendants(Mpd + "AdaptationSet").Single(s => (string?)s.Attribute("contentType") == "image").Element(Mpd + "SegmentTemplate")!;
        Assert.Equal((template, first, "4000"), ((string?)set.Attribute("media"), (string?)set.Attribute("startNumber"), (string?)set.Attribute("duration")));
        Assert.Empty(MpdSchema.Validate(mpd));
        Dictionary<string, string> stream = Assert.Single(new Playlist(MadeUp.Text(plan.Manifests, "film.m3u8")).Attributes("EXT-X-IMAGE-STREAM-INF"));
        string playlist = MadeUp.Text(plan.Manifests, stream["URI"]);
        Assert.Equal(names.Select(name => "../" + name.Replace(" ", "%20")), playlist.Split('\n').Where(line => line.Length > 0 && line[0] != '#'));
        Assert.Equal(3, playlist.Split("#EXT-X-TILES:RESOLUTION=160x90,LAYOUT=2x2,DURATION=1.000000").Length - 1);
    }

    [Theory]
    [InlineData("a.jpg,b.jpg,c.jpg")]
    [InlineData("1.jpg,2.jpg,4.jpg")]
    [InlineData("1.jpg,2.jpg,1.jpg")]
    [InlineData("1.jpg,02.jpg,3.jpg")]
    public async Task Sprites_whose_names_do_not_count_up_are_not_offered(string images)
    {
        string[] names = images.Split(',');
        MemoryAssetStore store = new MemoryAssetStore("asset").With("film.mp4", new MovieBuilder().Video(10).Build()).With("film.vtt", Cues(2, 11, i => names[i / 4], 4));
        names.Distinct().ToList().ForEach(name => store.With(name, "x"));

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Empty(Assert.Single(content.Presentations).Thumbnails);
        Assert.Equal("ThumbnailsNotOffered", Assert.Single(content.Warnings).Code);
    }

    [Theory]
    [InlineData("film sprite.jpg#xywh=0,0,160,90", "film sprite.jpg#xywh=170,0,160,90")]
    [InlineData("film sprite.jpg#xywh=0,0,160,90", "film sprite.jpg#xywh=160,0,80,90")]
    [InlineData("film sprite.jpg#xywh=0,0,160,90", "other.jpg#xywh=160,0,160,90")]
    [InlineData("missing.jpg#xywh=0,0,160,90", "missing.jpg#xywh=160,0,160,90")]
    [InlineData("../film sprite.jpg#xywh=0,0,160,90", "../film sprite.jpg#xywh=160,0,160,90")]
    [InlineData("film sprite.jpg#xywh=0,0,0,0", "film sprite.jpg#xywh=0,0,0,0")]
    [InlineData("film sprite.jpg#xywh=0,0,99999999999,90", "film sprite.jpg#xywh=1,2")]
    [InlineData("a.mp4#xywh=0,0,160,90", "a.mp4#xywh=160,0,160,90")]
    public async Task Tiles_that_make_no_grid_are_not_offered_and_stay_with_the_other_files(params string[] tiles)
    {
        AssetContent content = await ReadAsync("WEBVTT\n\n" + string.Concat(tiles.Select((tile, i) => $"00:0{i}.000 --> 00:0{i + 1}.000\n{tile}\n\n")));

        Assert.Empty(Assert.Single(content.Presentations).Thumbnails);
        Assert.Equal("ThumbnailsNotOffered", Assert.Single(content.Warnings).Code);
        Assert.Contains(content.OtherFiles, file => file.Path == "film.vtt");
    }

    [Fact]
    public async Task Tiles_at_other_times_are_not_offered()
    {
        string cues = Cues(3, 7).Replace("00:04.000 --> 00:05.000", "00:14.000 --> 00:15.000");

        Assert.Empty(Assert.Single((await ReadAsync(cues)).Presentations).Thumbnails);
    }

    [Fact]
    public async Task A_static_asset_names_what_players_open_and_what_is_missing()
    {
        MemoryAssetStore store = new MemoryAssetStore("asset")
            .With("master.m3u8", "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\",URI=\"audio/a.m3u8\"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n")
            .With("low.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nlow%201.ts?x=1\n#EXTINF:2,\nlow2.ts\n")
            .With("audio/a.m3u8", "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:2,\n../low 1.ts\n")
            .With("low 1.ts", "x")
            .With("bad.m3u8", "no playlist")
            .With("film.mpd", "<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period><AdaptationSet><SegmentTemplate initialization='$RepresentationID$/init.mp4' media='low%20$Number$.ts' duration='1'/><Representation id='v1' bandwidth='1'/></AdaptationSet></Period></MPD>");

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Equal(AssetFormat.StaticHls, content.Format);
        Assert.Equal(["bad.m3u8", "film.mpd", "master.m3u8"], content.StaticManifests);
        Assert.Equal(
            ["audio/a.m3u8: It names 'audio/init.mp4', which is not in the asset.", "film.mpd: It names 'v1/init.mp4', which is not in the asset.", "low.m3u8: It names 'low2.ts', which is not in the asset."],
            content.Warnings.Where(warning => warning.Code == "StaticFileMissing").Select(warning => warning.ToString()).Order(StringComparer.Ordinal));
        Assert.Contains(content.Warnings, warning => warning.Code == "StaticManifestUnreadable" && warning.File == "bad.m3u8");
    }

    [Theory]
    [InlineData("#EXTINF:2,\n../../etc/passwd\n#EXT-X-ENDLIST", "StaticFileMissing", "'/etc/passwd'")]
    [InlineData("#EXTINF:2,\n/one.ts\n#EXT-X-ENDLIST", "StaticFileMissing", "'/one.ts'")]
    [InlineData("#EXTINF:2,\nhttps://example.com/one.ts\n#EXT-X-ENDLIST", "StaticFileMissing", "'https://example.com/one.ts'")]
    [InlineData("#EXT-X-KEY:METHOD=AES-128,URI=\"https://example.com/key\"\n#EXTINF:2,\none.ts\n#EXT-X-ENDLIST", "StaticFileMissing", "'https://example.com/key'")]
    [InlineData("#EXTINF:2,\n#EXT-X-BYTERANGE:5@96\none.ts\n#EXT-X-ENDLIST", "StaticRangeMissing", "5 bytes at 96 of 'one.ts', which has 100")]
    [InlineData("#EXT-X-MAP:URI=\"lost.mp4\"\n#EXTINF:2,\none.ts\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"one.ts\"\n#EXTINF:2,\none.ts\n#EXT-X-ENDLIST", "StaticFileMissing", "'lost.mp4'")]
    [InlineData("#EXT-X-MAP:URI=\"one.ts\"\n#EXTINF:2,\none.ts\n#EXT-X-MAP:URI=\"one.ts\",BYTERANGE=\"9@96\"\n#EXTINF:2,\none.ts\n#EXT-X-MAP:URI=\"one.ts\"\n#EXTINF:2,\none.ts\n#EXT-X-ENDLIST", "StaticRangeMissing", "9 bytes at 96 of 'one.ts'")]
    [InlineData("#EXTINF:2,\n%6fne.ts?a=b\n", "StaticManifestLive", "EXT-X-ENDLIST")]
    public async Task Faults_of_a_static_playlist_are_named(string lines, string code, string words)
    {
        MemoryAssetStore store = new MemoryAssetStore("asset").With("one.ts", new string('x', 100)).With("film.m3u8", $"#EXTM3U\n#EXT-X-TARGETDURATION:2\n{lines}");

        AssertFault(await AssetReader.ReadAsync(store, default), code, words);
    }

    /// <summary>Players fetch what a segment needs: an EXT-X-MAP that another follows at once, or none at all, is nothing that they miss.</summary>
    [Fact]
    public async Task Every_EXT_X_MAP_that_segments_follow_is_looked_for()
    {
        MemoryAssetStore store = new MemoryAssetStore("asset").With("one.m4s", "x").With("a.mp4", "a").With("b.mp4", "b").With("film.m3u8",
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI=\"unused.mp4\"\n#EXT-X-MAP:URI=\"a.mp4\"\n#EXTINF:2,\none.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"b.mp4\"\n#EXTINF:2,\none.m4s\n#EXT-X-MAP:URI=\"behind.mp4\"\n#EXT-X-ENDLIST\n");
        string[] Missing(AssetContent content) => [.. content.Warnings.Where(warning => warning.Code == "StaticFileMissing").Select(warning => warning.Message)];

        Assert.Empty(Missing(await AssetReader.ReadAsync(store, default)));
        Assert.Equal(
            ["It names 'a.mp4', which is not in the asset.", "It names 'b.mp4', which is not in the asset."],
            Missing(await AssetReader.ReadAsync(store.Without("a.mp4").Without("b.mp4"), default)));
    }

    [Theory]
    [InlineData("<SegmentTemplate media='$Time%03d$.m4s'><SegmentTimeline><S t='1' d='1' r='2'/></SegmentTimeline></SegmentTemplate>", "StaticFileMissing", "'v/002.m4s'")]
    [InlineData("<SegmentTemplate media='$Number%03d$.m4s' duration='1'/>", "StaticFileMissing", "'v/002.m4s'")]
    [InlineData("<SegmentList><SegmentURL media='001.m4s'/><SegmentURL media='../b.m4s'/><SegmentURL media='003.m4s'/></SegmentList>", "StaticFileMissing", "'b.m4s'")]
    [InlineData("<BaseURL>001.m4s</BaseURL><SegmentBase indexRange='90-110'/>", "StaticRangeMissing", "21 bytes at 90 of 'v/001.m4s', which has 100")]
    [InlineData("<SegmentTemplate media='001.m4s'><SegmentTimeline><S t='0' d='1' r='2000000000'/></SegmentTimeline></SegmentTemplate><BaseURL>../../</BaseURL>", "StaticFileMissing", "001.m4s'")]
    public async Task Faults_of_a_static_MPD_are_named(string addressing, string code, string words)
    {
        MemoryAssetStore store = new MemoryAssetStore("asset").With("v/001.m4s", new string('x', 100)).With("v/003.m4s", "x").With("film.mpd",
            $"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011' mediaPresentationDuration='PT3S'><BaseURL>v/</BaseURL><Period><AdaptationSet><Representation id='1'>{addressing}</Representation></AdaptationSet></Period></MPD>");

        AssertFault(await AssetReader.ReadAsync(store, default), code, words);
    }

    private static void AssertFault(AssetContent content, string code, string words)
    {
        PackagingWarning fault = Assert.Single(content.Warnings, warning => warning.Code.StartsWith("Static", StringComparison.Ordinal));
        Assert.Equal(code, fault.Code);
        Assert.Contains(words, fault.Message);
    }

    private static string Cues(int columns, int count) => Cues(columns, count, _ => "film sprite.jpg", count);

    /// <param name="inGrid">Tiles of each image.</param>
    private static string Cues(int columns, int count, Func<int, string> image, int inGrid) => "WEBVTT\n\n" + string.Concat(Enumerable.Range(0, count).Select(i =>
        $"00:{i:D2}.000 --> 00:{i + 1:D2}.000\n{image(i)}#xywh={i % inGrid % columns * 160},{i % inGrid / columns * 90},160,90\n\n"));

    private static Task<AssetContent> ReadAsync(string cues) => AssetReader.ReadAsync(
        new MemoryAssetStore("asset").With("film.mp4", new MovieBuilder().Video(10).Build()).With("film.vtt", cues).With("film sprite.jpg", "x").With("other.jpg", "x"), default);
}
