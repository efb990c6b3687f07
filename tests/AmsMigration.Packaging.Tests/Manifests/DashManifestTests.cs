using System.Xml.Linq;
using AmsMigration.Packaging.Planning;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

public class DashManifestTests
{
    private static readonly XNamespace _mpd = "urn:mpeg:dash:schema:mpd:2011";

    [Theory]
    [MemberData(nameof(MadeUpPresentations.InBothLayouts), MemberType = typeof(MadeUpPresentations))]
    public void Mpd_is_valid_against_the_published_schema(string name, OutputLayout layout)
    {
        (string manifestName, IReadOnlyList<OutputFile> files) = MadeUpPresentations.Write(name, layout);
        string mpd = MadeUp.Text(files, manifestName + ".mpd");
        Assert.Empty(MpdSchema.Validate(mpd));
        Assert.NotEmpty(MpdSchema.Validate(mpd.Replace("<AdaptationSet ", "<AdaptationSet wrong=\"1\" ")));
    }
}
