using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// Lays out text: one WebVTT file a track, which DASH plays beside the media, and for HLS the same file, or segments cut where the first
/// rendition of the media is.
/// </summary>
internal sealed class TextPlanner
{
    private const uint Fine = 1_000_000;

    /// <summary>Cues that are shown over many segments are in each: more than this is no caption, but would fill the output.</summary>
    private const int GreatestGrowth = 4;

    private readonly PresentationSpan _span;
    private readonly IReadOnlyList<Window> _windows;
    private readonly long _offset;
    private readonly ICollection<PackagingWarning> _warnings;

    private TextPlanner(
        IReadOnlyList<Rendition> renditions, (long Value, uint Timescale) shift, OutputLayout layout, ICollection<PackagingWarning> warnings)
    {
        _span = PresentationSpan.Of(renditions);
        _offset = TimeMath.Rescale(TimeMath.Rescale(shift.Value, shift.Timescale, Fine) - _span.FineStart, Fine, 1000);
        _windows = layout == OutputLayout.SingleFile ? [new Window(0, _span.Duration, _span.Stretches[0])] : [.. Windows(renditions[0])];
        _warnings = warnings;
    }

    /// <param name="renditions">Of the media, at least one.</param>
    /// <param name="shift">See <see cref="PackagingPlan.Shift"/>.</param>
    /// <param name="folder">Of the media files, relative.</param>
    /// <param name="names">Names that are taken.</param>
    public static TextRendition[] Plan(
        IReadOnlyList<TextTrack> texts,
        IReadOnlyList<Rendition> renditions,
        (long Value, uint Timescale) shift,
        string folder,
        OutputLayout layout,
        ISet<string> names,
        ICollection<PackagingWarning> warnings)
    {
        var planner = new TextPlanner(renditions, shift, layout, warnings);
        return [.. texts.Where(text => text.Content is not null).Select(text => planner.Plan(text, folder, OutputNames.MakeTextName(text, names)))];
    }

    private TextRendition Plan(TextTrack track, string folder, string name)
    {
        TextContent content = track.Content!;
        long duration = TimeMath.RescaleUp(_span.Duration, Fine, 1000);
        List<TextCue> cues =
        [
            .. content.Cues
                .Select(cue => cue with { Start = ToPlayed(cue.Start), End = ToPlayed(cue.End) })
                .Where(cue => cue.End > 0 && cue.Start < duration && cue.End > cue.Start)
                .Select(cue => cue with { Start = Math.Max(0, cue.Start), End = Math.Min(duration, cue.End) }),
        ];
        if (cues.Count < content.Cues.Count)
        {
            _warnings.Add(new PackagingWarning(
                "TextOutsideMedia",
                $"Text track '{track.Name}': cues left out because they lie before or after the media: {content.Cues.Count - cues.Count}.",
                track.Sources[0].File));
        }

        WebVttWriter writer = Writer(_span.Stretches[0], content.Preamble, isPlayed: true);
        OutputFile whole = ManifestFile.FromText($"{folder}/{name}.vtt", ContentTypes.WebVtt, writer.Write(cues));
        List<OutputFile> periods = _span.Stretches.Count == 1 ? [] : [.. _span.Stretches.Select(stretch => CutOut(cues, stretch, content.Preamble, $"{folder}/{name}"))];
        List<OutputFile> parts = _windows.Count == 1 ? [] : Cut(cues, content.Preamble, $"{folder}/{name}", whole.Length);
        if (parts.Count == 0 && _windows.Count > 1)
        {
            _warnings.Add(new PackagingWarning(
                "TextNotSegmented", $"Text track '{track.Name}' has cues that last for many segments; it was written as one.", track.Sources[0].File));
        }

        return new TextRendition
        {
            Track = track,
            Name = name,
            Path = whole.Path,
            PeriodPaths = periods.Count == 0 ? [whole.Path] : [.. periods.Select(file => file.Path)],
            Cues = cues,
            Segments = parts.Count == 0
                ? [new TextSegment(whole.Path, _windows.Sum(window => window.Duration))]
                : [.. parts.Zip(_windows, (part, window) => new TextSegment(part.Path, window.Duration) { IsDiscontinuity = window.IsBehindJump })],
            Files = [whole, .. parts, .. periods],
            AverageBandwidth = Math.Max(1, TimeMath.BitRate(whole.Length, _span.Duration, Fine)),
        };
    }

