namespace AmsMigration.Identity;

/// <summary>Where bearer tokens come from: the session's sign-in, a managed identity, or a token that was given. Safe for use by several threads.</summary>
public interface ITokenSource
{
    /// <param name="resource">Audience without a scope, e.g. <c>https://storage.azure.com/</c>.</param>
    /// <exception cref="SignInException">There is none to be had.</exception>
    Task<BearerToken> GetTokenAsync(string resource, CancellationToken cancellation);
}

/// <summary>A secret with an end. Never printed.</summary>
public sealed class BearerToken(string value, DateTimeOffset expiresOn)
{
    public string Value { get; } = value;

    public DateTimeOffset ExpiresOn { get; } = expiresOn;

    public override string ToString() => "(bearer token)";
}

/// <summary>Nobody is signed in, or the sign-in does not do; the message says what mends it.</summary>
public sealed class SignInException : Exception
{
    /// <param name="code">Stable id: <c>SignInMissing</c>, <c>SignInFailed</c>.</param>
    public SignInException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    public string Code { get; }
}

/// <summary>A token that was given. Nobody can renew it: it serves until it ends.</summary>
public sealed class GivenToken(string value) : ITokenSource
{
    public Task<BearerToken> GetTokenAsync(string resource, CancellationToken cancellation) =>
        Task.FromResult(new BearerToken(value, DateTimeOffset.MaxValue));
}
