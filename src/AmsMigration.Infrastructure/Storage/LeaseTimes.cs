namespace AmsMigration.Infrastructure.Storage;

/// <summary>How long the lease on an output lasts, and what follows from that.</summary>
/// <param name="Duration">From 15 to 60 seconds: what the service takes for a lease with an end.</param>
/// <param name="RenewInterval">Between the end of one renewal and the next.</param>
internal sealed record LeaseTimes(TimeSpan Duration, TimeSpan RenewInterval)
{
    /// <summary>The longest that a lease with an end may have.</summary>
    public static LeaseTimes Longest { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));

    /// <summary>So long after a renewal was asked for the output is certainly this run's.</summary>
    public TimeSpan SafeTime => Duration - RenewInterval;

    /// <summary>So long a renewal, or the end of a lease, may go without an answer.</summary>
    public TimeSpan Patience => RenewInterval;

    /// <summary>A lease that is being broken cannot be renewed: so long the one who has it gets to see that.</summary>
    public TimeSpan BreakPeriod => RenewInterval + TimeSpan.FromSeconds(2);
}
