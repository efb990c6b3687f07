namespace AmsMigration.Accounts;

/// <summary>Azure clouds, each with endpoints of its own.</summary>
[Flags]
public enum AzureClouds
{
    None = 0,
    Public = 1,
    Government = 2,
    China = 4,
}
