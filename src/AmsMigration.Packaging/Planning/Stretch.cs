using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>Part of an output between two jumps that the media of all tracks makes: a Period of an MPD. It lasts until the next one begins.</summary>
/// <param name="Start">Microseconds from the presentation's start.</param>
/// <param name="End">Microseconds from the presentation's start.</param>
/// <param name="MediaStart">The same place as <paramref name="Start"/> on the media's time line.</param>
internal sealed record Stretch(int Index, long Start, long End, (long Value, uint Timescale) MediaStart)
{
    private IReadOnlyList<Stretch> _all = [];

    /// <summary>Without jumps, one. At least one rendition must be of sound or pictures.</summary>
    public static IReadOnlyList<Stretch> Of(IReadOnlyList<Rendition> renditions)
    {
        PresentationSpan span = PresentationSpan.Of(renditions);
        List<(Rendition Rendition, int[] Jumps)> media =
            [.. renditions.Where(r => r.Track.Kind != TrackKind.Text).Select(r => (r, FindJumps(r)))];
        bool isCommon = media.Count > 0 && media.TrueForAll(track => track.Jumps.Length == media[0].Jumps.Length);
        List<(long Value, uint Timescale)> starts = [(span.Start, span.Timescale)];
        for (int i = 0; isCommon && i < media[0].Jumps.Length; i++)
        {
            starts.Add(Earliest(media.Select(track => (track.Rendition.Segments[track.Jumps[i]].Start, track.Rendition.Track.Timescale))));
        }

        long[] times = [.. starts.Select(start => TimeMath.Rescale(start.Value, start.Timescale, 1_000_000) - span.FineStart), span.Duration];
        Stretch[] all = [.. starts.Select((start, i) => new Stretch(i, times[i], times[i + 1], start))];
        foreach (Stretch stretch in all)
        {
            stretch._all = all;
        }

        return all;
    }

    /// <summary>True where an event begins in it; what is later than all media belongs to the last.</summary>
    public bool Has(PlannedEvent planned) => planned.Start >= Start && (planned.Start < End || Index == _all.Count - 1);

    /// <summary>The first of a rendition's segments in it, and how many there are.</summary>
    public (int First, int Count) PartOf(Rendition rendition)
    {
        int first = FirstSegment(rendition, Index);
        return (first, FirstSegment(rendition, Index + 1) - first);
    }

    /// <summary>Media makes its jumps with its segments; text, which need not be there all the time, is cut at the same times.</summary>
    private int FirstSegment(Rendition rendition, int index)
    {
        if (index == 0)
        {
            return 0;
        }

        if (index == _all.Count)
        {
            return rendition.Segments.Count;
        }

        if (rendition.Track.Kind != TrackKind.Text)
        {
            return FindJumps(rendition)[index - 1];
        }

        (long value, uint timescale) = _all[index].MediaStart;
        long start = TimeMath.Rescale(value, timescale, rendition.Track.Timescale);
        return rendition.Segments.Count(segment => segment.Start < start);
    }

    private static int[] FindJumps(Rendition rendition) =>
        [.. Enumerable.Range(0, rendition.Segments.Count).Where(i => rendition.Segments[i].IsDiscontinuity)];

    private static (long Value, uint Timescale) Earliest(IEnumerable<(long Value, uint Timescale)> times) =>
        times.Aggregate((a, b) => TimeMath.Compare(b.Value, b.Timescale, a.Value, a.Timescale) < 0 ? b : a);
}
