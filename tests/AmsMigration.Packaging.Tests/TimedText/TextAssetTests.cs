using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Text;
using AmsMigration.Packaging.Transfer;
using AmsMigration.Packaging.Verification;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.TimedText;

/// <summary>From an asset as Media Services left it to the text of its presentation.</summary>
public class TextAssetTests
{
    private const string English = "WEBVTT\nLanguage: en-us\n\n00:01.000 --> 00:02.000\nhello\n";

    private static readonly byte[] Film = new MovieBuilder().Video().Audio().Build();

    [Fact]
    public async Task Known_problem_135_a_transcript_beside_a_cmft_of_the_same_track_is_one_text_track()
    {
        MemoryAssetStore store = Asset(Stream("en.cmft", "<param name='transcriptsrc' value='en.vtt'/><param name='textDisplayName' value='English'/>"))
            .With("en.vtt", English)
            .With("en.cmft", Movie(MadeText.WebVtt(1, (1000, []), (1000, [("", "from samples")]))));

        TextTrack text = Assert.Single((await LoadAsync(store)).Texts);

        Assert.Equal(["en.vtt", "en.cmft"], text.Sources.Select(source => source.File));
        Assert.Equal(("English", "en-US"), (text.Label, text.Language));
        Assert.Equal([new TextCue(1000, 2000, "", "hello")], text.Content!.Cues);
    }

    /// <summary>Where two texts of a language have a VTT and a CMFT file each, none is dropped for being the shorter one.</summary>
    [Fact]
    public async Task Known_problem_147_texts_of_one_language_stay_two_and_each_is_read_from_its_transcript()
    {
        MemoryAssetStore store = Asset(
                Stream("en.cmft", "<param name='transcriptsrc' value='en.vtt'/><param name='trackName' value='subt_en'/>")
                + Stream("en2.cmft", "<param name='transcriptsrc' value='en2.vtt'/><param name='trackName' value='subt_en_2'/>"))
            .With("en.vtt", English)
            .With("en2.vtt", English.Replace("hello", "hello there, at length", StringComparison.Ordinal))
            .With("en.cmft", Movie(MadeText.WebVtt(1, (1000, []), (1000, [("", "from samples")]))))
            .With("en2.cmft", Movie(MadeText.WebVtt(1, (1000, []), (1000, [("", "from samples")]))));

        Presentation presentation = await LoadAsync(store);

        Assert.Equal(["hello", "hello there, at length"], presentation.Texts.Select(text => Assert.Single(text.Content!.Cues).Payload));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("this is nothing")]
    public async Task Known_problem_149_where_the_transcript_is_missing_or_damaged_the_cmft_is_read(string? transcript)
    {
        MemoryAssetStore store = Asset(Stream("en.cmft", "<param name='transcriptsrc' value='auto-generated-best_4800.vtt.vtt'/>"))
            .With("en.cmft", Movie(MadeText.WebVtt(1, (1000, []), (1000, [("line:10%", "from samples")]))));
        if (transcript is not null)
        {
            store.With("auto-generated-best_4800.vtt.vtt", transcript);
        }

        Presentation presentation = await LoadAsync(store);

        Assert.Equal([new TextCue(1000, 2000, "line:10%", "from samples")], Assert.Single(presentation.Texts).Content!.Cues);
        Assert.Equal(transcript is null ? 0 : 1, presentation.Warnings.Count(warning => warning.File == "auto-generated-best_4800.vtt.vtt" || warning.Code == "InvalidWebVtt"));
    }

    [Fact]
    public async Task A_track_of_which_nothing_can_be_read_is_left_out_with_a_warning()
    {
        Presentation presentation = await LoadAsync(Asset(Stream("en.cmft", "<param name='transcriptsrc' value='en.vtt'/>")).With("en.vtt", "x").With("en.cmft", "y"));

        Assert.Empty(presentation.Texts);
        Assert.Contains(presentation.Warnings, warning => warning.Code == "TextLeftOut");
        Assert.Equal(2, presentation.Tracks.Count);
    }

