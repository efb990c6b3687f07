namespace AmsMigration.Infrastructure.Accounts;

/// <summary>The newest stable api-version of each part of Microsoft.Media, which go by different ones.</summary>
internal static class ApiVersions
{
    public const string Subscriptions = "2022-12-01";
    public const string Accounts = "2023-01-01";

    /// <summary>Assets, filters, tracks, locators, policies.</summary>
    public const string Metadata = "2023-01-01";

    /// <summary>Live events, live outputs, streaming endpoints.</summary>
    public const string Streaming = "2022-11-01";

    /// <summary>Transforms and jobs.</summary>
    public const string Encoding = "2022-07-01";
}
