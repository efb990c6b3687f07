using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// Part of an output between two jumps that the media of all tracks makes: a Period of an MPD. Its end is the start of the next one: what has no media is
/// not played.
/// </summary>
/// <param name="Start">When it is played, microseconds from the start.</param>
/// <param name="End">Microseconds from the start.</param>
/// <param name="RecordedStart">The same place as <paramref name="Start"/> in the recording, microseconds from its start.</param>
/// <param name="MediaStart">The same place on the media's time line.</param>
internal sealed record Stretch(int Index, long Start, long End, long RecordedStart, (long Value, uint Timescale) MediaStart)
{
    private const uint Fine = PresentationSpan.Fine;

    private IReadOnlyList<Stretch> _all = [];

    /// <param name="start">Of the first one, on the media's time line.</param>
    /// <returns>Without jumps, one.</returns>
    public static IReadOnlyList<Stretch> Of(IReadOnlyList<Rendition> renditions, (long Value, uint Timescale) start)
    {
        List<(Rendition Rendition, int[] Jumps)> media =
            [.. renditions.Where(r => r.Track.Kind != TrackKind.Text).Select(r => (r, FindJumps(r)))];
        bool isCommon = media.Count > 0 && media.TrueForAll(track => track.Jumps.Length == media[0].Jumps.Length);
        int jumps = isCommon ? media[0].Jumps.Length : 0;
        List<Stretch> all = [];
        long played = 0;
        long origin = TimeMath.Rescale(start.Value, start.Timescale, Fine);
        for (int i = 0; i <= jumps; i++)
        {
            (long Value, uint Timescale) begin = i == 0 ? start : media.Select(track => StartBehind(track.Rendition, track.Jumps[i - 1])).Aggregate(Earlier);
            long end = i == jumps ? renditions.Max(EndOf) : media.Max(track => EndOf(track.Rendition, track.Jumps[i] - 1));
            long mediaStart = TimeMath.Rescale(begin.Value, begin.Timescale, Fine);
            all.Add(new Stretch(i, played, played + end - mediaStart, mediaStart - origin, begin));
            played += end - mediaStart;
        }

        all.ForEach(stretch => stretch._all = all);
        return all;
    }

    /// <summary>True where it has what was recorded then; what is later than all media belongs to the last.</summary>
    /// <param name="recorded">Microseconds from the start of the recording.</param>
    public bool Has(long recorded) => recorded >= RecordedStart && (Index == _all.Count - 1 || recorded < _all[Index + 1].RecordedStart);

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

    private static long EndOf(Rendition rendition) => EndOf(rendition, rendition.Segments.Count - 1);

    private static long EndOf(Rendition rendition, int segment) =>
        TimeMath.RescaleUp(rendition.Segments[segment].Start + rendition.Segments[segment].Duration, rendition.Track.Timescale, Fine);

    private static (long Value, uint Timescale) StartBehind(Rendition rendition, int segment) =>
        (rendition.Segments[segment].Start, rendition.Track.Timescale);

    private static (long Value, uint Timescale) Earlier((long Value, uint Timescale) a, (long Value, uint Timescale) b) =>
        TimeMath.Compare(b.Value, b.Timescale, a.Value, a.Timescale) < 0 ? b : a;
}