    [Fact]
    public async Task Cues_that_samples_cut_in_pieces_are_whole_again()
    {
        (string, string) a = ("", "long");
        (string, string) b = ("region:top", "short");
        Presentation presentation = await LoadAsync(Asset(Stream("en.cmft")).With(
            "en.cmft", Movie(MadeText.WebVtt(1, (500, []), (1000, [a]), (500, [a, b]), (1000, [a]), (1000, []), (1000, [a])))));

        TextContent content = Assert.Single(presentation.Texts).Content!;
        Assert.Equal([new TextCue(500, 3000, "", "long"), new TextCue(1500, 2000, "region:top", "short"), new TextCue(4000, 5000, "", "long")], content.Cues);
        Assert.Equal("STYLE\n::cue { color: lime }\n\nREGION\nid:top\nwidth:50%\n\n", content.Preamble);
    }

    [Fact]
    public async Task Cue_text_in_MP4_cannot_break_out_of_its_cue()
    {
        Presentation presentation = await LoadAsync(Asset(Stream("en.cmft")).With(
            "en.cmft", Movie(MadeText.WebVtt(1, (1000, [("a\n\n00:00.000 --> 09:00.000", "one\n\ntwo\r\n00:03.000 --> 00:04.000\nthree")])))));

        Assert.Equal([new TextCue(0, 1000, "", "one\ntwo\n00:03.000 --&gt; 00:04.000\nthree")], Assert.Single(presentation.Texts).Content!.Cues);
    }

    [Theory]
    [InlineData("stpp")]
    [InlineData("dfxp")]
    public async Task Known_problem_108_text_in_a_Smooth_file_becomes_WebVTT(string fourCC)
    {
        MadeTrack captions = MadeText.Ttml(
            3,
            fourCC,
            (2000, "<p begin='0.5s' end='2s'>across</p>"),
            (2000, "<p begin='2s' end='3s'>across</p><p begin='3.5s' end='6s'>longer</p>"),
            (2000, "<p begin='3.5s' end='6s'>longer</p>"));
        MemoryAssetStore store = new MemoryAssetStore("asset")
            .With("a.ism", Manifest("<video src='a.ismv'/><textstream src='a.ismv' systemLanguage='fra'><param name='trackID' value='3'/></textstream>"))
            .With("a.ismv", new Mp4Maker { Tracks = [MadeTrack.Video(150), captions] }.ToArray());

        TextTrack text = Assert.Single((await LoadAsync(store)).Texts);

        Assert.Equal("fr", text.Language);
        Assert.Equal([new TextCue(500, 3000, "", "across"), new TextCue(3500, 6000, "", "longer")], text.Content!.Cues);
        Assert.Equal(3, text.Content.Documents.Count);
    }

