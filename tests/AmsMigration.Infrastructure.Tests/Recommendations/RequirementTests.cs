using AmsMigration.Accounts;
using AmsMigration.Infrastructure.Tests.Catalogue;
using AmsMigration.Recommendations;

namespace AmsMigration.Infrastructure.Tests.Recommendations;

/// <summary>Properties of the rules, over all small sets of needs in many situations.</summary>
public class RequirementTests
{
    private static readonly MigrationNeed[] _needs = Enum.GetValues<MigrationNeed>();

    public static TheoryData<string, AzureClouds, bool> Situations { get; } = new(
        from asOf in new[] { "2024-06-01", "2025-01-01", "2026-11-23" }
        from cloud in new[] { AzureClouds.None, AzureClouds.Public, AzureClouds.Government, AzureClouds.China }
        from isGone in new[] { false, true }
        select (asOf, cloud, isGone));

    [Theory]
    [MemberData(nameof(Situations))]
    public void One_more_requirement_never_makes_an_option_more_recommended(string asOf, AzureClouds cloud, bool isGone)
    {
        foreach (MigrationNeed[] required in Subsets(1))
        {
            foreach (MigrationNeed[] preferred in Subsets(1))
            {
                MigrationSituation situation = new()
                {
                    AsOf = DateTime.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture), Cloud = cloud, IsAccountGone = isGone, Required = required, Preferred = preferred,
                };
                Dictionary<string, AmsMigrationRecommendation> before = Recommend(situation);
                foreach (MigrationNeed more in _needs)
                {
                    foreach (AmsMigrationRecommendation after in Recommend(situation with { Required = [.. required, more] }).Values)
                    {
                        Assert.True(after.Verdict >= before[after.OptionId].Verdict, $"{after.OptionId} with {more}");
                        Assert.True(after.Score <= before[after.OptionId].Score, $"{after.OptionId} with {more}");
                        Assert.Empty(before[after.OptionId].RuledOutBy.Except(after.RuledOutBy));
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Situations))]
    public void The_answer_is_total_and_does_not_depend_on_the_order_of_the_needs(string asOf, AzureClouds cloud, bool isGone)
    {
        foreach (MigrationNeed[] required in Subsets(3))
        {
            MigrationSituation situation = new()
            {
                AsOf = DateTime.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture), Cloud = cloud, IsAccountGone = isGone, Required = required,
            };
            IReadOnlyList<AmsMigrationRecommendation> answer = Recommender.Recommend(ShippedCatalogue.Content, situation);
            IReadOnlyList<AmsMigrationRecommendation> again = Recommender.Recommend(
                ShippedCatalogue.Content, situation with { Required = [.. required.Reverse(), .. required] });

            Assert.Equal(Enumerable.Range(1, ShippedCatalogue.Content.Options.Count), answer.Select(r => r.Rank));
            Assert.Equal(answer.Select(r => (r.OptionId, r.Verdict, r.Score)), again.Select(r => (r.OptionId, r.Verdict, r.Score)));
            Assert.Equal(answer.SelectMany(r => r.Reasons), again.SelectMany(r => r.Reasons));
            Assert.All(answer, r => Assert.Equal(r.Verdict == RecommendationVerdict.RuledOut, r.RuledOutBy.Length > 0));
            Assert.All(answer, r => Assert.NotEmpty(r.Reasons));
            Assert.All(answer, r => Assert.NotEmpty(r.Sources));
            bool[] ruledOut = [.. answer.Select(r => r.Verdict == RecommendationVerdict.RuledOut)];
            Assert.Equal(ruledOut.Order(), ruledOut);
        }
    }

    private static Dictionary<string, AmsMigrationRecommendation> Recommend(MigrationSituation situation) =>
        Recommender.Recommend(ShippedCatalogue.Content, situation).ToDictionary(r => r.OptionId);

    /// <summary>All sets of up to a number of needs.</summary>
    private static IEnumerable<MigrationNeed[]> Subsets(int size, int from = 0)
    {
        yield return [];
        for (int i = from; size > 0 && i < _needs.Length; i++)
        {
            foreach (MigrationNeed[] rest in Subsets(size - 1, i + 1))
            {
                yield return [_needs[i], .. rest];
            }
        }
    }
}
