using System.Text.Json;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Packaging.Manifests.Aliases;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public class FilterJsonTests
{
    [Fact]
    public void A_filter_has_a_time_tracks_and_a_quality_to_begin_with()
    {
        PresentationFilter filter = Read("""
            { "name": "short", "properties": {
                "presentationTimeRange": { "startTimestamp": 30, "endTimestamp": 170, "presentationWindowDuration": 9223372036854774784, "timescale": 10, "forceEndTimestamp": false },
                "firstQuality": { "bitrate": 128000 },
                "tracks": [ { "trackSelections": [ { "property": "Type", "value": "Audio", "operation": "Equal" } ] } ] } }
            """);

        Assert.Equal(("short", 30L, 170L, 10u, 128_000L), (filter.Name, filter.Start, filter.End, filter.Timescale, filter.FirstQuality));
        Assert.Equal("Type Equal Audio", Assert.Single(filter.Tracks).ToString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "presentationTimeRange": null }""")]
    [InlineData("""{ "presentationTimeRange": { "startTimestamp": 0, "endTimestamp": 9223372036854775807 } }""")]
    [InlineData("""{ "presentationTimeRange": { "startTimestamp": -5, "endTimestamp": 9223372036854774784, "timescale": -1 } }""")]
    [InlineData("""{ "presentationTimeRange": { "startTimestamp": 1e99, "endTimestamp": "end", "timescale": 99999999999 }, "firstQuality": { "bitrate": 0 } }""")]
    public void What_says_nothing_limits_nothing(string properties)
    {
        PresentationFilter filter = Read($$"""{ "name": "all", "properties": {{properties}} }""");

        Assert.Equal((null, null, 10_000_000u, null), (filter.Start, filter.End, filter.Timescale, filter.FirstQuality));
        Assert.Empty(filter.Tracks);
    }

    [Fact]
    public void Of_one_name_the_assets_own_filter_holds()
    {
        PresentationFilter[] filters = FilterJson.Read(
            [Parse("""{ "name": "Mobile", "properties": { "firstQuality": { "bitrate": 1 } } }""")],
            [Parse("""{ "name": "mobile", "properties": { "firstQuality": { "bitrate": 2 } } }"""), Parse("""{ "name": "tv" }"""), Parse("{}")]);

        Assert.Equal([("Mobile", 1L), ("tv", null)], filters.Select(filter => (filter.Name, filter.FirstQuality)));
    }

    private static PresentationFilter Read(string json) => Assert.Single(FilterJson.Read([Parse(json)], []));

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
