using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Aliases;

/// <summary>What a manifest shows of an output: all of it, or what filters let through. Media is cut where its segments are.</summary>
public sealed class PresentationView
{
    private const uint Fine = PresentationSpan.Fine;

    private PresentationView(PackagingPlan plan, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> texts)
    {
        Plan = plan;
        Renditions = renditions;
        Texts = texts;
        Events = plan.Events;
    }

    public PackagingPlan Plan { get; }

    /// <summary>At least one, not all of them text.</summary>
    internal IReadOnlyList<Rendition> Renditions { get; }

    internal IReadOnlyList<TextRendition> Texts { get; }

    internal EventTimeline Events { get; private init; }

    /// <summary>A part of the time: it has media playlists and texts of its own.</summary>
    internal bool IsCut { get; private init; }

    /// <summary>Bits a second of the picture that players begin with; null for what suits most.</summary>
    internal long? FirstQuality { get; private init; }

    internal IReadOnlyList<ThumbnailTrack> Thumbnails => IsCut ? [] : Plan.Presentation.Thumbnails;

    public static PresentationView Whole(PackagingPlan plan) => new(plan, plan.Renditions, plan.Texts);

    /// <param name="filters">What all of them let through is shown.</param>
    /// <param name="folder">For texts that are cut; relative.</param>
    /// <returns>Null where nothing is left.</returns>
    public static PresentationView? Of(PackagingPlan plan, IReadOnlyList<PresentationFilter> filters, string folder)
    {
        Rendition[] renditions = [.. plan.Renditions.Where(rendition => filters.All(filter => filter.Selects(rendition.Track)))];
        TextRendition[] texts = [.. plan.Texts.Where(text => filters.All(filter => filter.Selects(text)))];
        Rendition? guide = renditions.FirstOrDefault(rendition => rendition.Track.Kind == TrackKind.Video)
            ?? renditions.FirstOrDefault(rendition => rendition.Track.Kind == TrackKind.Audio);
        if (guide is null)
        {
            return null;
        }

        long? first = filters.Select(filter => filter.FirstQuality).FirstOrDefault(bitrate => bitrate is not null);
        (long start, long end) = TimeOf(plan, filters);
        Segment[] wanted = [.. guide.Segments.Where(segment => Overlaps(guide, segment, start, end))];
        if (wanted.Length == guide.Segments.Count)
        {
            return new PresentationView(plan, renditions, texts) { FirstQuality = first };
        }

        if (wanted.Length == 0)
        {
            return null;
        }

        Segment last = wanted[wanted.Length - 1];
        (start, end) = (ToFine(guide, wanted[0].Start), ToFine(guide, last.Start + last.Duration));
        Rendition[] cut = [.. renditions.Select(rendition => Cut(rendition, start, end)).OfType<Rendition>()];
        TextRendition[] cutTexts = TextPlanner.Plan(
            [.. texts.Select(text => text.Track)], cut, plan.Shift, folder, OutputLayout.SingleFile, new HashSet<string>(StringComparer.OrdinalIgnoreCase), []);
        return new PresentationView(plan, cut, cutTexts)
        {
            Events = EventTimeline.Of(plan.Presentation, cut, plan.Shift, []),
            IsCut = true,
            FirstQuality = first,
        };
    }

    /// <summary>On the output's time line, microseconds.</summary>
    private static (long Start, long End) TimeOf(PackagingPlan plan, IReadOnlyList<PresentationFilter> filters)
    {
        long shift = TimeMath.Rescale(plan.Shift.Value, plan.Shift.Timescale, Fine);
        (long start, long end) = (long.MinValue, long.MaxValue);
        foreach (PresentationFilter filter in filters)
        {
            start = Math.Max(start, filter.Start is long from ? TimeMath.Rescale(from, filter.Timescale, Fine) + shift : long.MinValue);
            end = Math.Min(end, filter.End is long to ? TimeMath.Rescale(to, filter.Timescale, Fine) + shift : long.MaxValue);
        }

        return (start, end);
    }

    /// <summary>Its segments that lie for the most part in a time; text, which may lack there, those that touch it. Null where there are none.</summary>
    private static Rendition? Cut(Rendition rendition, long start, long end)
    {
        bool isText = rendition.Track.Kind == TrackKind.Text;
        Segment[] segments =
        [
            .. rendition.Segments.Where(segment => isText
                ? Overlaps(rendition, segment, start, end)
                : ToFine(rendition, segment.Start + (segment.Duration / 2)) is long middle && middle >= start && middle < end),
        ];
        return segments.Length == 0 ? null : rendition.Cut(segments);
    }

    private static bool Overlaps(Rendition rendition, Segment segment, long start, long end) =>
        ToFine(rendition, segment.Start) < end && ToFine(rendition, segment.Start + segment.Duration) > start;

    private static long ToFine(Rendition rendition, long ticks) => TimeMath.Rescale(ticks, rendition.Track.Timescale, Fine);
}
