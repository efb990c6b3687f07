namespace AmsMigration.Identity;

/// <summary>Asks a source once for each resource, and again shortly before a token ends: runs outlast tokens. Safe for use by several threads.</summary>
public sealed class TokenCache(ITokenSource source, Func<DateTimeOffset>? now = null) : ITokenSource
{
    /// <summary>A request that has just begun must not outlive its token.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly Func<DateTimeOffset> _now = now ?? (() => DateTimeOffset.UtcNow);
    private readonly Dictionary<string, BearerToken> _tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _asking = new(1);

    public async Task<BearerToken> GetTokenAsync(string resource, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_tokens.TryGetValue(resource, out BearerToken? token) || token.ExpiresOn - Margin <= _now())
            {
                token = await source.GetTokenAsync(resource, cancellation).ConfigureAwait(false);
                _tokens[resource] = token;
            }

            return token;
        }
        finally
        {
            _asking.Release();
        }
    }
}
