using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>The clock of a live event, which ran before the archive began, and what it says at the presentation's time 0.</summary>
internal sealed class MediaClock
{
    private readonly long _start;

    private MediaClock(long start) => _start = start;

    /// <summary>False where the media's own clock begins at 0.</summary>
    public bool IsRunning => _start > 0;

    public static MediaClock Of(Presentation presentation)
    {
        Track? first = presentation.Tracks.FirstOrDefault(track => track.Delay < 0);
        return new MediaClock(first is null ? 0 : TimeMath.Rescale(-first.Delay, first.Timescale, 1000));
    }

    /// <summary>
    /// Milliseconds to add to the times of a file. Where all of its cues are later than the presentation's start by the event's clock, they
    /// are by that clock; otherwise they count from the presentation's start.
    /// </summary>
    public long ShiftOf(IReadOnlyList<TextCue> cues, string file, List<PackagingWarning> warnings)
    {
        bool isByClock = IsRunning && cues.Count > 0 && cues.Min(cue => cue.End) >= _start;
        if (isByClock)
        {
            warnings.Add(new PackagingWarning(
                "TextRebased", "Its times are those of the event's clock; they were moved with the media.", file));
        }

        return isByClock ? -_start : 0;
    }

    /// <summary>Moved, by start; without what ends before the presentation begins, and without repetitions.</summary>
    public static List<TextCue> InOrder(IEnumerable<TextCue> cues, long shift) =>
    [
        .. cues
            .Where(cue => cue.End + shift > 0)
            .Select(cue => cue with { Start = Math.Max(0, cue.Start + shift), End = cue.End + shift })
            .OrderBy(cue => cue.Start)
            .GroupBy(cue => (cue.Start, cue.End, cue.Settings, cue.Payload))
            .Select(same => same.First()),
    ];
}
