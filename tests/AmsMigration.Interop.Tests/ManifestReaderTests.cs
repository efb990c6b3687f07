using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Interop.Tests;

/// <summary>Manifests through readers that know nothing of this project.</summary>
public class ManifestReaderTests(Outputs outputs)
{
    [Theory]
    [MemberData(nameof(Media.AllInBothLayouts), MemberType = typeof(Media))]
    public async Task Hls_parser_and_mpd_parser_read_every_manifest(string asset, OutputLayout layout)
    {
        AmsConversionResult result = await outputs.GetAsync(asset, layout);
        foreach (AmsPresentationOutput presentation in result.Presentations)
        {
            JsonElement read = await Needs.NodeAsync("manifests.mjs", presentation.HlsUri, presentation.DashUri);
            double seconds = presentation.Duration.TotalSeconds;
            Assert.NotEmpty(read.GetProperty("variants").EnumerateArray());
            Assert.Equal(seconds, read.GetProperty("dash").GetProperty("duration").GetDouble(), 0.002);
            List<JsonElement> media = [.. read.GetProperty("playlists").EnumerateObject().Select(p => p.Value).Where(p => !IsIFrame(p))];
            Assert.Equal(seconds, media.Max(playlist => playlist.GetProperty("duration").GetDouble()), 0.002);
            Assert.Single(media.Select(playlist => playlist.GetProperty("targetDuration").GetInt32()).Distinct());
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

        AmsConversionResult result = await outputs.GetAsync(asset, layout);
        foreach (AmsPresentationOutput presentation in result.Presentations)
        {
            List<string> faults = [];
            var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
            settings.ValidationEventHandler += (_, e) => faults.Add(e.Message);
            using var reader = XmlReader.Create(presentation.DashUri, settings);
            while (reader.Read())
            {
            }

            Assert.Empty(faults);
        }
    }

    private static bool IsIFrame(JsonElement playlist) => playlist.TryGetProperty("isIFrame", out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
