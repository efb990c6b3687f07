using AmsMigration.Accounts;

namespace AmsMigration.Recommendations;

/// <summary>What a user asks of a way out. As a requirement it rules options out; as a preference it orders them.</summary>
public enum MigrationNeed
{
    PreserveUrls,
    NoDataMove,
    Widevine,
    FairPlay,
    PlayReady,
    Aes,
    Filters,
    Live,
    Encoding,
    Analysis,
    OwnSubscription,
    Government,
    China,
    NoService,
}

/// <summary>What is known of an account, its assets and its owner's needs.</summary>
public sealed record MigrationSituation
{
    /// <summary>Null where the answer is a general one.</summary>
    public string? AccountName { get; init; }

    /// <summary>None where no account says it.</summary>
    public AzureClouds Cloud { get; init; }

    /// <summary>The account is deleted, or must be by now, and only its storage is left.</summary>
    public bool IsAccountGone { get; init; }

    /// <summary>The day that the answer is for.</summary>
    public required DateTime AsOf { get; init; }

    public IReadOnlyCollection<MigrationNeed> Required { get; init; } = [];

    public IReadOnlyCollection<MigrationNeed> Preferred { get; init; } = [];

    /// <summary>What the account was used for as far as it shows; what no option covers counts against it, but rules nothing out.</summary>
    public IReadOnlyCollection<MigrationWorkload> Used { get; init; } = [];

    /// <summary>What is known of the assets; null where none were looked at.</summary>
    public AssetTotals? Assets { get; init; }

    /// <summary>Megabits a second at which media can be moved.</summary>
    public int MegabitsPerSecond { get; init; } = 1000;

    /// <summary>What takes the place of <c>{Source}</c> in a next step.</summary>
    public string SourceArgument { get; init; } = "<source>";
}

/// <summary>The assets that a recommendation is for, added up.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Bytes">Of all files.</param>
/// <param name="Duration">Of their presentations.</param>
/// <param name="Unconvertible">Those that hold media of which nothing can be converted.</param>
/// <param name="Partial">Those of which something is left out.</param>
/// <param name="LiveArchives">Those that live events left.</param>
public sealed record AssetTotals(int Count, long Bytes, TimeSpan Duration, int Unconvertible, int Partial, int LiveArchives);
