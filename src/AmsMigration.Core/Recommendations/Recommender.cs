using AmsMigration.Accounts;
using AmsMigration.Assets;

namespace AmsMigration.Recommendations;

/// <summary>
/// Ranks the options of a catalogue for a situation. A pure function: the same input gives the same answer, and one more requirement never gives an
/// option a better verdict or a higher score.
/// </summary>
public static class Recommender
{
    /// <summary>For an account and assets as the other cmdlets found them. Best first.</summary>
    /// <param name="needs">What is asked, and when.</param>
    public static IReadOnlyList<AmsMigrationRecommendation> Recommend(
        MigrationCatalogue catalogue, MigrationSituation needs, AmsAccountExpiry? account, IReadOnlyCollection<AmsAsset> assets) =>
        Recommend(catalogue, SituationBuilder.For(needs, account, assets), account, [.. assets]);

    /// <summary>Best first.</summary>
    public static IReadOnlyList<AmsMigrationRecommendation> Recommend(MigrationCatalogue catalogue, MigrationSituation situation) =>
        Recommend(catalogue, situation, null, []);

    private static IReadOnlyList<AmsMigrationRecommendation> Recommend(
        MigrationCatalogue catalogue, MigrationSituation situation, AmsAccountExpiry? account, AmsAsset[] assets)
    {
        List<OptionStanding> standings = [.. catalogue.Options.Select((option, order) => new OptionStanding(catalogue, option, order, situation))];
        RuleOutWhatNeedsTheRuledOut(standings);
        IEnumerable<OptionStanding> ranked = standings
            .OrderBy(standing => standing.IsRuledOut).ThenByDescending(standing => standing.IsOfUse).ThenBy(standing => standing.Verdict)
            .ThenByDescending(standing => standing.Score).ThenBy(standing => standing.Order);
        return [.. ranked.Select((standing, i) => Tell(standing, i + 1, catalogue, situation, account, assets))];
    }

    /// <summary>An option that is reached through others falls with the last of them.</summary>
    private static void RuleOutWhatNeedsTheRuledOut(List<OptionStanding> standings)
    {
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (OptionStanding standing in standings.Where(s => !s.IsRuledOut && s.Option.Requires.Count > 0))
            {
                List<OptionStanding> ways = standings.FindAll(s => standing.Option.Requires.Contains(s.Option.Id));
                if (ways.TrueForAll(way => way.IsRuledOut))
                {
                    standing.RuleOut($"needs {string.Join(" or ", ways.Select(way => way.Option.Name))}, ruled out");
                    changed = true;
                }
            }
        }
    }

    private static AmsMigrationRecommendation Tell(
        OptionStanding standing, int rank, MigrationCatalogue catalogue, MigrationSituation situation, AmsAccountExpiry? account, AmsAsset[] assets)
    {
        MigrationOption option = standing.Option;
        FactValue moves = option.Find(OptionFact.MovesData).On(situation.AsOf);
        long? bytes = moves == FactValue.No ? 0 : moves == FactValue.Yes ? situation.Assets?.Bytes : null;
        return new AmsMigrationRecommendation
        {
            AccountName = situation.AccountName,
            Rank = rank,
            Option = option.Name,
            OptionId = option.Id,
            Verdict = standing.Verdict,
            Score = standing.Score,
            Workloads = [.. SituationWorkloads.Shown(situation).Select(standing.ForWorkload)],
            Reasons = [.. standing.Reasons],
            RuledOutBy = [.. standing.RuledOutBy],
            Prerequisites = [.. option.Prerequisites],
            Deadline = option.Deadline,
            DataToMove = bytes,
            EstimatedTime = bytes is long move ? TimeToMove(move, situation.MegabitsPerSecond) : null,
            NextStep = option.NextStep.Replace("{Source}", situation.SourceArgument).Replace("{Destination}", "<destination>"),
            Sources = [.. standing.Sources],
            AsOf = situation.AsOf,
            CatalogVersion = catalogue.Version,
            Account = account,
            Assets = assets,
        };
    }

    /// <summary>To the second above.</summary>
    private static TimeSpan TimeToMove(long bytes, int megabitsPerSecond) =>
        TimeSpan.FromSeconds((double)Math.Ceiling(bytes * 8m / (megabitsPerSecond * 1_000_000m)));
}
