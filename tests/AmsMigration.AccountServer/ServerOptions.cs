namespace AmsMigration.TestAccounts;

/// <summary>How well the service is.</summary>
public sealed class ServerOptions
{
    /// <summary>The bearer token that is let in.</summary>
    public string Token { get; set; } = "token-of-the-tests";

    /// <summary>Items of a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Every n-th request is answered with 429 and Retry-After: 0; 0 for none.</summary>
    public int ThrottleEvery { get; set; }

    /// <summary>Every n-th request is answered with 503; 0 for none.</summary>
    public int FailEvery { get; set; }

    /// <summary>Every n-th request has its connection cut; 0 for none.</summary>
    public int CutEvery { get; set; }

    /// <summary>Requests are answered with 403 whose path ends so; null for none.</summary>
    public string? Forbidden { get; set; }
}