    [Fact]
    public async Task TTML_in_samples_may_count_from_the_start_of_its_sample()
    {
        MadeTrack captions = MadeText.Ttml(
            1, "stpp", (2000, "<p begin='0s' end='1s'>a</p>"), (2000, "<p begin='0.5s' end='1s'>b</p>"), (2000, "<p begin='1s'>c</p>"), (2000, ""));

        Presentation presentation = await LoadAsync(Asset(Stream("fr.cmft")).With("fr.cmft", Movie(captions)));

        Assert.Equal(
            [(0L, 1000L, "a"), (2500L, 3000L, "b"), (5000L, 6000L, "c")],
            Assert.Single(presentation.Texts).Content!.Cues.Select(cue => (cue.Start, cue.End, cue.Payload)));
    }

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task TTML_is_offered_as_IMSC1_too_with_a_document_for_each_stretch_of_time(OutputLayout layout)
    {
        MadeTrack captions = MadeText.Ttml(1, "stpp", (2000, "<p begin='0.5s' end='2s'>a</p>"), (2000, "<p begin='2s' end='3s'>b</p>"));
        MemoryAssetStore store = Asset(Stream("fr.cmft")).With("fr.cmft", Movie(captions));
        Presentation presentation = await LoadAsync(store);

        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) });

        Rendition imsc = plan.Renditions.Single(rendition => rendition.Track.Kind == TrackKind.Text);
        Assert.Equal(("imsc_fr", "stpp.ttml.im1t", 2), (imsc.Name, imsc.Track.Descriptions[0].Codec.CodecString, imsc.Track.Samples.Count));
        var output = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, store, output, new TransferOptions(), null, default);
        VerificationReport report = await OutputVerifier.VerifyAsync(
            output.ToAsset(), plan.ManifestName, Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations), store, default);
        Assert.Empty(report.Findings);
        Assert.DoesNotContain("imsc", Manifests.MadeUp.Text(plan.Manifests, plan.ManifestName + ".m3u8"));
        string mpd = Manifests.MadeUp.Text(plan.Manifests, plan.ManifestName + ".mpd");
        Assert.True(mpd.IndexOf("text/vtt", StringComparison.Ordinal) < mpd.IndexOf("stpp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_document_costs_its_own_cues_only()
    {
        MadeTrack captions = MadeText.Ttml(1, "stpp", (2000, "<p begin='0s' end='1s'>a"), (2000, "<p begin='2s' end='3s'>b</p>"));

        Presentation presentation = await LoadAsync(Asset(Stream("fr.cmft")).With("fr.cmft", Movie(captions)));

        Assert.Equal("b", Assert.Single(Assert.Single(presentation.Texts).Content!.Cues).Payload);
        Assert.Equal("InvalidTtml", Assert.Single(presentation.Warnings).Code);
    }

    [Theory]
    [InlineData("talk_en-us.vtt", "en-US")]
    [InlineData("talk.deu.vtt", "de")]
    [InlineData("fr.ttml", "fr")]
    [InlineData("talk-en.vtt", "en")]
    [InlineData("talk (pt-BR).vtt", "pt-BR")]
    [InlineData("transcript.vtt", null)]
    [InlineData("talk_hd.vtt", null)]
    [InlineData("talk_720.vtt", null)]
    public async Task A_text_file_that_nothing_names_is_offered_in_the_language_of_its_name(string file, string? language)
    {
        byte[] content = file.EndsWith(".ttml", StringComparison.Ordinal)
            ? MadeText.Document("<p begin='1s' end='2s'>hello</p>")
            : "WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n"u8.ToArray();
        Presentation presentation = await LoadAsync(new MemoryAssetStore("asset").With("talk.mp4", Film).With(file, content));

        TextTrack text = Assert.Single(presentation.Texts);
        Assert.Equal((file, language ?? (file.EndsWith(".ttml", StringComparison.Ordinal) ? "fr" : null)), (text.Sources[0].File, text.Language));
        Assert.Equal("TextAdded", Assert.Single(presentation.Warnings).Code);
    }

    [Fact]
    public async Task Known_problem_181_alternatives_of_a_transcript_are_not_shown_but_stay_with_the_other_files()
    {
        MemoryAssetStore store = new MemoryAssetStore("asset").With("talk.mp4", Film).With("auto-generated-best_4800.vtt", English).With("sprite.vtt", "WEBVTT\n\n00:00.000 --> 00:05.000\ns.jpg#xywh=0,0,10,10\n");
        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Empty(Assert.Single(content.Presentations).Texts);
        Assert.Equal(["TextAlternatives", "ThumbnailsNotOffered"], content.Warnings.Select(warning => warning.Code));
        Assert.Contains(content.OtherFiles, file => file.Path == "auto-generated-best_4800.vtt");
    }

    [Fact]
    public async Task Text_files_go_to_the_presentation_whose_name_they_begin_with()
    {
        MemoryAssetStore store = new MemoryAssetStore("asset")
            .With("one.mp4", new MovieBuilder().Video(10).Build()).With("two.mp4", new MovieBuilder().Video(20).Build())
            .With("two_en.vtt", English).With("three_en.vtt", English);

        AssetContent content = await AssetReader.ReadAsync(store, default);

        Assert.Equal([("one", 0), ("two", 1)], content.Presentations.Select(presentation => (presentation.Name, presentation.Texts.Count)));
    }

    [Fact]
    public async Task Known_problems_162_and_163_transcripts_by_the_clock_of_an_event_are_moved_with_its_media()
    {
        Presentation presentation = await LoadAsync(Asset(Stream("en.vtt")).With("en.vtt", "WEBVTT\n\n00:01:01.000 --> 00:01:02.000\na\n\n00:00:59.500 --> 00:01:00.500\nb\n"), started: 60_000);

        Assert.Equal([(0L, 500L, "b"), (1000L, 2000L, "a")], Assert.Single(presentation.Texts).Content!.Cues.Select(cue => (cue.Start, cue.End, cue.Payload)));
        Assert.Contains(presentation.Warnings, warning => warning.Code == "TextRebased");
    }

    [Fact]
    public async Task Transcripts_that_begin_with_the_archive_stay_where_they_are()
    {
        Presentation presentation = await LoadAsync(Asset(Stream("en.vtt")).With("en.vtt", English), started: 60_000);

        Assert.Equal(1000, Assert.Single(Assert.Single(presentation.Texts).Content!.Cues).Start);
    }

    [Fact]
    public async Task Cues_outside_the_media_are_left_out_and_counted()
    {
        MemoryAssetStore store = Asset(Stream("en.vtt")).With("en.vtt", "WEBVTT\n\n00:09.000 --> 00:59.000\na\n\n00:10.500 --> 00:11.000\nb\n");

        PackagingPlan plan = PackagingPlanner.Plan(await LoadAsync(store), new PackagingOptions());

        Assert.Equal([(9000L, 10_000L)], Assert.Single(plan.Texts).Cues.Select(cue => (cue.Start, cue.End)));
        Assert.Contains(plan.Warnings, warning => warning.Code == "TextOutsideMedia" && warning.Message.EndsWith(": 1.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task A_flood_of_long_cues_does_not_fill_the_output(OutputLayout layout)
    {
        string cues = string.Concat(Enumerable.Range(0, 500).Select(i => $"00:00.000 --> 00:10.000\n{i} {new string('x', 1000)}\n\n"));
        MemoryAssetStore store = Asset(Stream("en.vtt")).With("en.vtt", "WEBVTT\n\n" + cues);

        PackagingPlan plan = PackagingPlanner.Plan(await LoadAsync(store), new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(0.5) });

        TextRendition text = Assert.Single(plan.Texts);
        Assert.Equal(500, text.Cues.Count);
        Assert.True(text.Files.Sum(file => file.Length) < 6 * text.Files[0].Length, $"{text.Files.Count} files");
    }

    [Fact]
    public async Task Listing_an_asset_reads_no_text_that_its_manifest_names()
    {
        MemoryAssetStore store = Asset(Stream("en.vtt")).With("en.vtt", English);

        Assert.Null(Assert.Single(Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations).Texts).Content);
        Assert.DoesNotContain("en.vtt", store.Opened.Keys);
    }

    private static MemoryAssetStore Asset(string streams) =>
        new MemoryAssetStore("asset").With("a.ism", Manifest($"<video src='a.mp4'/><audio src='a.mp4'/>{streams}")).With("a.mp4", Film);

    private static string Stream(string source, string parameters = "") => $"<textstream src='{source}'>{parameters}</textstream>";

    private static string Manifest(string tracks) => $"<smil><head><meta name='formats' content='mp4-v3'/></head><body><switch>{tracks}</switch></body></smil>";

    private static byte[] Movie(MadeTrack track) => new Mp4Maker { Tracks = [track] }.ToArray();

    /// <param name="started">Milliseconds that the clock of the media shows at the presentation's start.</param>
    private static async Task<Presentation> LoadAsync(MemoryAssetStore store, long started = 0)
    {
        Presentation presentation = Assert.Single((await AssetReader.ReadAsync(store, default)).Presentations);
        presentation = presentation with
        {
            Tracks = [.. presentation.Tracks.Select(track => track with { Delay = track.Delay - (started * track.Timescale / 1000) })],
        };
        return await TextLoader.LoadAsync(store, presentation, default);
    }
}
