using AmsMigration.Accounts;
using AmsMigration.Assets;

namespace AmsMigration.Recommendations;

/// <summary>From the best to the worst.</summary>
public enum RecommendationVerdict
{
    /// <summary>Nothing that is known or asked speaks against it.</summary>
    Recommended,

    /// <summary>Something speaks against it, or is not known.</summary>
    Possible,
    RuledOut,
}

/// <summary>Where one option stands, and why.</summary>
public sealed class AmsMigrationRecommendation
{
    /// <summary>Null where the answer is a general one.</summary>
    public string? AccountName { get; init; }

    /// <summary>From 1; options that are ruled out come last.</summary>
    public required int Rank { get; init; }

    /// <summary>Name of the option.</summary>
    public required string Option { get; init; }

    /// <summary>Its id in the catalogue.</summary>
    public required string OptionId { get; init; }

    public required RecommendationVerdict Verdict { get; init; }

    /// <summary>Workloads covered and preferences met count for it, preferences missed and open questions against it.</summary>
    public required int Score { get; init; }

    /// <summary>One for each workload that matters here.</summary>
    public required AmsWorkloadVerdict[] Workloads { get; init; }

    /// <summary>For and against it, each with the fact and its source.</summary>
    public required string[] Reasons { get; init; }

    /// <summary>What rules it out; empty where nothing does.</summary>
    public required string[] RuledOutBy { get; init; }

    /// <summary>What has to be so before one begins.</summary>
    public required string[] Prerequisites { get; init; }

    /// <summary>The last day to begin; null where there is none.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>Bytes that would have to be moved; null where that is not known.</summary>
    public long? DataToMove { get; init; }

    /// <summary>For moving them; null where that is not known.</summary>
    public TimeSpan? EstimatedTime { get; init; }

    /// <summary>The command to run or the page to open.</summary>
    public required string NextStep { get; init; }

    /// <summary>The documents behind the reasons.</summary>
    public required string[] Sources { get; init; }

    /// <summary>The day that the answer is for.</summary>
    public required DateTime AsOf { get; init; }

    /// <summary>Of the catalogue.</summary>
    public required string CatalogVersion { get; init; }

    /// <summary>The account that it is for; null where the answer is a general one. Export-AmsAssetMetadata takes it from here.</summary>
    public AmsAccountExpiry? Account { get; init; }

    /// <summary>The assets that it is for. Convert-AmsAssetToStatic takes them from here where the option is its own.</summary>
    public AmsAsset[] Assets { get; init; } = [];

    /// <summary>This module carries it out.</summary>
    public bool IsOurs => OptionId == "static" && Verdict != RecommendationVerdict.RuledOut;

    public override string ToString() => $"{Rank}. {Option}: {Verdict}";
}

/// <summary>Where one option stands for one workload.</summary>
/// <param name="Reason">Why not better; empty where it is recommended.</param>
public sealed record AmsWorkloadVerdict(MigrationWorkload Workload, RecommendationVerdict Verdict, string Reason)
{
    public override string ToString() => $"{Workload}: {Verdict}";
}
