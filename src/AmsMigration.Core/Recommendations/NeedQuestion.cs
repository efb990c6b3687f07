namespace AmsMigration.Recommendations;

/// <summary>How a need is asked of an option: which fact answers it, and the words for yes and no.</summary>
/// <param name="Fact">Null where the option's workloads answer.</param>
/// <param name="WantsNo">A No of the fact is what is wanted.</param>
/// <param name="Workload">The workload that the need belongs to; null where it belongs to none.</param>
internal sealed record NeedQuestion(OptionFact? Fact, bool WantsNo, MigrationWorkload? Workload, string Met, string Missed)
{
    /// <summary>Asked of every option where the account is gone.</summary>
    public static readonly NeedQuestion WithoutAccount = new(
        OptionFact.WorksWithoutAccount, false, null, "works when the account is deleted", "needs the account, which is deleted");

    /// <summary>Null for the clouds, which are no capability.</summary>
    public static NeedQuestion? Of(MigrationNeed need) => need switch
    {
        MigrationNeed.China or MigrationNeed.Government => null,
        MigrationNeed.PreserveUrls => new(OptionFact.PreservesUrls, false, null, "keeps existing URLs", "existing URLs do not keep working"),
        MigrationNeed.NoDataMove => new(OptionFact.MovesData, true, null, "leaves the media where it is", "the media has to be moved"),
        MigrationNeed.Widevine => Protection(OptionFact.Widevine, "Widevine"),
        MigrationNeed.FairPlay => Protection(OptionFact.FairPlay, "FairPlay"),
        MigrationNeed.PlayReady => Protection(OptionFact.PlayReady, "PlayReady"),
        MigrationNeed.Aes => Protection(OptionFact.Aes, "AES-128"),
        MigrationNeed.Filters => new(OptionFact.Filters, false, null, "supports manifest filters", "manifest filters are not supported"),
        MigrationNeed.Live => Covering(MigrationWorkload.LiveStreaming),
        MigrationNeed.Encoding => Covering(MigrationWorkload.OnDemandEncoding),
        MigrationNeed.Analysis => Covering(MigrationWorkload.Analysis),
        MigrationNeed.OwnSubscription => new(
            OptionFact.OwnSubscription, false, null, "runs in your own subscription", "does not run in your own subscription"),
        MigrationNeed.NoService => new(OptionFact.NoService, false, null, "needs no service", "depends on a service"),
        _ => throw new ArgumentOutOfRangeException(nameof(need), need, "Unknown need."),
    };

    /// <summary>For people, as an object of "covers".</summary>
    public static string Name(MigrationWorkload workload) => workload switch
    {
        MigrationWorkload.OnDemandEncoding => "on-demand encoding",
        MigrationWorkload.LiveStreaming => "live streaming",
        MigrationWorkload.PackagingAndDelivery => "packaging and delivery",
        MigrationWorkload.ContentProtection => "content protection",
        _ => "video and audio analysis",
    };

    /// <summary>What an option says to the question.</summary>
    public CatalogueFact Ask(MigrationOption option)
    {
        if (Fact is not OptionFact fact)
        {
            bool covers = option.Workloads.Contains(Workload!.Value);
            return new CatalogueFact(covers ? FactValue.Yes : FactValue.No, null, null, option.Sources[0]);
        }

        CatalogueFact found = option.Find(fact);
        return !WantsNo ? found : found with
        {
            Value = found.Value switch { FactValue.Yes => FactValue.No, FactValue.No => FactValue.Yes, _ => found.Value },
        };
    }

    private static NeedQuestion Protection(OptionFact fact, string name) =>
        new(fact, false, MigrationWorkload.ContentProtection, $"supports {name}", $"{name} is not supported");

    private static NeedQuestion Covering(MigrationWorkload workload) =>
        new(null, false, workload, $"covers {Name(workload)}", $"does not cover {Name(workload)}");
}
