namespace AmsMigration.Packaging.Planning;

/// <summary>What an output plays, from the earliest start of any rendition to the latest end: its stretches, one after the other.</summary>
/// <param name="Start">On the media's time line, ticks of <paramref name="Timescale"/>.</param>
/// <param name="Stretches">At least one.</param>
internal sealed record PresentationSpan(long Start, uint Timescale, IReadOnlyList<Stretch> Stretches)
{
    public const uint Fine = 1_000_000;

    /// <summary>On the media's time line, microseconds.</summary>
    public long FineStart => TimeMath.Rescale(Start, Timescale, Fine);

    /// <summary>Of what is played, microseconds, rounded up.</summary>
    public long Duration => Last.End;

    /// <summary>Of what was recorded, microseconds: with the jumps.</summary>
    public long RecordedDuration => Last.RecordedStart + Last.End - Last.Start;

    private Stretch Last => Stretches[Stretches.Count - 1];

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

        return new PresentationSpan(value, timescale, Stretch.Of(renditions, (value, timescale)));
    }

    /// <summary>When something of the recording is played; what no media was recorded of, when media goes on. Microseconds from the start.</summary>
    public long ToPlayed(long recorded)
    {
        Stretch stretch = Stretches.LastOrDefault(stretch => stretch.RecordedStart <= recorded) ?? Stretches[0];
        long played = stretch.Start + recorded - stretch.RecordedStart;
        return stretch == Last ? played : Math.Min(played, stretch.End);
    }
}
