using AmsMigration.Accounts;

namespace AmsMigration.Recommendations;

/// <summary>What is known of the ways out of Azure Media Services: options with dated, sourced facts, and the v2-to-v3 guide.</summary>
public sealed record MigrationCatalogue
{
    /// <summary>The schema that this module reads.</summary>
    public const int SupportedSchema = 1;

    /// <summary>Of the content, e.g. <c>2026.11</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Documents that facts come from, by id.</summary>
    public required IReadOnlyDictionary<string, CatalogueSource> Sources { get; init; }

    /// <summary>In the order that settles ties.</summary>
    public required IReadOnlyList<MigrationOption> Options { get; init; }

    public required VersionGuide VersionGuide { get; init; }
}

/// <summary>A document that facts come from.</summary>
/// <param name="Date">When it said so.</param>
public sealed record CatalogueSource(string Title, string Link, DateTime Date)
{
    public override string ToString() => $"{Title}, {CatalogueDate.Format(Date)}: {Link}";
}

public enum MigrationOptionKind
{
    /// <summary>Streams or encodes in place of Media Services.</summary>
    Service,

    /// <summary>Makes files that need no service.</summary>
    Tool,

    /// <summary>People who build a solution.</summary>
    Integrator,

    /// <summary>Takes over audio and video analysis.</summary>
    Analysis,
}

/// <summary>What an account was used for.</summary>
public enum MigrationWorkload
{
    OnDemandEncoding,
    LiveStreaming,
    PackagingAndDelivery,
    ContentProtection,
    Analysis,
}

/// <summary>What is asked about every option.</summary>
public enum OptionFact
{
    /// <summary>Old URLs work unchanged.</summary>
    PreservesUrls,

    /// <summary>Only the host name of old URLs changes.</summary>
    KeepsUrlPath,

    /// <summary>Media has to be copied or rewritten.</summary>
    MovesData,

    /// <summary>Account and asset filters keep working.</summary>
    Filters,

    /// <summary>AES-128 clear key encryption.</summary>
    Aes,
    Widevine,
    FairPlay,
    PlayReady,

    /// <summary>The player has to be exchanged or updated.</summary>
    PlayerUpdate,

    /// <summary>Runs in the customer's own subscription.</summary>
    OwnSubscription,

    /// <summary>Works without any service behind it.</summary>
    NoService,

    /// <summary>Works when the account is gone and only its storage is left.</summary>
    WorksWithoutAccount,
}

/// <summary>Whether something is so; what the documents leave open is unknown.</summary>
public enum FactValue
{
    Unknown,
    Yes,
    No,

    /// <summary>With a service that the customer has to run.</summary>
    WithOwnService,
}

/// <summary>What is true of an option, and who said so.</summary>
/// <param name="Until">The last day on which it is true; null where it does not end.</param>
/// <param name="Note">What has to be said with it; null where nothing has.</param>
/// <param name="Source">Id of a <see cref="CatalogueSource"/>.</param>
public sealed record CatalogueFact(FactValue Value, DateTime? Until, string? Note, string Source)
{
    public bool HasEnded(DateTime day) => Until is DateTime end && day.Date > end.Date;

    /// <summary>On a day: what has ended is no longer so.</summary>
    public FactValue On(DateTime day) => !HasEnded(day) ? Value : Value switch
    {
        FactValue.Yes or FactValue.WithOwnService => FactValue.No,
        FactValue.No => FactValue.Yes,
        _ => FactValue.Unknown,
    };
}

/// <summary>The row of the retirement guide's comparison table, in its words.</summary>
public sealed record GuideTableRow(
    string Availability, string PreservesUrls, string DataMove, string Formats, string Protection, string PlayerUpdate);

/// <summary>A way out.</summary>
public sealed record MigrationOption
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required MigrationOptionKind Kind { get; init; }

    public required AzureClouds Clouds { get; init; }

    /// <summary>Where within its clouds, in the guide's words; null where it says nothing.</summary>
    public string? Regions { get; init; }

    public required IReadOnlyList<MigrationWorkload> Workloads { get; init; }

    /// <summary>What is not here is unknown.</summary>
    public required IReadOnlyDictionary<OptionFact, CatalogueFact> Facts { get; init; }

    /// <summary>Nobody can begin after this day; null where the documents name none.</summary>
    public DateTime? Deadline { get; init; }

    public IReadOnlyList<string> Prerequisites { get; init; } = [];

    /// <summary>What to do; <c>{Source}</c> and <c>{Destination}</c> stand for what a command needs.</summary>
    public required string NextStep { get; init; }

    public required string Link { get; init; }

    /// <summary>Ids of options of which one at least is needed on the way to this one.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>Ids of the sources behind it, the one of facts that name none first.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Null where the guide's table does not have it.</summary>
    public GuideTableRow? Table { get; init; }

    public CatalogueFact Find(OptionFact fact) =>
        Facts.TryGetValue(fact, out CatalogueFact? found) ? found : new CatalogueFact(FactValue.Unknown, null, null, Sources[0]);
}
