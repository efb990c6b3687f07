using System.Globalization;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// Finds what must be added to all times so that none is negative: media in front of an edit list's start becomes visible instead of being
/// cut off,
/// and all tracks move together.
/// </summary>
internal static class PresentationShift
{
    /// <summary>
    /// A start this much later (1/50 s) buys a shift that is exact in every timescale; beyond that, a rounding below one tick is the
    /// better deal.
    /// </summary>
    private const uint WorthwhileDelay = 50;

    /// <summary>
    /// The least shift that is a whole number of ticks in every track's timescale, if that is less than 20 ms more than needed; otherwise
    /// exactly what
    /// is needed, and tracks whose timescale cannot express it are off by at most half a tick.
    /// </summary>
    public static (long Value, uint Timescale) Find(IReadOnlyList<TrackTimeline> timelines, ICollection<PackagingWarning> warnings)
    {
        TrackTimeline first = timelines[0];
        foreach (TrackTimeline timeline in timelines)
        {
            first = TimeMath.Compare(timeline.SourceStart, timeline.Timescale, first.SourceStart, first.Timescale) < 0 ? timeline : first;
        }

        if (first.SourceStart >= 0)
        {
            return (0, first.Timescale);
        }

        (long Value, uint Timescale) shift = Widen(-first.SourceStart, first.Timescale, timelines);
        warnings.Add(new PackagingWarning(
            "PresentationShifted",
            $"The {first.Track.Kind.ToString().ToLowerInvariant()} begins "
            + $"{Seconds(-first.SourceStart, first.Timescale)} s before the start of the presentation; "
            + $"all times were moved by {Seconds(shift.Value, shift.Timescale)} s so that nothing is cut off.",
            first.Track.SourceFile));
        return shift;
    }

    private static (long Value, uint Timescale) Widen(long needed, uint timescale, IReadOnlyList<TrackTimeline> timelines)
    {
        long common = timelines.Aggregate(0L, (divisor, timeline) => TimeMath.GreatestCommonDivisor(divisor, timeline.Timescale));
        long exact = TimeMath.RescaleUp(needed, timescale, (uint)common);
        bool isWorthwhile = TimeMath.Compare(
            TimeMath.RescaleUp(exact, (uint)common, timescale) - needed, timescale, 1, WorthwhileDelay) <= 0;
        return isWorthwhile ? (exact, (uint)common) : (needed, timescale);
    }

    private static string Seconds(long value, uint timescale) =>
        (TimeMath.Rescale(value, timescale, 1_000_000) / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
}
