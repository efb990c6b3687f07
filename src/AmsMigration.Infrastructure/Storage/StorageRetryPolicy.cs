using Azure.Core;
using Azure.Core.Pipeline;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>Patient with a service that is busy, less so with a name that nobody knows: that is a deleted account more often than a moment without DNS.</summary>
internal sealed class StorageRetryPolicy() : RetryPolicy(Attempts, DelayStrategy.CreateExponentialDelayStrategy(FirstDelay, LongestDelay))
{
    /// <summary>With the pauses between them, two to three minutes.</summary>
    private const int Attempts = 10;
    private const int AttemptsOfUnknownHost = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        IsWorthIt(message, exception) && (WasDamaged(message) || base.ShouldRetry(message, exception));

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsWorthIt(message, exception) && (WasDamaged(message) || await base.ShouldRetryAsync(message, exception).ConfigureAwait(false));

    /// <summary>What came was not what went out: the next time it may be. Its status says that the request was wrong, which others do not try again.</summary>
    private static bool WasDamaged(HttpMessage message) =>
        message.ProcessingContext.RetryNumber < Attempts && message.HasResponse && message.Response.Status == 400
        && message.Response.Headers.TryGetValue("x-ms-error-code", out string? code) && code is "Crc64Mismatch" or "Md5Mismatch";

    private static bool IsWorthIt(HttpMessage message, Exception? exception) =>
        message.ProcessingContext.RetryNumber < AttemptsOfUnknownHost || !BlobErrors.IsUnknownHost(exception);
}
