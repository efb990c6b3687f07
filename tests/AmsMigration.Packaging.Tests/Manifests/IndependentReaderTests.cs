using System.Text.Json;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>hls-parser and mpd-parser find in the manifests what the renditions hold.</summary>
public class IndependentReaderTests
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    [Theory]
    [MemberData(nameof(MadeUpPresentations.InBothLayouts), MemberType = typeof(MadeUpPresentations))]
    public async Task Readers_find_every_segment(string name, OutputLayout layout)
    {
        (string manifestName, IReadOnlyList<OutputFile> files) = MadeUpPresentations.Write(name, layout);
        Reading reading = await ReadAsync(manifestName, files);
        List<Rendition> renditions = [.. MadeUpPresentations.All[name].Renditions.Select(r => r.ToRendition(manifestName, layout))];
        bool isSingleFile = layout == OutputLayout.SingleFile;
        foreach (Rendition rendition in renditions.Where(r => r.Track.Kind != TrackKind.Text))
        {
            PlaylistReading playlist = reading.Hls[$"{manifestName}/{rendition.Name}.m3u8"];
            Assert.True(playlist is { IsEnded: true, IsIFrame: false, Version: 7 });
            Assert.Equal(rendition.InitPath, Resolve(manifestName, playlist.MapUri!));
            Assert.Equal(
                rendition.Segments.Select(s => (s.Path, isSingleFile ? s.Offset : (long?)null, isSingleFile ? s.Length : (long?)null)),
                playlist.Segments.Select(s => (Resolve(manifestName, s.Uri), s.Offset, s.Length)));
            Assert.Equal((double)rendition.Duration / rendition.Track.Timescale, playlist.Segments.Sum(s => s.Duration), 0.000002);
            Assert.True(playlist.Segments.Max(s => s.Duration) < playlist.TargetDuration + 0.5);
        }

        List<Rendition> media = [.. renditions.Where(r => r.Track.Kind != TrackKind.Text)];
        Assert.Equal(media.Select(r => r.Name).Order(), reading.Dash.Representations.Select(r => r.Name).Order());
        Assert.Equal(
            media.Where(r => r.Track.Language is not null).Select(r => r.Track.Language).Distinct().Order(),
            reading.Dash.Languages.Distinct().Where(language => language.Length > 0).Order());
        foreach (RepresentationReading representation in reading.Dash.Representations)
        {
            Rendition rendition = media.Single(r => r.Name == representation.Name);
            Assert.Equal(rendition.PeakBandwidth, representation.Bandwidth);
            Assert.Equal(isSingleFile ? rendition.InitPath : null, representation.IndexUri is string uri ? Resolve("", uri) : null);
            Assert.Equal(
                isSingleFile ? (rendition.InitLength, rendition.IndexLength) : ((long?)null, (long?)null),
                (representation.IndexOffset, representation.IndexLength));
            Assert.Equal(
                isSingleFile ? [] : rendition.Segments.Select(s => s.Path),
                representation.Segments.Select(s => Resolve("", s.Uri)));
        }
    }

    [Fact]
    public async Task Reader_finds_every_variant_with_its_sound_and_text()
    {
        (string manifestName, IReadOnlyList<OutputFile> files) = MadeUpPresentations.Write("languages", OutputLayout.SingleFile);
        Reading reading = await ReadAsync(manifestName, files);
        List<VariantReading> variants = reading.Hls["film.m3u8"].Variants;
        Assert.Equal([false, false, true], variants.Select(v => v.IsIFrameOnly));
        foreach (VariantReading variant in variants.Where(v => !v.IsIFrameOnly))
        {
            Assert.Equal((1280, 29.97), (variant.Width, variant.FrameRate));
            Assert.Equal(["en", "Español \u201Dlatino\u201D & <otro>", "Audio description", "Commentary"], variant.Audio);
            Assert.Equal(["de", "Français \u201DCC\u201D", "fr", "subt"], variant.Subtitles);
        }
    }

    private static string Resolve(string folder, string uri)
    {
        var place = new Uri(folder.Length > 0 ? $"http://localhost/{Uri.EscapeDataString(folder)}/" : "http://localhost/");
        return Uri.UnescapeDataString(new Uri(place, uri).AbsolutePath)[1..];
    }

    private static async Task<Reading> ReadAsync(string manifestName, IReadOnlyList<OutputFile> files)
    {
        Needs.NodePackage("hls-parser", "package.json");
        Needs.NodePackage("mpd-parser", "package.json");
        Assert.SkipWhen(Tools.Node is null, "node is not on this machine");
        string folder = Directory.CreateTempSubdirectory("manifests-").FullName;
        try
        {
            // The manifests' own names stay inside them: not every file system would take these.
            string Safe(string path) => path.Replace(manifestName, "x");
            foreach (OutputFile file in files)
            {
                string path = Path.Combine(folder, Safe(file.Path));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllTextAsync(path, MadeUp.Text(files, file.Path));
            }

            List<string> playlists = [.. files.Where(f => f.Path.EndsWith(".m3u8")).Select(f => f.Path)];
            string[] arguments = [folder, Safe(manifestName + ".mpd"), .. playlists.Select(Safe)];
            (int exitCode, string output, string error) = await ProcessRunner.RunAsync(
                Tools.Node!,
                [Path.Combine(Repository.Root, "tests", "node", "ask.mjs")],
                TimeSpan.FromMinutes(1),
                JsonSerializer.Serialize(new { id = 1, reader = "read-manifests", arguments }) + "\n");
            Assert.True(exitCode == 0, error);
            Answer answer = JsonSerializer.Deserialize<Answer>(output, _json)!;
            Assert.Null(answer.Error);
            Reading reading = answer.Result!;
            return reading with { Hls = playlists.ToDictionary(path => path, path => reading.Hls[Safe(path)]) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Answer(Reading? Result, string? Error);

    private sealed record Reading(Dictionary<string, PlaylistReading> Hls, DashReading Dash);

    private sealed record PlaylistReading(
        int Version,
        long TargetDuration,
        bool IsIFrame,
        bool IsEnded,
        string? MapUri,
        List<SegmentReading> Segments,
        List<VariantReading> Variants);

    private sealed record VariantReading(
        string Uri, bool IsIFrameOnly, double? FrameRate, int? Width, List<string> Audio, List<string> Subtitles);

    private sealed record DashReading(double Duration, List<string> Languages, List<RepresentationReading> Representations);

    private sealed record RepresentationReading(
        string Name, long Bandwidth, string? IndexUri, long? IndexOffset, long? IndexLength, List<SegmentReading> Segments);

    private sealed record SegmentReading(string Uri, double Duration, long? Offset, long? Length);
}