    /// <summary>What is shown between two jumps, by the clock of the Period.</summary>
    private static OutputFile CutOut(List<TextCue> cues, Stretch stretch, string preamble, string path)
    {
        long start = TimeMath.Rescale(stretch.Start, Fine, 1000);
        long end = TimeMath.Rescale(stretch.End, Fine, 1000);
        IEnumerable<TextCue> shown = cues
            .Where(cue => cue.Start < end && cue.End > start)
            .Select(cue => cue with { Start = Math.Max(cue.Start, start) - start, End = Math.Min(cue.End, end) - start });
        return ManifestFile.FromText($"{path}.period{stretch.Index}.vtt", ContentTypes.WebVtt, Writer(stretch, preamble, isPlayed: false).Write(shown));
    }

    /// <returns>Empty where the segments would be many times as long as the whole.</returns>
    private List<OutputFile> Cut(List<TextCue> cues, string preamble, string folder, long wholeLength)
    {
        long most = (wholeLength * GreatestGrowth) + (_windows.Count * 1024L);
        List<OutputFile> parts = [];
        List<TextCue> shown = [];
        int next = 0;
        foreach ((long start, long duration, Stretch stretch) in _windows)
        {
            bool isLast = parts.Count == _windows.Count - 1;
            long end = TimeMath.RescaleUp(start + duration, Fine, 1000);
            shown.RemoveAll(cue => cue.End <= start / 1000);
            for (; next < cues.Count && (isLast || cues[next].Start < end); next++)
            {
                shown.Add(cues[next]);
            }

            parts.Add(ManifestFile.FromText($"{folder}/{parts.Count + 1}.vtt", ContentTypes.WebVtt, Writer(stretch, preamble, isPlayed: true).Write(shown)));
            most -= parts[parts.Count - 1].Length;
            if (most < 0)
            {
                return [];
            }
        }

        return parts;
    }

    /// <summary>The last one lasts until all media have ended, and so does that in front of a jump.</summary>
    private IEnumerable<Window> Windows(Rendition rendition)
    {
        foreach (Stretch stretch in _span.Stretches)
        {
            (int first, int count) = stretch.PartOf(rendition);
            for (int i = first; i < first + count; i++)
            {
                long start = i == first && stretch.Index > 0 ? stretch.Start : ToPlayed(rendition, i);
                long end = i == first + count - 1 ? stretch.End : ToPlayed(rendition, i + 1);
                yield return new Window(start, end - start, stretch) { IsBehindJump = i == first && stretch.Index > 0 };
            }
        }
    }

    /// <summary>Microseconds from the start.</summary>
    private long ToPlayed(Rendition rendition, int segment) =>
        _span.ToPlayed(TimeMath.Rescale(rendition.Segments[segment].Start, rendition.Track.Timescale, Fine) - _span.FineStart);

    /// <param name="time">Milliseconds of presentation time.</param>
    /// <returns>Milliseconds from the start.</returns>
    private long ToPlayed(long time) =>
        _span.Stretches.Count == 1 ? time + _offset : TimeMath.Rescale(_span.ToPlayed((time + _offset) * (Fine / 1000)), Fine, 1000);

    /// <param name="isPlayed">Cues count from the start of all, and not of the stretch.</param>
    private static WebVttWriter Writer(Stretch stretch, string preamble, bool isPlayed) => new(
        TimeMath.Rescale(stretch.MediaStart.Value, stretch.MediaStart.Timescale, WebVttWriter.MpegTimescale),
        preamble,
        isPlayed ? TimeMath.Rescale(stretch.Start, Fine, 1000) : 0);

    /// <summary>What a segment of text has to show.</summary>
    /// <param name="Start">Microseconds from the start.</param>
    /// <param name="Duration">Microseconds.</param>
    private sealed record Window(long Start, long Duration, Stretch Stretch)
    {
        public bool IsBehindJump { get; init; }
    }
}
