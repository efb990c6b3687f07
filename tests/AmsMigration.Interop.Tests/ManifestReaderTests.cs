using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Interop.Tests;

/// <summary>Manifests of real outputs through readers that know nothing of this project.</summary>
public class ManifestReaderTests(Outputs outputs, Readers readers)
{
    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Hls_parser_and_mpd_parser_read_the_same(string asset, OutputLayout layout)
    {
        Output output = await outputs.GetAsync(asset, layout);
        string folder = output.Result.Destination;
        foreach (AmsPresentationOutput presentation in output.Result.Presentations)
        {
            OutputTrack[] tracks = [.. output.Tracks.Where(track => track.Track.Presentation == presentation.Name)];
            string[] playlists = [.. Directory.GetFiles(Path.Combine(folder, presentation.Name), "*.m3u8").Append(presentation.HlsUri!)];
            JsonElement read = await readers.ManifestsAsync(
                folder, Path.GetRelativePath(folder, presentation.DashUri!), playlists.Select(path => Path.GetRelativePath(folder, path)));
            JsonElement hls = read.GetProperty("hls");
            JsonElement dash = read.GetProperty("dash");

            double seconds = presentation.Duration.TotalSeconds;
            Assert.Equal(seconds, dash.GetProperty("duration").GetDouble(), 0.002);
            Assert.Equal(tracks.Select(t => t.Track.Name).Order(), dash.GetProperty("representations").EnumerateArray().Select(r => Text(r, "name")).Order());

            JsonElement master = hls.GetProperty(Path.GetFileName(presentation.HlsUri)!);
            string[] named = [.. master.GetProperty("variants").EnumerateArray().Select(variant => Text(variant, "uri"))];
            Assert.NotEmpty(named);
            Assert.All(named, uri => Assert.True(hls.TryGetProperty(uri, out _), uri));

            foreach (OutputTrack track in tracks)
            {
                JsonElement playlist = hls.GetProperty($"{presentation.Name}/{track.Track.Name}.m3u8");
                double[] durations = [.. playlist.GetProperty("segments").EnumerateArray().Select(segment => segment.GetProperty("duration").GetDouble())];
                Assert.Equal(track.Track.Duration.TotalSeconds, durations.Sum(), 0.001);
                Assert.InRange(durations.Max(), 0, playlist.GetProperty("targetDuration").GetInt32() + 0.5);
                JsonElement representation = dash.GetProperty("representations").EnumerateArray().Single(r => Text(r, "name") == track.Track.Name);
                Assert.Equal(track.Track.CodecString, Text(representation, "codecs"));
                Assert.Equal(
                    layout == OutputLayout.Segmented ? durations.Select(Milliseconds) : [],
                    representation.GetProperty("segments").EnumerateArray().Select(segment => Milliseconds(segment.GetProperty("duration").GetDouble())));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Every_mpd_is_valid_by_the_schema(string asset, OutputLayout layout)
    {
        string folder = Needs.Shared("reference/xsd");
        var schemas = new XmlSchemaSet { XmlResolver = null };
        foreach (string name in new[] { "xlink.xsd", "DASH-MPD.xsd" })
        {
            using var reader = XmlReader.Create(Path.Combine(folder, name), new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
            schemas.Add(null, reader);
        }

        Output output = await outputs.GetAsync(asset, layout);
        foreach (AmsPresentationOutput presentation in output.Result.Presentations)
        {
            List<string> faults = [];
            var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
            settings.ValidationEventHandler += (_, e) => faults.Add(e.Message);
            using var reader = XmlReader.Create(presentation.DashUri!, settings);
            while (reader.Read())
            {
            }

            Assert.Empty(faults);
        }
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString() ?? "";

    private static int Milliseconds(double seconds) => (int)Math.Round(seconds * 1000);
}
