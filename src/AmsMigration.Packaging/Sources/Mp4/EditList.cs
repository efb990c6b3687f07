using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>From an edit list (ISO/IEC 14496-12 8.6.6) to one mapping of composition to presentation time, which is all that a fragmented file can carry.</summary>
internal static class EditList
{
    /// <param name="movieTimescale">Ticks a second of the edits' durations.</param>
    /// <returns>Composition time at which presentation begins, and the presentation time of that place; track ticks.</returns>
    public static (long MediaTime, long Delay) Resolve(
        TrackBox track, SampleTable samples, uint movieTimescale, TrackKind kind, string file, ICollection<PackagingWarning> warnings)
    {
        int first = 0;
        long delay = 0;
        while (first < track.Edits.Count && track.Edits[first].MediaTime < 0)
        {
            delay = checked(delay + TimeMath.Rescale(track.Edits[first].Duration, movieTimescale, track.Timescale));
            first++;
        }

        if (first == track.Edits.Count)
        {
            return (ImpliedMediaTime(track, samples, kind, file, warnings), delay);
        }

        EditListEntry edit = track.Edits[first];
        WarnOfWhatIsLost(track, first, movieTimescale, file, warnings);
        return (edit.MediaTime, delay);
    }

    /// <summary>
    /// Without an edit list presentation begins at composition time 0 by the letter of the standard, but encoders of AMS wrote video whose first
    /// frame composes later, for its frame reordering, and every server subtracted that. Audio is taken by the letter.
    /// </summary>
    private static long ImpliedMediaTime(
        TrackBox track, SampleTable samples, TrackKind kind, string file, ICollection<PackagingWarning> warnings)
    {
        if (kind != TrackKind.Video || samples.Count == 0 || samples.FirstDecodeTime != 0)
        {
            return 0;
        }

        long earliest = long.MaxValue;
        SampleCursor cursor = samples.GetCursor();

        // Reordering reaches no further than the 16 frames of the largest decoded picture buffer (ISO/IEC 14496-10 A.3.1).
        for (int i = 0; i < 32 && !cursor.IsEnd; i++, cursor.MoveNext())
        {
            earliest = Math.Min(earliest, cursor.CompositionTime);
        }

        if (earliest > 0)
        {
            long milliseconds = TimeMath.Rescale(earliest, track.Timescale, 1000);
            warnings.Add(new PackagingWarning(
                "ImpliedEdit", $"track {track.TrackId} starts {milliseconds} ms late for its frame reordering and has no edit list; it is taken to start at 0.", file));
        }

        return Math.Max(0, earliest);
    }

    private static void WarnOfWhatIsLost(TrackBox track, int first, uint movieTimescale, string file, ICollection<PackagingWarning> warnings)
    {
        if (track.Edits.Skip(first).Any(edit => !edit.IsNormalRate))
        {
            warnings.Add(new PackagingWarning(
                "EditRateIgnored", $"the edit list of track {track.TrackId} plays a part at another speed or holds it; it is converted at normal speed.", file));
        }

        for (int i = first + 1; i < track.Edits.Count; i++)
        {
            EditListEntry before = track.Edits[i - 1];
            EditListEntry edit = track.Edits[i];
            long end = before.MediaTime + TimeMath.Rescale(before.Duration, movieTimescale, track.Timescale);

            // Durations are in the movie's coarser ticks, so neighbours meet to a tick of that.
            long tolerance = (track.Timescale / movieTimescale) + 1;
            if (edit.MediaTime >= 0 && before.MediaTime >= 0 && Math.Abs(edit.MediaTime - end) <= tolerance)
            {
                continue;
            }

            warnings.Add(new PackagingWarning(
                "EditsIgnored",
                $"the edit list of track {track.TrackId} has {track.Edits.Count} entries that cut or pause; nothing is cut: all samples from media time {track.Edits[first].MediaTime} on play in one piece.",
                file));
            return;
        }
    }
}
