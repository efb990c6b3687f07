namespace AmsMigration.Accounts;

/// <summary>What was published for all accounts: the Azure Media Services retirement guide, and the notices that followed it. UTC.</summary>
public static class PublishedDates
{
    /// <summary>"Migrate ... by 30 June 2024."</summary>
    public static readonly DateTimeOffset Retirement = new(2024, 6, 30, 0, 0, 0, TimeSpan.Zero);

    /// <summary>An account that retires before this day could be extended, once, by 30 days.</summary>
    public static readonly DateTimeOffset ExtensibleBefore = new(2024, 7, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When the last customers with terms of their own had to be off.</summary>
    public static readonly DateTimeOffset LastAccounts = new(2025, 4, 30, 0, 0, 0, TimeSpan.Zero);

    /// <summary>"Approximately 90 days after the expiration time, your AMS account will be deleted."</summary>
    public static readonly TimeSpan DeletionDelay = TimeSpan.FromDays(90);

    /// <summary>By then no account is left.</summary>
    public static DateTimeOffset AllDeleted => LastAccounts + DeletionDelay;
}
