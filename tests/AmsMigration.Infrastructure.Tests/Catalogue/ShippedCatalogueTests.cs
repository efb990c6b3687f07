using AmsMigration.Accounts;
using AmsMigration.Recommendations;

namespace AmsMigration.Infrastructure.Tests.Catalogue;

/// <summary>What ships says what the guide says.</summary>
public class ShippedCatalogueTests
{
    /// <summary>The retirement guide's comparison table (2024-06-18), line breaks as spaces.</summary>
    private const string GuideTable = """
        | Bitmovin Automatic Migration | All regions | Yes until June 30, 2025 | Not until June 30, 2025 | All supported by AMS | AES, DRM not supported | No |
        | Bitmovin Streams, VOD | 20+ regions | No | Yes | DASH/HLS | AES, Widevine FairPlay PlayReady | Yes |
        | MediaKind | 8 regions | URL structure maintained, host name must be updated | No | DASH/HLS Filter support | AES, Widevine FairPlay PlayReady | Yes |
        | Ravnur | Everywhere Runs on your subscription | URL structure maintained, host name must be updated | No | DASH/HLS Filter support | AES, Widevine FairPlay PlayReady | Yes |
        | AMS Static Migration | Everywhere | No | Yes | DASH/HLS | AES (You must run your own key delivery service) | Yes |
        """;

    [Fact]
    public void The_comparison_table_of_the_guide_is_in_it_cell_by_cell()
    {
        string[] rows = [.. ShippedCatalogue.Content.Options.Where(option => option.Table is not null).Select(option =>
        {
            GuideTableRow row = option.Table!;
            return $"| {option.Name} | {row.Availability} | {row.PreservesUrls} | {row.DataMove} | {row.Formats} | {row.Protection} | {row.PlayerUpdate} |";
        })];

        Assert.Equal(GuideTable.Split('\n').Select(line => line.TrimEnd('\r')).Order(), rows.Order());
    }

    /// <summary>The words of the table are for people; the rules read facts, which have to say the same.</summary>
    [Fact]
    public void Facts_say_what_the_table_says()
    {
        var day = new DateTime(2024, 7, 1);
        foreach (MigrationOption option in ShippedCatalogue.Content.Options.Where(option => option.Table is not null))
        {
            GuideTableRow row = option.Table!;
            Assert.Equal(row.PreservesUrls.StartsWith("Yes", StringComparison.Ordinal), Is(OptionFact.PreservesUrls));
            Assert.Equal(row.PreservesUrls.StartsWith("URL structure", StringComparison.Ordinal), Is(OptionFact.KeepsUrlPath) && !Is(OptionFact.PreservesUrls));
            Assert.Equal(row.DataMove == "Yes", Is(OptionFact.MovesData));
            Assert.Equal(row.DataMove.StartsWith("No", StringComparison.Ordinal), option.Find(OptionFact.MovesData).On(day) == FactValue.No);
            Assert.Equal(row.Protection.Contains("Widevine", StringComparison.Ordinal), Is(OptionFact.Widevine));
            Assert.Equal(row.Protection.Contains("FairPlay", StringComparison.Ordinal), Is(OptionFact.FairPlay));
            Assert.Equal(row.Protection.Contains("PlayReady", StringComparison.Ordinal), Is(OptionFact.PlayReady));
            Assert.Equal(row.Protection.Contains("your own", StringComparison.Ordinal), option.Find(OptionFact.Aes).On(day) == FactValue.WithOwnService);
            Assert.Equal(row.PlayerUpdate == "Yes", Is(OptionFact.PlayerUpdate));
            Assert.Equal(row.Formats.Contains("Filter", StringComparison.Ordinal) || row.Formats.StartsWith("All", StringComparison.Ordinal), Is(OptionFact.Filters));
            Assert.Equal(row.Availability.Contains("your subscription", StringComparison.Ordinal) || option.Kind == MigrationOptionKind.Tool, Is(OptionFact.OwnSubscription));

            bool Is(OptionFact fact) => option.Find(fact).On(day) == FactValue.Yes;
        }
    }

    [Fact]
    public void Every_option_of_the_guide_is_there()
    {
        Assert.Equal(
            ["arcvideo", "azure-ai-services", "bitmovin-automatic", "bitmovin-streams", "bopoda", "eyevinn", "mediakind", "ravnur", "southworks", "static", "video-indexer", "whdiyo"],
            ShippedCatalogue.Content.Options.Select(option => option.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Video_Indexer_is_not_in_China_and_integrators_are_not_either()
    {
        Assert.All(
            ShippedCatalogue.Content.Options.Where(option => option.Id == "video-indexer" || option.Kind == MigrationOptionKind.Integrator),
            option => Assert.False(option.Clouds.HasFlag(AzureClouds.China), option.Id));
    }

    [Fact]
    public void The_version_guide_has_its_four_steps_and_five_scenarios_and_places_every_entity()
    {
        VersionGuide guide = ShippedCatalogue.Content.VersionGuide;
        Assert.Equal(["Benefits", "Differences", "SDK setup", "Scenario-based guidance"], guide.Steps.Select(step => step.Title));
        Assert.Equal(
            ["Encoding", "Live streaming", "Packaging and delivery", "Content protection", "Media Reserved Units (MRU)"],
            guide.Scenarios.Select(scenario => scenario.Title));
        Assert.All(guide.Entities, entity => Assert.Contains(entity.Scenario, guide.Scenarios.Select(scenario => scenario.Title)));
        Assert.Equal(guide.Entities.Count, guide.Entities.Select(entity => entity.V2).Distinct().Count());
        Assert.All(guide.Entities, entity => Assert.True(entity.V3 is not null || entity.Note is not null, entity.V2));
    }
}
