using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Core.Tests.Conversion;

public class PathTemplateTests
{
    [Theory]
    [InlineData("{AssetName}", "My asset", "c1", "My asset")]
    [InlineData("video/{ContainerName}/{assetname}/", "a", "asset-1", "video/asset-1/a")]
    [InlineData("", "a", "c", "")]
    [InlineData("{AssetName}", "a/b\\c:d", "c", "a-b-c-d")]
    [InlineData("{AssetName}", "..", "c", "asset")]
    [InlineData("{AssetName}", "ends with dots. .", "c", "ends with dots")]
    [InlineData("x//{AssetName}", "tab\tand\u0001", "c", "x/tab-and-")]
    public void A_template_gives_a_legal_path(string template, string assetName, string containerName, string expected)
    {
        Assert.Equal(expected, PathTemplate.Parse(template).Expand(Asset(assetName, containerName)));
    }

    [Theory]
    [InlineData("{AssetNam}", "{AssetNam}")]
    [InlineData("{AssetName", "{AssetName")]
    [InlineData("/root/{AssetName}", "/root")]
    [InlineData("../{AssetName}", "..")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("c:/x", "c:")]
    public void A_wrong_template_is_refused_with_what_is_wrong(string template, string named)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => PathTemplate.Parse(template));
        Assert.Contains(named, refusal.Message);
    }

    private static AmsAsset Asset(string assetName, string containerName) => new(new LocalAssetStore(Path.GetTempPath()))
    {
        AssetName = assetName,
        ContainerName = containerName,
        Format = "Mp4",
        IsStreamable = true,
        Manifests = [],
        Tracks = [],
        Duration = TimeSpan.Zero,
        Length = 0,
        FileCount = 0,
        Faults = [],
    };
}
