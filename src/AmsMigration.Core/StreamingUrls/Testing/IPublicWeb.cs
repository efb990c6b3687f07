namespace AmsMigration.StreamingUrls.Testing;

/// <summary>The web as a player sees it: without credentials. Safe for use by several threads.</summary>
public interface IPublicWeb : IDisposable
{
    /// <summary>One GET. Redirections are answers; failures that pass are tried again.</summary>
    /// <exception cref="WebFailureException">Nobody answered.</exception>
    Task<WebAnswer> GetAsync(WebQuestion question, CancellationToken cancellation);
}

/// <param name="MaxLength">Bytes of the body that are wanted; the rest is not read.</param>
public sealed record WebQuestion(Uri Address, int MaxLength)
{
    /// <summary>Null for the address's own.</summary>
    public string? HostHeader { get; init; }

    /// <summary>The site that the player would be on; null for none.</summary>
    public string? Origin { get; init; }

    /// <summary>First byte that is wanted; null for the whole.</summary>
    public long? Offset { get; init; }

    /// <summary>Bytes that are wanted from there.</summary>
    public int Length { get; init; }
}

/// <param name="Headers">Compared without regard to case.</param>
/// <param name="IsCut">The body is longer.</param>
public sealed record WebAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, bool IsCut)
{
    public string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;
}

/// <summary>Nobody answered.</summary>
/// <param name="code"><c>HostUnknown</c>, <c>HostUnreachable</c>, <c>CertificateWrong</c> or <c>TimedOut</c>.</param>
public sealed class WebFailureException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
