using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Gaps;

/// <summary>The time between two parts of a presentation in which no track has media, on the clock of 100 ns from the presentation's start.</summary>
internal readonly record struct Hole(long Start, long End);

/// <summary>Finds what all tracks lack: there alone can players jump without losing anything.</summary>
internal static class CommonGaps
{
    /// <summary>Less than a tenth of a second is not worth a jump, which costs players a new start.</summary>
    private const long Least = TimeMath.TimeSpanTimescale / 10;

    /// <param name="tracks">Audio and video.</param>
    public static List<Hole> Find(IReadOnlyList<Track> tracks)
    {
        List<List<Hole>> all = [.. tracks.Select(track => GapFinder.Find(track).ConvertAll(gap => ToHole(track, gap)))];
        if (all.Count == 0)
        {
            return [];
        }

        List<Hole> holes = [];
        foreach (Hole hole in all.Aggregate(Intersect).FindAll(hole => hole.End - hole.Start >= Least))
        {
            // A gap that reaches over several holes is one jump, and all tracks have to make the same.
            if (holes.Count == 0 || !all.Exists(gaps => gaps.Exists(gap => Overlap(gap, hole) && Overlap(gap, holes[holes.Count - 1]))))
            {
                holes.Add(hole);
            }
        }

        return holes;
    }

    /// <summary>The hole that a gap of one track is part of; null where it is in none.</summary>
    /// <param name="own">See <see cref="ToHole"/>.</param>
    public static Hole? FindIn(IEnumerable<Hole> holes, Hole own)
    {
        foreach (Hole hole in holes)
        {
            if (Overlap(hole, own))
            {
                return hole;
            }
        }

        return null;
    }

    /// <summary>As it is presented: frames behind it are reordered as the first of them is.</summary>
    public static Hole ToHole(Track track, Gap gap)
    {
        int offset = track.Samples.GetCursor(gap.Sample).CompositionOffset;
        return new Hole(ToClock(track, gap.Start + offset), ToClock(track, gap.End + offset));
    }

    private static bool Overlap(Hole a, Hole b) => a.Start < b.End && a.End > b.Start;

    private static long ToClock(Track track, long compositionTime) =>
        TimeMath.Rescale(track.ToPresentationTime(compositionTime), track.Timescale, TimeMath.TimeSpanTimescale);

    private static List<Hole> Intersect(List<Hole> a, List<Hole> b)
    {
        List<Hole> both = [];
        for (int i = 0, j = 0; i < a.Count && j < b.Count;)
        {
            var part = new Hole(Math.Max(a[i].Start, b[j].Start), Math.Min(a[i].End, b[j].End));
            if (part.Start < part.End)
            {
                both.Add(part);
            }

            _ = a[i].End < b[j].End ? i++ : j++;
        }

        return both;
    }
}
