using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>The published schema of the MPD, which does not lie in this repository.</summary>
internal static class MpdSchema
{
    private static readonly Lazy<XmlSchemaSet> _schemas = new(Load);

    /// <summary>Complaints of the schema; the test is skipped where the schema is not there.</summary>
    public static List<string> Validate(string mpd)
    {
        Needs.Shared("reference/xsd");
        List<string> complaints = [];
        XDocument.Parse(mpd).Validate(_schemas.Value, (_, e) => complaints.Add($"{e.Severity}: {e.Message}"));
        return complaints;
    }

    private static XmlSchemaSet Load()
    {
        // Both files have a document type, and refer to each other and to the W3C's site: nothing may be fetched.
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null };
        var schemas = new XmlSchemaSet { XmlResolver = null };
        foreach (string name in new[] { "xlink.xsd", "DASH-MPD.xsd" })
        {
            using var reader = XmlReader.Create(Path.Combine(Needs.Shared("reference/xsd"), name), settings);
            schemas.Add(XmlSchema.Read(reader, (_, e) => Assert.Fail(e.Message))!);
        }

        schemas.Compile();
        return schemas;
    }
}
