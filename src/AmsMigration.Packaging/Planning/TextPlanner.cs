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
    private readonly IReadOnlyList<(long Start, long Duration, bool IsDiscontinuity)> _windows;
    private readonly IReadOnlyList<Stretch> _stretches;
    private readonly long _offset;
    private readonly ICollection<PackagingWarning> _warnings;

    private TextPlanner(
        IReadOnlyList<Rendition> renditions, (long Value, uint Timescale) shift, OutputLayout layout, ICollection<PackagingWarning> warnings)
    {
        _span = PresentationSpan.Of(renditions);
        _offset = TimeMath.Rescale(TimeMath.Rescale(shift.Value, shift.Timescale, Fine) - _span.FineStart, Fine, 1000);
        _windows = layout == OutputLayout.SingleFile ? [(0, _span.Duration, false)] : [.. Windows(renditions[0])];
        _stretches = Stretch.Of(renditions);
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
                .Where(cue => cue.End + _offset > 0 && cue.Start + _offset < duration)
                .Select(cue => cue with { Start = Math.Max(0, cue.Start + _offset), End = Math.Min(duration, cue.End + _offset) }),
        ];
        if (cues.Count < content.Cues.Count)
        {
            _warnings.Add(new PackagingWarning(
                "TextOutsideMedia",
                $"Text track '{track.Name}': cues left out because they lie before or after the media: {content.Cues.Count - cues.Count}.",
                track.Sources[0].File));
        }

        var writer = new WebVttWriter(TimeMath.Rescale(_span.Start, _span.Timescale, WebVttWriter.MpegTimescale), content.Preamble);
        OutputFile whole = ManifestFile.FromText($"{folder}/{name}.vtt", ContentTypes.WebVtt, writer.Write(cues));
        List<OutputFile> periods = _stretches.Count == 1 ? [] : [.. _stretches.Select(stretch => CutOut(cues, stretch, content.Preamble, $"{folder}/{name}"))];
        List<OutputFile> parts = _windows.Count == 1 ? [] : Cut(cues, writer, $"{folder}/{name}", whole.Length);
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
                : [.. parts.Zip(_windows, (part, window) => new TextSegment(part.Path, window.Duration) { IsDiscontinuity = window.IsDiscontinuity })],
            Files = [whole, .. parts, .. periods],
            AverageBandwidth = Math.Max(1, TimeMath.BitRate(whole.Length, _span.Duration, Fine)),
        };
    }

    /// <summary>What is shown between two jumps, by the clock of the Period.</summary>
    private static OutputFile CutOut(List<TextCue> cues, Stretch stretch, string preamble, string path)
    {
        long start = TimeMath.Rescale(stretch.Start, Fine, 1000);
        long end = TimeMath.Rescale(stretch.End, Fine, 1000);
        var writer = new WebVttWriter(TimeMath.Rescale(stretch.MediaStart.Value, stretch.MediaStart.Timescale, WebVttWriter.MpegTimescale), preamble);
        IEnumerable<TextCue> shown = cues
            .Where(cue => cue.Start < end && cue.End > start)
            .Select(cue => cue with { Start = Math.Max(cue.Start, start) - start, End = Math.Min(cue.End, end) - start });
        return ManifestFile.FromText($"{path}.period{stretch.Index}.vtt", ContentTypes.WebVtt, writer.Write(shown));
    }

    /// <returns>Empty where the segments would be many times as long as the whole.</returns>
    private List<OutputFile> Cut(List<TextCue> cues, WebVttWriter writer, string folder, long wholeLength)
    {
        long most = (wholeLength * GreatestGrowth) + (_windows.Count * 1024L);
        List<OutputFile> parts = [];
        List<TextCue> shown = [];
        int next = 0;
        foreach ((long start, long duration, _) in _windows)
        {
            bool isLast = parts.Count == _windows.Count - 1;
            long end = TimeMath.RescaleUp(start + duration, Fine, 1000);
            shown.RemoveAll(cue => cue.End <= start / 1000);
            for (; next < cues.Count && (isLast || cues[next].Start < end); next++)
            {
                shown.Add(cues[next]);
            }

            parts.Add(ManifestFile.FromText($"{folder}/{parts.Count + 1}.vtt", ContentTypes.WebVtt, writer.Write(shown)));
            most -= parts[parts.Count - 1].Length;
            if (most < 0)
            {
                return [];
            }
        }

        return parts;
    }

    /// <summary>Microseconds from the presentation's start; the last one lasts until all media have ended.</summary>
    private IEnumerable<(long Start, long Duration, bool IsDiscontinuity)> Windows(Rendition rendition)
    {
        for (int i = 0; i < rendition.Segments.Count; i++)
        {
            Segment segment = rendition.Segments[i];
            long start = TimeMath.Rescale(segment.Start, rendition.Track.Timescale, Fine);
            long end = i == rendition.Segments.Count - 1
                ? _span.End
                : TimeMath.Rescale(segment.Start + segment.Duration, rendition.Track.Timescale, Fine);
            yield return (start - _span.FineStart, end - start, segment.IsDiscontinuity);
        }
    }
}
