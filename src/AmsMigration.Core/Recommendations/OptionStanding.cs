using AmsMigration.Accounts;

namespace AmsMigration.Recommendations;

/// <summary>One option in a situation: what speaks for it and against it.</summary>
internal sealed class OptionStanding
{
    private const int Preference = 2;
    private const int Coverage = 3;

    /// <summary>What an option loses of which nothing but its workloads is known.</summary>
    private const int NoEvidence = 6;

    private readonly MigrationCatalogue _catalogue;
    private readonly MigrationSituation _situation;
    private readonly List<string> _reasons = [];
    private readonly List<string> _ruledOutBy = [];
    private readonly List<string> _sources = [];
    private bool _isDoubtful;

    /// <param name="order">Place in the catalogue.</param>
    public OptionStanding(MigrationCatalogue catalogue, MigrationOption option, int order, MigrationSituation situation)
    {
        _catalogue = catalogue;
        _situation = situation;
        Option = option;
        Order = order;
        foreach (string source in option.Sources)
        {
            Cite(source);
        }

        Judge();
    }

    public MigrationOption Option { get; }

    public int Order { get; }

    public int Score { get; private set; }

    /// <summary>It covers one at least of the workloads that this is about.</summary>
    public bool IsOfUse { get; private set; }

    public IReadOnlyList<string> Reasons => _reasons;

    public IReadOnlyList<string> RuledOutBy => _ruledOutBy;

    public IReadOnlyList<string> Sources => _sources;

    public bool IsRuledOut => _ruledOutBy.Count > 0;

    /// <summary>
    /// Of this option alone. Were it to depend on how others stand, or on which workloads are asked for, a requirement could make an option more
    /// recommended.
    /// </summary>
    public RecommendationVerdict Verdict => IsRuledOut ? RecommendationVerdict.RuledOut
        : _isDoubtful ? RecommendationVerdict.Possible
        : RecommendationVerdict.Recommended;

    public void RuleOut(string why, string? source = null)
    {
        if (!_ruledOutBy.Contains(why))
        {
            _ruledOutBy.Add(why);
            Say("Against", why, source);
        }
    }

    public AmsWorkloadVerdict ForWorkload(MigrationWorkload workload) => !Option.Workloads.Contains(workload)
        ? new AmsWorkloadVerdict(workload, RecommendationVerdict.RuledOut, $"does not cover {NeedQuestion.Name(workload)}")
        : new AmsWorkloadVerdict(workload, Verdict, IsRuledOut ? _ruledOutBy[0] : "");

    private void Judge()
    {
        LookAtDates();
        LookAtCloud();
        LookAtEvidence();
        if (_situation.IsAccountGone)
        {
            Require(NeedQuestion.WithoutAccount);
        }

        foreach (MigrationNeed need in _situation.Required.Distinct().OrderBy(need => need))
        {
            if (NeedQuestion.Of(need) is NeedQuestion question)
            {
                Require(question);
            }
        }

        foreach (MigrationNeed need in _situation.Preferred.Distinct().Except(_situation.Required).OrderBy(need => need))
        {
            Prefer(need);
        }

        LookAtAssets();
        LookAtCoverage();
    }

    private void LookAtDates()
    {
        if (Option.Deadline is not DateTime deadline)
        {
            return;
        }

        if (_situation.AsOf.Date > deadline.Date)
        {
            RuleOut($"ended on {CatalogueDate.Format(deadline)}", Option.Sources[0]);
        }
        else
        {
            Say("Note", $"has to be begun by {CatalogueDate.Format(deadline)}", Option.Sources[0]);
        }
    }

    private void LookAtCloud()
    {
        foreach (AzureClouds cloud in RequiredClouds())
        {
            if ((Option.Clouds & cloud) == 0)
            {
                Score -= Preference;
                RuleOut($"not in {Name(cloud)}", Option.Sources[0]);
            }
        }

        if (!IsRuledOut)
        {
            string clouds = string.Join(", ", new[] { AzureClouds.Public, AzureClouds.Government, AzureClouds.China }
                .Where(cloud => (Option.Clouds & cloud) != 0).Select(Name));
            Say("For", $"available in {clouds}{(Option.Regions is null ? "" : $" ({Option.Regions})")}", Option.Sources[0]);
        }
    }

    private IEnumerable<AzureClouds> RequiredClouds()
    {
        if (_situation.Cloud != AzureClouds.None)
        {
            yield return _situation.Cloud;
        }

        foreach (MigrationNeed need in _situation.Required.Distinct().OrderBy(need => need))
        {
            if (CloudOf(need) is AzureClouds cloud)
            {
                yield return cloud;
            }
        }
    }

