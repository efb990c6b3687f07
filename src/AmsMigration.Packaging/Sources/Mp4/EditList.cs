using System.Globalization;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>From an edit list (ISO/IEC 14496-12 8.6.6) to one mapping of composition to presentation time, which is all that a fragmented file can carry.</summary>
/// <param name="movieTimescale">Ticks a second of the edits' durations.</param>
internal sealed class EditList(TrackBox track, uint movieTimescale, string file, ICollection<PackagingWarning> warnings)
{
    /// <param name="hasGivenStart">The first fragment says when it starts, so its times are taken by the letter.</param>
    /// <returns>Composition time at which presentation begins, and the presentation time of that place; track ticks.</returns>
    public (long MediaTime, long Delay) Resolve(SampleTable samples, bool hasGivenStart)
    {
        if (track.Edits.Count > 0 && !IsPossible(samples))
        {
            string reason = movieTimescale == 0 ? "but the file has no timescale for it" : "with times that lie outside its media";
            Warn("EditListIgnored", $"has an edit list {reason}; it is ignored.");
            return (ImpliedMediaTime(samples, hasGivenStart), 0);
        }

        int first = 0;
        long delay = 0;
        while (first < track.Edits.Count && track.Edits[first].MediaTime < 0)
        {
            delay += ToTrackTicks(track.Edits[first].Duration);
            first++;
        }

        if (first == track.Edits.Count)
        {
            return (ImpliedMediaTime(samples, hasGivenStart), delay);
        }

        WarnOfWhatIsLost(first, samples);
        return (track.Edits[first].MediaTime, delay);
    }

    /// <summary>
    /// Without an edit list presentation begins at composition time 0 by the letter of the standard, but encoders of AMS wrote video whose first
    /// frame composes later, for its frame reordering, and every server subtracted that. Audio is taken by the letter.
    /// </summary>
    private long ImpliedMediaTime(SampleTable samples, bool hasGivenStart)
    {
        if (track.Kind != TrackKind.Video || hasGivenStart)
        {
            return 0;
        }

        long earliest = long.MaxValue;
        for (SampleCursor cursor = samples.GetCursor(); !cursor.IsEnd; cursor.MoveNext())
        {
            earliest = Math.Min(earliest, cursor.CompositionTime);
        }

        if (earliest != 0)
        {
            Warn("ImpliedEdit", $"has no edit list and its first frame has the time {Seconds(earliest)} s for its frame reordering; it is taken to start at 0.");
        }

        return earliest;
    }

    private void WarnOfWhatIsLost(int first, SampleTable samples)
    {
        if (track.Edits.Skip(first).Any(edit => !edit.IsNormalRate))
        {
            Warn("EditRateIgnored", "has an edit list that plays a part at another speed or holds it; it is converted at normal speed.");
        }

        // Durations are in the movie's coarser ticks, so neighbours meet to a tick of that.
        long tolerance = (track.Timescale / movieTimescale) + 1;
        long end = track.Edits[first].MediaTime;
        for (int i = first; i < track.Edits.Count; i++)
        {
            EditListEntry edit = track.Edits[i];
            if (edit.MediaTime < 0 ? edit.Duration > 0 : Math.Abs(edit.MediaTime - end) > tolerance)
            {
                string what = edit.MediaTime < 0
                    ? $"pauses for {Seconds(ToTrackTicks(edit.Duration))} s at media time {Seconds(end)} s"
                    : $"goes on at media time {Seconds(edit.MediaTime)} s where the part in front of it ends at {Seconds(end)} s";
                Warn("EditsIgnored", $"has an edit list of {track.Edits.Count} entries that {what}; nothing is cut: all samples play in one piece.");
                return;
            }

            if (edit.Duration == 0)
            {
                return;
            }

            end = Math.Max(end, edit.MediaTime) + ToTrackTicks(edit.Duration);
        }

        long mediaEnd = FindEnd(samples);
        long frame = (samples.EndDecodeTime - samples.FirstDecodeTime) / samples.Count;
        if (mediaEnd - end > frame + tolerance)
        {
            Warn("EditEndIgnored", $"has an edit list that ends {Seconds(mediaEnd - end)} s before its media; nothing is cut off.");
        }
    }

    /// <summary>End of the last frame in order of composition: among the last in decode order, since reordering does not reach far.</summary>
    private static long FindEnd(SampleTable samples)
    {
        const int Reach = 64;
        long end = long.MinValue;
        for (SampleCursor cursor = samples.GetCursor(Math.Max(0, samples.Count - Reach)); !cursor.IsEnd; cursor.MoveNext())
        {
            end = Math.Max(end, cursor.CompositionTime + cursor.Duration);
        }

        return end;
    }

    /// <summary>An edit list is a lie where it skips past its media, lasts for decades, or has no unit. Guards the arithmetic too.</summary>
    private bool IsPossible(SampleTable samples)
    {
        const long MaxSeconds = 1L << 30;
        decimal duration = 0;
        long latest = samples.EndDecodeTime + Math.Max(0, samples.CompositionOffsets.Values.Max());
        foreach (EditListEntry edit in track.Edits)
        {
            duration += edit.Duration;
            if (edit.MediaTime > latest)
            {
                return false;
            }
        }

        return movieTimescale > 0 && duration / movieTimescale < MaxSeconds;
    }

    private long ToTrackTicks(long duration) => TimeMath.Rescale(duration, movieTimescale, track.Timescale);

    private string Seconds(long ticks) => ((decimal)ticks / track.Timescale).ToString("0.######", CultureInfo.InvariantCulture);

    private void Warn(string code, string message) => warnings.Add(new PackagingWarning(code, $"track {track.TrackId} {message}", file));
}
