using System.Text;
using AmsMigration.Accounts;
using AmsMigration.Infrastructure.Tests.Catalogue;
using AmsMigration.Recommendations;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.Recommendations;

/// <summary>
/// What is answered in situations that people are in, compared with tests/fixtures/golden/recommendations.txt. With RECORD_GOLDEN=1 in the environment
/// it is written anew; read the difference before committing it.
/// </summary>
public class SituationGoldenTests
{
    private static readonly DateTime _today = new(2026, 11, 23);
    private static readonly DateTime _before = new(2024, 6, 1);

    private static readonly (string Name, MigrationSituation Situation)[] _situations =
    [
        ("Nobody in particular, today", new() { AsOf = _today, IsAccountGone = true }),
        ("Nobody in particular, before the retirement", new() { AsOf = _before }),
        ("Public cloud with FairPlay", new() { AsOf = _before, Cloud = AzureClouds.Public, Required = [MigrationNeed.FairPlay] }),
        ("Government with AES", new() { AsOf = _before, Cloud = AzureClouds.Government, Required = [MigrationNeed.Aes] }),
        ("China with analysis", new() { AsOf = _before, Cloud = AzureClouds.China, Required = [MigrationNeed.Analysis] }),
        ("Account deleted, storage left", new() { AsOf = _today, Cloud = AzureClouds.Public, IsAccountGone = true, Assets = new(120, 3_000_000_000_000, TimeSpan.FromHours(900), 0, 4, 20) }),
        ("Live only", new() { AsOf = _before, Cloud = AzureClouds.Public, Required = [MigrationNeed.Live], Used = [MigrationWorkload.LiveStreaming] }),
        ("2 PB without a budget to move", new() { AsOf = _before, Cloud = AzureClouds.Public, Required = [MigrationNeed.NoDataMove], Assets = new(90_000, 2_000_000_000_000_000, TimeSpan.FromHours(1_000_000), 0, 0, 0) }),
        ("2 PB that may be moved", new() { AsOf = _before, Cloud = AzureClouds.Public, Preferred = [MigrationNeed.NoService], Assets = new(90_000, 2_000_000_000_000_000, TimeSpan.FromHours(1_000_000), 0, 0, 0) }),
        ("Old URLs on the last day of Bitmovin's automatic migration", new() { AsOf = new(2025, 6, 30), Cloud = AzureClouds.Public, Required = [MigrationNeed.PreserveUrls] }),
        ("Old URLs on the day after", new() { AsOf = new(2025, 7, 1), Cloud = AzureClouds.Public, Required = [MigrationNeed.PreserveUrls] }),
        ("No service, own subscription, Government", new() { AsOf = _today, IsAccountGone = true, Required = [MigrationNeed.NoService, MigrationNeed.OwnSubscription, MigrationNeed.Government] }),
        ("All three DRM systems and filters", new() { AsOf = _before, Cloud = AzureClouds.Public, Required = [MigrationNeed.Widevine, MigrationNeed.PlayReady, MigrationNeed.FairPlay, MigrationNeed.Filters] }),
        ("Encoding in China", new() { AsOf = _before, Cloud = AzureClouds.China, Required = [MigrationNeed.Encoding] }),
        ("Half of the assets cannot be converted", new() { AsOf = _today, IsAccountGone = true, Assets = new(10, 50_000_000_000, TimeSpan.FromHours(40), 5, 1, 0) }),
    ];

    [Fact]
    public void Answers_are_those_that_were_agreed_on()
    {
        string path = Path.Combine(Repository.Root, "tests", "fixtures", "golden", "recommendations.txt");
        var actual = new StringBuilder();
        foreach ((string name, MigrationSituation situation) in _situations)
        {
            actual.Append($"{name}\n");
            foreach (AmsMigrationRecommendation r in Recommender.Recommend(ShippedCatalogue.Content, situation))
            {
                string move = r.DataToMove is null ? "" : $", moves {r.DataToMove} bytes in {r.EstimatedTime}";
                actual.Append($"  {r.Rank}. {r.Verdict} {r.OptionId}, score {r.Score}{move}{string.Concat(r.RuledOutBy.Select(why => $"; {why}"))}\n");
            }
        }

        if (Environment.GetEnvironmentVariable("RECORD_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual.ToString());
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual.ToString());
    }

    /// <summary>The golden file says how it all comes out; these are the points that must not move.</summary>
    [Theory]
    [InlineData("Public cloud with FairPlay", "mediakind", RecommendationVerdict.Recommended)]
    [InlineData("Public cloud with FairPlay", "bitmovin-automatic", RecommendationVerdict.RuledOut)]
    [InlineData("Public cloud with FairPlay", "static", RecommendationVerdict.RuledOut)]
    [InlineData("Government with AES", "ravnur", RecommendationVerdict.Recommended)]
    [InlineData("Government with AES", "mediakind", RecommendationVerdict.RuledOut)]
    [InlineData("China with analysis", "video-indexer", RecommendationVerdict.RuledOut)]
    [InlineData("China with analysis", "azure-ai-services", RecommendationVerdict.Recommended)]
    [InlineData("China with analysis", "bopoda", RecommendationVerdict.Possible)]
    [InlineData("Account deleted, storage left", "static", RecommendationVerdict.Recommended)]
    [InlineData("Account deleted, storage left", "bitmovin-automatic", RecommendationVerdict.RuledOut)]
    [InlineData("2 PB without a budget to move", "static", RecommendationVerdict.RuledOut)]
    [InlineData("Old URLs on the last day of Bitmovin's automatic migration", "bitmovin-automatic", RecommendationVerdict.Recommended)]
    [InlineData("Old URLs on the day after", "bitmovin-automatic", RecommendationVerdict.RuledOut)]
    [InlineData("Half of the assets cannot be converted", "static", RecommendationVerdict.Possible)]
    public void What_the_guide_says_decides(string situation, string option, RecommendationVerdict verdict) =>
        Assert.Equal(verdict, Recommender.Recommend(ShippedCatalogue.Content, _situations.Single(s => s.Name == situation).Situation).Single(r => r.OptionId == option).Verdict);
}
