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
    [InlineData("v/{AssetId}", "a", "asset-0CF2E3A1-5b7c-4d13-9a5e-2f3b4c5d6e7f", "v/0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f")]
    [InlineData("{AssetName}", "Über uns: 50% & mehr?.mp4", "c", "Über uns- 50% & mehr-.mp4")]
    [InlineData("{AssetName}", "Aux.mp4", "c", "_Aux.mp4")]
    [InlineData("{AssetName}", "com1", "c", "_com1")]
    [InlineData("{AssetName}", "Concert", "c", "Concert")]
    [InlineData("x//{AssetName}", "tab\tand\u0001", "c", "x/tab-and-")]
    public void Known_problems_66_83_155_and_262_a_template_gives_a_legal_path(string template, string assetName, string containerName, string expected)
    {
        Assert.Equal(expected, PathTemplate.Parse(template).Expand(Asset(assetName, containerName)));
    }

    [Fact]
    public void A_name_that_no_file_system_takes_is_cut_between_characters_and_stays_apart_from_others()
    {
        string[] names = [new string('a', 260), new string('a', 259) + "b", string.Concat(Enumerable.Repeat("😀", 130)), "x" + string.Concat(Enumerable.Repeat("é", 259))];
        string[] paths = [.. names.Select(name => PathTemplate.Parse("{AssetName}").Expand(Asset(name, "c")))];

        Assert.Equal(names.Length, paths.Distinct().Count());
        Assert.All(paths, path => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(path), 230, 240));
        Assert.All(paths, path => Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(path))));
        Assert.Equal(paths[0], PathTemplate.Parse("{AssetName}").Expand(Asset(names[0], "c")));
        Assert.Equal(new string('a', 240), PathTemplate.Parse("{AssetName}").Expand(Asset(new string('a', 240), "c")));
    }

    [Theory]
    [InlineData("{AssetNam}", "{AssetNam}")]
    [InlineData("{AssetName", "{AssetName")]
    [InlineData("/root/{AssetName}", "/root")]
    [InlineData("../{AssetName}", "..")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("c:/x", "c:")]
    [InlineData(" ", "' '")]
    [InlineData("video./{AssetName}", "video.")]
    [InlineData("video/{AssetName} ", "ends with a space")]
    [InlineData("a\tb", "control character")]
    public void A_wrong_template_is_refused_with_what_is_wrong(string template, string named)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => PathTemplate.Parse(template));
        Assert.Contains(named, refusal.Message);
    }

    [Theory]
    [InlineData("{AssetId}", "talks")]
    [InlineData("{AssetId}", "asset-talks")]
    [InlineData("{AlternateId}", "asset-0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f")]
    [InlineData("x/{LocatorId}/y", "c")]
    public void What_nobody_knows_of_an_asset_is_not_made_up(string template, string containerName)
    {
        var refusal = Assert.Throws<Packaging.PackagingException>(() => PathTemplate.Parse(template).Expand(Asset("a", containerName)));
        Assert.Equal("TemplateValueMissing", refusal.Code);
        Assert.Contains(template.Trim('x', 'y', '/'), refusal.Message);
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
