namespace AmsMigration.Accounts;

/// <summary>What Azure Resource Manager says of an account.</summary>
public sealed record AccountFacts
{
    public required AccountId Id { get; init; }

    /// <summary>False where nobody knows it any more.</summary>
    public required bool Exists { get; init; }

    public string? Region { get; init; }

    /// <summary>The answer's header <c>ams-retirement-date</c>, as it stands; null where there was none.</summary>
    public string? RetirementDateHeader { get; init; }

    /// <summary>Streaming endpoints and live events that run, for people.</summary>
    public IReadOnlyList<string> StillRunning { get; init; } = [];

    /// <summary>Names of storage accounts, the primary one first.</summary>
    public IReadOnlyList<string> StorageAccounts { get; init; } = [];
}
