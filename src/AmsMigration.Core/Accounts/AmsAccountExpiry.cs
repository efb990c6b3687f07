namespace AmsMigration.Accounts;

/// <summary>Where an account is on its way out.</summary>
public enum AmsAccountPhase
{
    /// <summary>Neither the service nor the published dates say.</summary>
    Unknown,

    /// <summary>Streams, encodes, can be changed.</summary>
    Active,

    /// <summary>The same, by the one-time extension.</summary>
    Extended,

    /// <summary>Expired: nothing streams, and only reads are answered.</summary>
    ReadOnly,

    /// <summary>Answers still, but is to be deleted any day.</summary>
    DeletionDue,

    /// <summary>Gone; its storage is not.</summary>
    Deleted,
}

/// <summary>Where a retirement date comes from.</summary>
public enum RetirementDateSource
{
    /// <summary>The service's answer about this account.</summary>
    Service,

    /// <summary>The dates published for all accounts.</summary>
    PublishedDates,
}

/// <summary>How long an account lives, what still runs, and what is lost with it. Times are UTC.</summary>
public sealed class AmsAccountExpiry
{
    public required string AccountName { get; init; }

    public required string SubscriptionId { get; init; }

    public required string ResourceGroupName { get; init; }

    /// <summary>Of Azure Resource Manager.</summary>
    public required string ResourceId { get; init; }

    public required AzureClouds Cloud { get; init; }

    /// <summary>Location of the account; null where it is gone.</summary>
    public string? Region { get; init; }

    public required DateTimeOffset RetirementDate { get; init; }

    public required RetirementDateSource RetirementDateSource { get; init; }

    /// <summary>The one-time extension can be asked for.</summary>
    public required bool ExtensionAvailable { get; init; }

    /// <summary>From then on nothing streams and nothing can be changed.</summary>
    public required DateTimeOffset ReadOnlyFrom { get; init; }

    public required DateTimeOffset DeletionExpectedOn { get; init; }

    /// <summary>Whole days until the next end: of streaming while it streams, of the account after that; 0 where it is gone.</summary>
    public required int DaysLeft { get; init; }

    public required AmsAccountPhase Phase { get; init; }

    /// <summary>Streaming endpoints and live events that run.</summary>
    public string[] StillRunning { get; init; } = [];

    /// <summary>Names of its storage accounts.</summary>
    public string[] StorageAccounts { get; init; } = [];

    /// <summary>What is lost if nothing is done before the account is deleted, or was.</summary>
    public required string[] Losses { get; init; }

    /// <summary>What can still be done where the account is gone.</summary>
    public string[] StillPossible { get; init; } = [];

    /// <summary>The time that the answer is for.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public override string ToString() => AccountName;
}
