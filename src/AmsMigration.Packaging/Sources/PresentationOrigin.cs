using System.Globalization;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources;

/// <summary>
/// The clock of a live event, and of what was cut from one, began when its encoder did, hours or decades before the media. The earliest track is moved
/// to 0 and all others with it, each to its nearest tick.
/// </summary>
internal static class PresentationOrigin
{
    /// <returns>The tracks, and what was the time of the presentation's start; 0 where nothing was moved.</returns>
    public static (List<Track> Tracks, long Start, uint Timescale) MoveToZero(IReadOnlyList<Track> tracks, ICollection<PackagingWarning> warnings)
    {
        Track? first = null;
        foreach (Track track in tracks.Where(track => track.Kind != TrackKind.Text))
        {
            first = first is null || TimeMath.Compare(Start(track), track.Timescale, Start(first), first.Timescale) < 0 ? track : first;
        }

        if (first is null || Start(first) is not (long start and > 0))
        {
            return ([.. tracks], 0, 1);
        }

        string seconds = (TimeMath.Rescale(start, first.Timescale, 1000) / 1000m).ToString(CultureInfo.InvariantCulture);
        warnings.Add(new PackagingWarning("Rebased", $"The media begins at {seconds} s of the event's clock; the output begins at 0."));
        return (
            [.. tracks.Select(track => track with { Delay = track.Delay - TimeMath.Rescale(start, first.Timescale, track.Timescale) })],
            start,
            first.Timescale);
    }

    private static long Start(Track track)
    {
        // Frames of the first group of pictures may be presented before the first one that is decoded.
        const int Reach = 64;
        long earliest = long.MaxValue;
        SampleCursor sample = track.Samples.GetCursor();
        for (int i = 0; i < Reach && !sample.IsEnd; i++, sample.MoveNext())
        {
            earliest = Math.Min(earliest, track.ToPresentationTime(sample.CompositionTime));
        }

        // The priming of audio is not heard: its edit list's start is where it begins.
        return track.Kind == TrackKind.Audio ? earliest + Math.Max(0, track.MediaTime) : earliest;
    }
}
