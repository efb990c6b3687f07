using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Core.Tests.Conversion;

public sealed class ConversionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-core-").FullName;

    private LocalDestination Destination => new(Path.Combine(_folder, "out"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_server_manifest_becomes_a_presentation_with_a_name_of_its_own()
    {
        AmsConversionResult result = await ConvertAsync(
            "two-manifests", new ConversionOptions { Packaging = new PackagingOptions { ManifestName = "video" } });

        Assert.Equal(["video-first", "video-second"], result.Presentations.Select(presentation => presentation.Name));
        Assert.All(result.Presentations, presentation => Assert.True(File.Exists(presentation.HlsUri) && File.Exists(presentation.DashUri)));
        Assert.Equal(result.Presentations[0].HlsUri, result.HlsUri);
    }

    [Fact]
    public async Task Files_that_nothing_plays_are_copied_when_asked_for()
    {
        string source = Path.Combine(_folder, "asset");
        CopyFixture("video-only", source);
        File.WriteAllText(Path.Combine(source, "notes.txt"), "Notes.");

        AmsConversionResult without = await ConvertAsync(new LocalAssetStore(source), new ConversionOptions());
        Assert.Equal(AmsConversionStatus.Completed, without.Status);
        Assert.DoesNotContain(Written(), file => file.EndsWith("notes.txt"));

        await ConvertAsync(new LocalAssetStore(source), new ConversionOptions { CopyNonStreamable = true, Force = true });
        Assert.Equal("Notes.", File.ReadAllText(Written().Single(file => file.EndsWith("notes.txt"))));
        Assert.DoesNotContain(Written(), file => Path.GetFileName(file) == "silent.mp4");
    }

    [Fact]
    public async Task What_is_static_already_is_copied_as_it_is_and_says_where_it_plays()
    {
        string source = Path.Combine(_folder, "static");
        Directory.CreateDirectory(source);
        File.WriteAllText(Path.Combine(source, "film.m3u8"), "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n");
        File.WriteAllText(Path.Combine(source, "low.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n#EXTINF:2,\n2.ts\n");
        File.WriteAllText(Path.Combine(source, "1.ts"), "media");

        AmsConversionResult result = await ConvertAsync(new LocalAssetStore(source), new ConversionOptions());

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        AmsPresentationOutput output = Assert.Single(result.Presentations);
        Assert.Equal(("film", null), (output.Name, output.DashUri));
        Assert.Equal("media", File.ReadAllText(Path.Combine(Path.GetDirectoryName(output.HlsUri)!, "1.ts")));
        Assert.Contains(result.Warnings, warning => warning.Contains("2.ts"));
    }

    [Theory]
    [InlineData("film.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n#EXT-X-ENDLIST\n", "film")]
    [InlineData("notes.txt", "Notes.")]
    public async Task A_copy_is_sound_while_it_is_what_the_source_has(string file, string text, params string[] presentations)
    {
        var source = new LocalAssetStore(Directory.CreateDirectory(Path.Combine(_folder, "copied")).FullName);
        File.WriteAllText(Path.Combine(_folder, "copied", file), text);
        File.WriteAllText(Path.Combine(_folder, "copied", "1.ts"), "media");
        AmsConversionResult result = await ConvertAsync(source, new ConversionOptions { CopyNonStreamable = true });
        var output = new LocalAssetStore(result.Destination!);

        Verification.AmsVerificationResult sound = await Verification.OutputCheck.RunAsync(output, source, default);
        Assert.Equal(presentations, sound.Presentations);
        Assert.Empty(sound.Findings);
        Assert.Empty((await Verification.OutputCheck.RunAsync(output, null, default)).Findings);
        File.WriteAllText(Path.Combine(result.Destination!, "1.ts"), "Media");
        Assert.StartsWith("1.ts: from byte 0 on", Assert.Single((await Verification.OutputCheck.RunAsync(output, source, default)).Findings));
        File.Delete(Path.Combine(result.Destination!, "1.ts"));
        Assert.Contains("1.ts: it was copied, but it is not there", (await Verification.OutputCheck.RunAsync(output, null, default)).Findings);
    }

    [Fact]
    public async Task An_output_whose_gap_was_filled_is_sound_by_its_source()
    {
        byte[] film = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "fragmented", "clip.mp4"));
        int[] fragments = [.. Enumerable.Range(4, film.Length - 8).Where(i => film.AsSpan(i, 4).SequenceEqual("moof"u8)).Select(i => i - 4)];
        Assert.Equal(3, fragments.Length);
        MemoryAssetStore source = new MemoryAssetStore("asset").With("film.mp4", [.. film[..fragments[1]], .. film[fragments[2]..]]);

        AmsConversionResult result = await ConvertAsync(source, new ConversionOptions());

        Assert.Contains(result.Warnings, warning => warning.Contains("2.000 s of media"));
        Verification.AmsVerificationResult verified = await Verification.OutputCheck.RunAsync(new LocalAssetStore(result.Destination), source, default);
        Assert.Empty(verified.Findings);
        Assert.NotEqual(0, verified.SamplesCompared);
    }

    /// <summary>A bit rate that no manifest says is measured: with silence in front of it sound is longer, and the names of files that carry the rate go by that.</summary>
    [Fact]
    public async Task An_output_is_found_sound_where_silence_changed_the_bit_rate_in_its_names()
    {
        MadeStream[] streams = [MadeStream.Of("live.mp4", TrackKind.Video, 90_000, 0), MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, 0)];
        for (int i = 0; i < streams.Length; i++)
        {
            (streams[i].Bitrate, streams[i].TrackId) = (0, (uint)i + 1);
        }

        streams[1].Lose(0, 6);
        string made = Path.Combine(_folder, "made");
        new SmoothMaker { Streams = [.. streams], IsOneFile = true }.ToStore().WriteTo(made);
        MemoryAssetStore source = new MemoryAssetStore("asset").With("film.mp4", File.ReadAllBytes(Path.Combine(made, "film.ismv")));
        Presentation recorded = (await AssetReader.ReadAsync(source, default)).Presentations[0];

        AmsConversionResult result = await ConvertAsync(source, new ConversionOptions());

        string[] measured = [.. PackagingPlanner.Plan(recorded, new PackagingOptions()).Renditions.Select(rendition => rendition.Name)];
        Assert.NotEqual(measured.Order(), result.Tracks.Select(track => track.Name).Order());
        Verification.AmsVerificationResult verified = await Verification.OutputCheck.RunAsync(new LocalAssetStore(result.Destination), source, default);
        Assert.Empty(verified.Findings);
    }

    [Fact]
    public async Task Thumbnails_that_manifests_name_are_copied_unasked()
    {
        string source = Path.Combine(_folder, "asset");
        CopyFixture("video-only", source);
        File.WriteAllText(Path.Combine(source, "sprite.vtt"), "WEBVTT\n\n00:00.000 --> 00:03.000\nsprite.jpg#xywh=0,0,80,45\n\n00:03.000 --> 00:06.000\nsprite.jpg#xywh=80,0,80,45\n");
        File.WriteAllText(Path.Combine(source, "sprite.jpg"), "picture");
        File.WriteAllText(Path.Combine(source, "notes.txt"), "Notes.");

        AmsConversionResult result = await ConvertAsync(new LocalAssetStore(source), new ConversionOptions());

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.Equal("picture", File.ReadAllText(Written().Single(file => file.EndsWith("sprite.jpg"))));
        Assert.Contains("sprite.jpg", File.ReadAllText(result.DashUri!));
        Assert.Contains("EXT-X-IMAGE-STREAM-INF", File.ReadAllText(result.HlsUri!));
        Assert.DoesNotContain(Written(), file => file.EndsWith("notes.txt"));
        Verification.AmsVerificationResult verified = await Verification.OutputCheck.RunAsync(new LocalAssetStore(result.Destination), new LocalAssetStore(source), default);
        Assert.Empty(verified.Findings);
    }

    [Fact]
    public async Task Subtitles_are_listed_with_their_language_and_verified()
    {
        string source = Path.Combine(Repository.Root, "tests", "fixtures", "assets", "captions");
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(source), default);
        Assert.Equal(
            [("English", "WebVTT", "en-US"), ("Español", "WebVTT", null)],
            asset.Tracks.Where(track => track.Type == "Text").Select(track => (track.Name, track.Codec, track.Language)));

        AmsConversionResult result = await ConvertAsync("captions", new ConversionOptions { Packaging = new PackagingOptions { Layout = OutputLayout.Segmented } });
        Assert.Equal(["text_en-US", "text_es-ES"], result.Tracks.Where(track => track.Type == "Text").Select(track => track.Name));
        Assert.Empty((await Verification.OutputCheck.RunAsync(new LocalAssetStore(result.Destination), new LocalAssetStore(source), default)).Findings);

        string subtitles = Written().Single(file => file.EndsWith("text_en-US.vtt"));
        File.WriteAllText(subtitles, File.ReadAllText(subtitles).Replace("morning", "evening"));
        string[] findings = (await Verification.OutputCheck.RunAsync(new LocalAssetStore(result.Destination), new LocalAssetStore(source), default)).Findings;
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Contains("text_en-US", finding));
    }

    [Fact]
    public async Task Known_problem_23_an_asset_of_documents_is_skipped_or_copied_and_no_failure()
    {
        string source = Path.Combine(_folder, "documents");
        Directory.CreateDirectory(source);
        File.WriteAllText(Path.Combine(source, "readme.txt"), "Read me.");

        Assert.Equal(AmsConversionStatus.Skipped, (await ConvertAsync(new LocalAssetStore(source), new ConversionOptions())).Status);
        AmsConversionResult copied = await ConvertAsync(new LocalAssetStore(source), new ConversionOptions { CopyNonStreamable = true });
        Assert.Equal(AmsConversionStatus.Completed, copied.Status);
        Assert.Equal("Read me.", File.ReadAllText(Written().Single(file => file.EndsWith("readme.txt"))));
        Assert.Equal(copied.BytesWritten, Written().Sum(file => new FileInfo(file).Length));
    }

    [Fact]
    public async Task Progress_ends_at_the_total_and_the_total_is_what_was_written()
    {
        var reports = new List<ConversionProgress>();
        AmsConversionResult result = await AssetConverter.ConvertAsync(
            await DescribeAsync("mbr-mp4"), Destination, new ConversionOptions(), new Recorder(reports), default);

        Assert.Equal(result.BytesWritten, reports[^1].BytesDone);
        Assert.All(reports, report => Assert.Equal(result.BytesWritten, report.BytesTotal));
        Assert.Equal(result.BytesWritten, Written().Sum(file => new FileInfo(file).Length));
        Assert.Equal(reports.Select(r => r.BytesDone).Order(), reports.Select(r => r.BytesDone));
    }

    private static Task<AmsAsset> DescribeAsync(string fixture) =>
        AssetCatalog.DescribeAsync(new LocalAssetStore(Path.Combine(Repository.Root, "tests", "fixtures", "assets", fixture)), default);

    private static void CopyFixture(string fixture, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "fixtures", "assets", fixture)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    [Fact]
    public async Task Known_problems_26_43_56_and_151_runs_at_once_and_again_have_no_pipes_that_break()
    {
        for (int run = 0; run < 2; run++)
        {
            AmsConversionResult[] results = await Task.WhenAll(new[] { "mbr-mp4", "two-manifests", "captions" }.Select(async fixture => await AssetConverter.ConvertAsync(
                await DescribeAsync(fixture), new LocalDestination(Path.Combine(_folder, "out", fixture)), new ConversionOptions { Force = true }, null, default)));

            Assert.All(results, result => Assert.Equal((AmsConversionStatus.Completed, null), (result.Status, result.Error)));
        }
    }

    private async Task<AmsConversionResult> ConvertAsync(string fixture, ConversionOptions options) =>
        await AssetConverter.ConvertAsync(await DescribeAsync(fixture), Destination, options, null, default);

    private async Task<AmsConversionResult> ConvertAsync(IAssetStore store, ConversionOptions options) =>
        await AssetConverter.ConvertAsync(await AssetCatalog.DescribeAsync(store, default), Destination, options, null, default);

    private string[] Written() => Directory.Exists(Destination.Location) ? Directory.GetFiles(Destination.Location, "*", SearchOption.AllDirectories) : [];

    private sealed class Recorder(List<ConversionProgress> reports) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => reports.Add(value);
    }
}
