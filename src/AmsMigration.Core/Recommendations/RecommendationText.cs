namespace AmsMigration.Recommendations;

/// <summary>The argument behind a recommendation, for people.</summary>
public static class RecommendationText
{
    /// <summary>A headline, then a line for each reason.</summary>
    public static IEnumerable<string> Explain(AmsMigrationRecommendation recommendation)
    {
        string account = recommendation.AccountName is null ? "" : $" for {recommendation.AccountName}";
        yield return $"{recommendation.Rank}. {recommendation.Option}{account}: {Name(recommendation.Verdict)}, score {recommendation.Score}, on {CatalogueDate.Format(recommendation.AsOf)}";
        foreach (string reason in recommendation.Reasons)
        {
            yield return "   " + reason;
        }

        foreach (string prerequisite in recommendation.Prerequisites)
        {
            yield return "   Needs: " + prerequisite;
        }

        yield return "   Next: " + recommendation.NextStep;
    }

    private static string Name(RecommendationVerdict verdict) => verdict switch
    {
        RecommendationVerdict.RuledOut => "ruled out",
        RecommendationVerdict.Possible => "possible",
        _ => "recommended",
    };
}
