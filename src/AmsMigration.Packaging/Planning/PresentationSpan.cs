namespace AmsMigration.Packaging.Planning;

/// <summary>From the earliest start of any rendition to the latest end, on the output's time line: the Period of an MPD.</summary>
/// <param name="Start">Ticks of <paramref name="Timescale"/>.</param>
/// <param name="End">Microseconds, rounded up.</param>
internal sealed record PresentationSpan(long Start, uint Timescale, long End)
{
    private const uint Fine = 1_000_000;

    /// <summary>Microseconds.</summary>
    public long FineStart => TimeMath.Rescale(Start, Timescale, Fine);

    /// <summary>Microseconds.</summary>
    public long Duration => End - FineStart;

    public static PresentationSpan Of(IReadOnlyList<Rendition> renditions)
    {
        (long value, uint timescale) = (renditions[0].Segments[0].Start, renditions[0].Track.Timescale);
        foreach (Rendition rendition in renditions)
        {
            (long start, uint ownTimescale) = (rendition.Segments[0].Start, rendition.Track.Timescale);
            if (TimeMath.Compare(start, ownTimescale, value, timescale) < 0)
            {
                (value, timescale) = (start, ownTimescale);
            }
        }

        long end = renditions.Max(r => TimeMath.RescaleUp(r.Segments[0].Start + r.Duration, r.Track.Timescale, Fine));
        return new PresentationSpan(value, timescale, end);
    }
}
