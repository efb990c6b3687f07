using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>Turns the times at which a presentation is cut into the samples at which the segments of one track begin.</summary>
internal static class SegmentStarts
{
    /// <summary>How far before a cut a long sample of audio or text may begin and still belong behind it, on the clock: 50 ms.</summary>
    private const long MaxLead = TimeMath.TimeSpanTimescale / 20;

    /// <summary>Indices of first samples, ascending, 0 first.</summary>
    public static List<int> Find(TrackTimeline timeline, IReadOnlyList<long> cuts, long wanted)
    {
        List<int> starts = timeline.Track.Kind == TrackKind.Video ? SplitVideo(timeline, cuts, wanted) : SplitOther(timeline, cuts, wanted);
        if (starts.Count > 1 && IsTooShort(timeline, starts[starts.Count - 1], wanted))
        {
            starts.RemoveAt(starts.Count - 1);
        }

        return starts;
    }

    private static bool IsTooShort(TrackTimeline timeline, int start, long wanted)
    {
        SampleCursor first = timeline.Track.Samples.GetCursor(start);
        long length = timeline.ToClock(timeline.End) - timeline.ToClock(first);
        bool isSingleSample = timeline.Track.Kind != TrackKind.Video && start == timeline.Track.Samples.Count - 1;
        return isSingleSample || length < SegmentCutter.GetLeastTail(wanted);
    }

    private static List<int> SplitVideo(TrackTimeline timeline, IReadOnlyList<long> cuts, long wanted)
    {
        long tolerance = SegmentCutter.GetTolerance(timeline, wanted);
        List<int> starts = [0];
        int next = 0;
        for (SampleCursor sample = timeline.Track.Samples.GetCursor(); !sample.IsEnd && next < cuts.Count; sample.MoveNext())
        {
            if (!sample.IsSync)
            {
                continue;
            }

            long limit = timeline.ToClock(sample) + tolerance;
            if (cuts[next] <= limit)
            {
                AddOnce(starts, sample.Index);
                next = SkipCuts(cuts, next, limit);
            }
        }

        return starts;
    }

    /// <summary>
    /// The sample nearest to the cut. Where only some samples are sync samples, the next of these; but no later than a segment after,
    /// since flags of
    /// audio are often wrong and harmless.
    /// </summary>
    private static List<int> SplitOther(TrackTimeline timeline, IReadOnlyList<long> cuts, long wanted)
    {
        List<int> starts = [0];
        int next = 0;
        int nearest = -1;
        long deadline = 0;
        for (SampleCursor sample = timeline.Track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            long start = timeline.ToClock(sample);
            if (nearest >= 0 && start >= deadline)
            {
                AddOnce(starts, nearest);
                nearest = -1;
            }

            long limit = start + Math.Min(MaxLead, timeline.ToClock(sample.Duration) / 2);
            if (nearest < 0 && next < cuts.Count && cuts[next] <= limit)
            {
                nearest = sample.Index;
                deadline = cuts[next] + wanted;
                next = SkipCuts(cuts, next, limit);
            }

            if (nearest >= 0 && sample.IsSync)
            {
                AddOnce(starts, sample.Index);
                nearest = -1;
            }
        }

        return starts;
    }

    private static int SkipCuts(IReadOnlyList<long> cuts, int next, long limit)
    {
        while (next < cuts.Count && cuts[next] <= limit)
        {
            next++;
        }

        return next;
    }

    private static void AddOnce(List<int> starts, int start)
    {
        if (start > starts[starts.Count - 1])
        {
            starts.Add(start);
        }
    }
}