    private void LookAtEvidence()
    {
        if (Option.Facts.Count == 0)
        {
            Score -= NoEvidence;
            Doubt("Open", "the documents name it and say nothing of what it does", Option.Sources[0]);
        }

        if (Option.Kind == MigrationOptionKind.Integrator)
        {
            Doubt("Note", "people who build a solution, not one by itself", Option.Sources[0]);
        }
    }

    private void Require(NeedQuestion question)
    {
        CatalogueFact fact = question.Ask(Option);
        if (fact.On(_situation.AsOf) == FactValue.No)
        {
            Cite(fact.Source);
            bool hasEnded = fact.HasEnded(_situation.AsOf);
            RuleOut(hasEnded ? $"{question.Missed} since {CatalogueDate.Format(fact.Until!.Value)}" : question.Missed, fact.Source);
            Score -= Preference;
            return;
        }

        Answer(question, fact, 0);
    }

    private void Prefer(MigrationNeed need)
    {
        if (CloudOf(need) is AzureClouds cloud)
        {
            bool isThere = (Option.Clouds & cloud) != 0;
            Score += isThere ? Preference : -Preference;
            _isDoubtful |= !isThere;
            Say(isThere ? "For" : "Against", isThere ? $"also in {Name(cloud)}" : $"not in {Name(cloud)}", Option.Sources[0]);
            return;
        }

        NeedQuestion question = NeedQuestion.Of(need)!;
        Answer(question, question.Ask(Option), Preference);
    }

    private void Answer(NeedQuestion question, CatalogueFact fact, int worth)
    {
        Cite(fact.Source);
        string note = fact.Note is null ? "" : $": {fact.Note}";
        switch (fact.On(_situation.AsOf))
        {
            case FactValue.Yes:
                Score += worth;
                string until = fact.Until is DateTime end ? $" until {CatalogueDate.Format(end)}" : "";
                Say("For", question.Met + until + note, fact.Source);
                break;
            case FactValue.WithOwnService:
                Score += worth / 2;
                Say("For", $"{question.Met}, with a service that you run{note}", fact.Source);
                break;
            case FactValue.No:
                Score -= worth;
                Doubt("Against", question.Missed + note, fact.Source);
                break;
            default:
                Score--;
                Doubt("Open", $"the documents do not say whether it {question.Met}; ask {Option.Name}", null);
                break;
        }
    }

    private void LookAtAssets()
    {
        if (_situation.Assets is not AssetTotals assets)
        {
            return;
        }

        if (Option.Kind == MigrationOptionKind.Tool && assets.Unconvertible > 0)
        {
            Doubt("Against", $"{assets.Unconvertible} of {assets.Count} assets hold media of which nothing can be converted", null);
        }

        if (Option.Kind == MigrationOptionKind.Tool && assets.Partial > 0)
        {
            Say("Note", $"of {assets.Partial} of {assets.Count} assets a part is left out; Get-AmsAsset shows which", null);
        }
    }

    private void LookAtCoverage()
    {
        MigrationWorkload[] covered = [.. SituationWorkloads.Scored(_situation).Where(Option.Workloads.Contains)];
        Score += Coverage * covered.Length;
        IsOfUse = covered.Length > 0;
        if (!IsOfUse)
        {
            Say("Note", $"covers {string.Join(", ", Option.Workloads.Select(NeedQuestion.Name))} alone, which is not what this is about", Option.Sources[0]);
        }
        else
        {
            Say("For", $"covers {string.Join(", ", covered.Select(NeedQuestion.Name))}", Option.Sources[0]);
        }
    }

    private void Doubt(string kind, string why, string? source)
    {
        _isDoubtful = true;
        Say(kind, why, source);
    }

    private void Say(string kind, string what, string? source)
    {
        string reason = $"{kind}: {what}{(source is null ? "" : $" ({_catalogue.Sources[source].Title}, {CatalogueDate.Format(_catalogue.Sources[source].Date)})")}.";
        if (!_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }

    private void Cite(string source)
    {
        string text = _catalogue.Sources[source].ToString();
        if (!_sources.Contains(text))
        {
            _sources.Add(text);
        }
    }

    private static AzureClouds? CloudOf(MigrationNeed need) => need switch
    {
        MigrationNeed.China => AzureClouds.China,
        MigrationNeed.Government => AzureClouds.Government,
        _ => null,
    };

    private static string Name(AzureClouds cloud) => cloud switch
    {
        AzureClouds.China => "Azure China",
        AzureClouds.Government => "Azure Government",
        _ => "the public cloud",
    };
}
