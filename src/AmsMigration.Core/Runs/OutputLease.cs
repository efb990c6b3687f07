using System.Diagnostics;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Runs;

/// <summary>Work on an output that nobody else works on at the same time.</summary>
internal static class OutputLease
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Runs work under a claim, and cancels it when that is lost.</summary>
    /// <param name="wait">How long to wait for another run that has the output.</param>
    /// <returns>What the work returns; where another run has the output, who that is.</returns>
    /// <exception cref="PackagingException"><c>ClaimLost</c>; what the store and the work throw.</exception>
    public static async Task<(bool IsDone, T? Result, string? HeldBy)> RunAsync<T>(
        IOutputStore output, TimeSpan wait, bool breakOther, Func<IOutputClaim, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        ClaimAttempt attempt = await TakeAsync(output, wait, breakOther, cancellation).ConfigureAwait(false);
        if (attempt.Claim is not IOutputClaim claim)
        {
            return (false, default, attempt.HeldBy ?? "another run");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claim.Lost);
        try
        {
            return (true, await work(claim, stop.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException e) when (claim.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new PackagingException(
                "ClaimLost", $"another run has taken '{output.Location}', or its storage could not be reached to keep it", inner: e);
        }
        finally
        {
            await claim.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private static async Task<ClaimAttempt> TakeAsync(IOutputStore output, TimeSpan wait, bool breakOther, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            ClaimAttempt attempt = await output.TryClaimAsync(breakOther, cancellation).ConfigureAwait(false);
            TimeSpan left = wait - waited.Elapsed;
            if (attempt.Claim is not null || left <= TimeSpan.Zero)
            {
                return attempt;
            }

            await Task.Delay(left < PollInterval ? left : PollInterval, cancellation).ConfigureAwait(false);
        }
    }
}
