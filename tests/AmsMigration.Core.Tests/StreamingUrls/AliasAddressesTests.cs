using AmsMigration.StreamingUrls;

namespace AmsMigration.Core.Tests.StreamingUrls;

public class AliasAddressesTests
{
    private const string Host = "https://contoso-usea.streaming.media.azure.net";

    private static readonly Guid _locator = Guid.Parse("9bb78bbd-1111-4f0b-8b6b-1f2d7c9a3c11");

    [Fact]
    public void Without_any_address_the_usual_ones_are_taken() => Assert.Equal(
        [
            "talk.ism/manifest(format=m3u8-cmaf)", "talk.ism/manifest(format=m3u8-cmaf).m3u8",
            "talk.ism/manifest(format=m3u8-aapl)", "talk.ism/manifest(format=m3u8-aapl).m3u8",
            "talk.ism/manifest(format=mpd-time-cmaf)", "talk.ism/manifest(format=mpd-time-cmaf).mpd",
            "talk.ism/manifest(format=mpd-time-csf)", "talk.ism/manifest(format=mpd-time-csf).mpd",
            "talk.ism/manifest(format=m3u8-aapl-v4)", "talk.ism/manifest(format=m3u8-aapl-v4).m3u8",
            "talk.ism/manifest(format=m3u8-aapl-v3)", "talk.ism/manifest(format=m3u8-aapl-v3).m3u8",
        ],
        Paths([], "talk", isOnly: true));

    [Fact]
    public void Addresses_that_the_account_named_come_as_they_were()
    {
        IReadOnlyList<string> paths = Paths(
            [
                $"{Host}/{_locator}/Talk 1.ism/manifest(format=m3u8-aapl,encryption=cbc)",
                $"{Host}/{_locator}/Talk 1.ism/manifest(encryption=cenc,format=mpd-time-csf)",
                $"{Host}/{_locator}/Talk 1.ism/manifest",
            ],
            "video", isOnly: true);

        Assert.Contains("Talk 1.ism/manifest(format=m3u8-aapl,encryption=cbc)", paths);
        Assert.Contains("Talk 1.ism/manifest(format=m3u8-aapl,encryption=cbc).m3u8", paths);
        Assert.Contains("Talk 1.ism/manifest(encryption=cenc,format=mpd-time-csf)", paths);
        Assert.Contains("Talk 1.ism/manifest(format=m3u8-cmaf)", paths);
        Assert.DoesNotContain("Talk 1.ism/manifest", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("video.ism", StringComparison.Ordinal));
        Assert.Equal(paths.Count, paths.Distinct().Count());
    }

    [Fact]
    public void Of_several_presentations_each_has_its_own()
    {
        string[] known = [$"{Host}/{_locator}/one.ism/manifest(format=m3u8-cmaf)", $"{Host}/{_locator}/TWO.ism/manifest(format=m3u8-cmaf)"];

        Assert.All(Paths(known, "one", isOnly: false), path => Assert.StartsWith("one.ism/", path));
        Assert.All(Paths(known, "two", isOnly: false), path => Assert.StartsWith("TWO.ism/", path));
        Assert.All(Paths(known, "three", isOnly: false), path => Assert.StartsWith("three.ism/", path));
    }

    /// <summary>They would play another cut, other tracks, or another locator's asset.</summary>
    [Theory]
    [InlineData("manifest(format=m3u8-cmaf,filter=short)")]
    [InlineData("manifest(format=m3u8-cmaf,audio-only=true)")]
    [InlineData("manifest(format=m3u8-cmaf,startTime=100,endTime=200)")]
    public void An_address_of_a_part_is_no_address_of_the_whole(string request) =>
        Assert.DoesNotContain($"talk.ism/{request}", Paths([$"{Host}/{_locator}/talk.ism/{request}"], "talk", isOnly: true));

    [Fact]
    public void Addresses_of_other_locators_are_not_mixed_in() =>
        Assert.DoesNotContain(Paths([$"{Host}/{Guid.NewGuid()}/other.ism/manifest(format=m3u8-cmaf)"], "talk", isOnly: true), path => path.StartsWith("other", StringComparison.Ordinal));

    private static IReadOnlyList<string> Paths(string[] known, string presentation, bool isOnly) =>
        [.. new AliasAddresses(known.Select(StreamingAddress.Parse), _locator, presentation, isOnly).Whole().Select(address => $"{address.ManifestName}/{address.RequestName}")];
}
