using System.Diagnostics;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Runs;

/// <summary>Work on an output that nobody else works on at the same time.</summary>
internal static class OutputLease
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs work under a claim, and cancels it when that is lost. Where the store was out of reach for too long, the work begins again as soon as the claim can be
    /// taken anew: what it has staged is still there.
    /// </summary>
    /// <param name="wait">How long to wait for another run that has the output.</param>
    /// <returns>What the work returns; where another run has the output, who that is.</returns>
    /// <exception cref="PackagingException"><c>ClaimLost</c>; what the store and the work throw.</exception>
    public static async Task<(bool IsDone, T? Result, string? HeldBy)> RunAsync<T>(
        IOutputStore output, TimeSpan wait, bool breakOther, Func<IOutputClaim, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        ClaimAttempt attempt = await TakeAsync(output, wait, breakOther, cancellation).ConfigureAwait(false);
        if (attempt.Claim is null)
        {
            return (false, default, attempt.HeldBy ?? "another run");
        }

        while (attempt.Claim is IOutputClaim claim)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claim.Lost);
            try
            {
                return (true, await work(claim, stop.Token).ConfigureAwait(false), null);
            }
            catch (OperationCanceledException e) when (claim.Lost.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                if (!claim.IsOutOfReach)
                {
                    throw Lost(output, e);
                }
            }
            finally
            {
                await claim.ReleaseAsync().ConfigureAwait(false);
            }

            attempt = await output.TryClaimAsync(false, cancellation).ConfigureAwait(false);
        }

        throw Lost(output, null);
    }

    private static PackagingException Lost(IOutputStore output, Exception? inner) =>
        new("ClaimLost", $"another run has taken '{output.Location}'", inner: inner);

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
