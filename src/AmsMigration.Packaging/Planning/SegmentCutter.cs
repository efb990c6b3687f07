using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// Chooses where segments begin: at or after the wanted duration from the cut before, where every video rendition has a sync sample. Times
/// are on the
/// clock (<see cref="TrackTimeline.ToClock(long)"/>): 100 ns, which is far below the tolerance.
/// </summary>
internal sealed class SegmentCutter
{
    /// <summary>How much longer than wanted segments may become for the sake of cuts that all renditions share.</summary>
    private const int Patience = 3;

    private readonly List<VideoWalker> _video;
    private readonly List<SampleWalker> _others;
    private readonly long _wanted;
    private readonly long _tolerance;

    private SegmentCutter(IReadOnlyList<TrackTimeline> video, IReadOnlyList<TrackTimeline> others, long wanted)
    {
        _video = [.. video.Select(t => new VideoWalker(t))];
        _others = [.. others.Select(t => new SampleWalker(t))];
        _wanted = wanted;
        _tolerance = video.Count == 0 ? 0 : video.Min(t => GetTolerance(t, wanted));
    }

    /// <summary>
    /// The cuts of every track, in the order of <paramref name="timelines"/>: one list for all, unless video renditions have too few sync
    /// samples in
    /// common; then audio and text are cut with the first of them.
    /// </summary>
    /// <param name="wanted">Duration of a segment on the clock, at least 1.</param>
    public static IReadOnlyList<long>[] Cut(IReadOnlyList<TrackTimeline> timelines, long wanted, ICollection<PackagingWarning> warnings)
    {
        List<TrackTimeline> video = [.. timelines.Where(t => t.Track.Kind == TrackKind.Video)];
        List<TrackTimeline> others = [.. timelines.Where(t => t.Track.Kind != TrackKind.Video)];
        (List<long> common, long longest) = new SegmentCutter(video, others, wanted).Run();
        if (IsAcceptable(longest, video, wanted))
        {
            return [.. timelines.Select(_ => common)];
        }

        List<List<TrackTimeline>> sets = [.. video.GroupBy(t => t.Track.GroupKey).Select(g => g.ToList())];
        bool isEachGroupAligned = sets.All(group => IsAcceptable(new SegmentCutter(group, [], wanted).Run().Longest, group, wanted));
        if (!isEachGroupAligned)
        {
            sets = [.. video.Select(t => new List<TrackTimeline> { t })];
        }

        warnings.Add(new PackagingWarning(
            "UnalignedRenditions",
            isEachGroupAligned
                ? "Video tracks of different groups have too few sync samples in common; each group was cut on its own."
                : "Video renditions have too few sync samples in common; each was cut on its own, and switching may not be seamless."));
        List<long>[] cuts = [.. sets.Select((set, i) => new SegmentCutter(set, i == 0 ? others : [], wanted).Run().Cuts)];
        return [.. timelines.Select(t => cuts[Math.Max(0, sets.FindIndex(set => set.Contains(t)))])];
    }

    /// <summary>
    /// What is left at the end of a track in less than this goes into the segment before: players stumble over a last segment of a frame.
    /// </summary>
    public static long GetLeastTail(long wanted) => Math.Min(TimeMath.TimeSpanTimescale / 2, wanted / 2);

    /// <summary>
    /// How far from a cut a sync sample may lie: a quarter of a frame, so that two of them are at most half a frame apart; less where
    /// frames are longer than
    /// segments, so that every cut is later than the one before.
    /// </summary>
    public static long GetTolerance(TrackTimeline video, long wanted) => Math.Min(video.ToClock(video.UsualDuration), wanted) / 4;

    private static bool IsAcceptable(long longest, IReadOnlyList<TrackTimeline> video, long wanted) =>
        video.Count < 2
        || longest <= Patience * wanted
        || longest <= video.Max(t => new SegmentCutter([t], [], wanted).Run().Longest * 3 / 2);

    private (List<long> Cuts, long Longest) Run()
    {
        long last = Math.Min(_video.Min(v => (long?)v.Start) ?? long.MaxValue, _others.Min(o => (long?)o.Start) ?? long.MaxValue);
        long end = Math.Max(_video.Max(v => (long?)v.End) ?? long.MinValue, _others.Max(o => (long?)o.End) ?? long.MinValue);
        long latest = end - GetLeastTail(_wanted);
        List<long> cuts = [];
        long longest = 0;
        while (FindCut(last + _wanted) is { } cut && cut <= latest)
        {
            cuts.Add(cut);
            longest = Math.Max(longest, cut - last);
            last = cut;
        }

        return (cuts, Math.Max(longest, end - last));
    }

    /// <summary>The first time at or after <paramref name="time"/> that suits all; null where nothing is left to cut.</summary>
    private long? FindCut(long time)
    {
        while (true)
        {
            long? later = null;
            long? sync = null;
            foreach (VideoWalker video in _video)
            {
                long? allowed = video.FindCut(time, _tolerance);
                if (allowed > time + _tolerance)
                {
                    later = allowed;
                    break;
                }

                sync ??= allowed;
            }

            if (later is null)
            {
                return sync ?? FindContent(time);
            }

            time = later.Value;
        }
    }

    /// <summary>
    /// Where no video plays: the time itself, or the next sample's if that is more than a segment away, so that no gap makes a flood of
    /// empty segments.
    /// </summary>
    private long? FindContent(long time)
    {
        long? next = _video.Where(v => v.Start > time).Min(v => (long?)v.Start);
        foreach (SampleWalker other in _others)
        {
            long? sample = other.FindSample(time);
            next = next is null || sample < next ? sample ?? next : next;
        }

        return next is null ? null : next - time < _wanted ? time : next;
    }

    /// <summary>Where a video rendition can be cut.</summary>
    private sealed class VideoWalker(TrackTimeline timeline)
    {
        private SampleCursor _sample = timeline.Track.Samples.GetCursor();

        public long Start { get; } = timeline.ToClock(timeline.Start);

        public long End { get; } = timeline.ToClock(timeline.End);

        /// <summary>
        /// The first sync sample at or after <paramref name="time"/>, or the end; null before the start and after the end, where any time
        /// suits.
        /// </summary>
        public long? FindCut(long time, long tolerance)
        {
            if (time <= Start + tolerance || time >= End - tolerance)
            {
                return null;
            }

            for (; !_sample.IsEnd; _sample.MoveNext())
            {
                if (_sample.IsSync && timeline.ToClock(_sample) is var sync && sync >= time - tolerance)
                {
                    return sync;
                }
            }

            return End;
        }
    }

    /// <summary>Where a track of audio or text has samples.</summary>
    private sealed class SampleWalker(TrackTimeline timeline)
    {
        private SampleCursor _sample = timeline.Track.Samples.GetCursor();

        public long Start { get; } = timeline.ToClock(timeline.Start);

        public long End { get; } = timeline.ToClock(timeline.End);

        public long? FindSample(long time)
        {
            for (; !_sample.IsEnd; _sample.MoveNext())
            {
                long start = timeline.ToClock(_sample);
                if (start >= time)
                {
                    return start;
                }
            }

            return null;
        }
    }
}
