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
        List<Hole>? common = null;
        foreach (Track track in tracks)
        {
            List<Hole> own = [.. GapFinder.Find(track).Select(gap => ToHole(track, gap))];
            common = common is null ? own : Intersect(common, own);
        }

        return common?.FindAll(hole => hole.End - hole.Start >= Least) ?? [];
    }

    /// <summary>As it is presented: frames behind it are reordered as the first of them is.</summary>
    public static Hole ToHole(Track track, Gap gap)
    {
        int offset = track.Samples.GetCursor(gap.Sample).CompositionOffset;
        return new Hole(ToClock(track, gap.Start + offset), ToClock(track, gap.End + offset));
    }

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
