using System.Globalization;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Gaps;

/// <summary>Decides on the gaps of a presentation before it is planned. A pure function; every decision is a warning.</summary>
public static class GapHandler
{
    /// <summary>The presentation with tracks whose samples follow each other, apart from jumps that all tracks make.</summary>
    public static Presentation Apply(Presentation presentation, GapHandling handling)
    {
        Track[] media = [.. presentation.Tracks.Where(track => track.Kind != TrackKind.Text)];
        List<Hole> holes = handling == GapHandling.Discontinuity ? CommonGaps.Find(media) : [];
        List<PackagingWarning> warnings = [.. presentation.Warnings];
        List<Track> tracks = [];
        long? earliest = media.Length == 0 ? null : media.Min(StartOf);
        foreach (Track track in presentation.Tracks)
        {
            if (track.Kind == TrackKind.Text)
            {
                tracks.Add(track);
                continue;
            }

            Track roomy = RoomyClock.For(track, holes);
            var report = new GapReport(roomy, warnings);
            tracks.Add(new GapFiller(roomy, holes, report).Fill(earliest));
            report.Finish();
        }

        return presentation with { Tracks = tracks, Warnings = warnings };
    }

    private static long StartOf(Track track) => TimeMath.Rescale(
        track.ToPresentationTime(track.Samples.Count == 0 ? track.MediaTime : track.Samples.GetCursor().CompositionTime),
        track.Timescale,
        TimeMath.TimeSpanTimescale);

    /// <summary>What is missing in each track, for those who only look at an asset.</summary>
    public static IEnumerable<PackagingWarning> Describe(Presentation presentation)
    {
        foreach (Track track in presentation.Tracks.Where(track => track.Kind != TrackKind.Text))
        {
            List<Gap> gaps = GapFinder.Find(track);
            if (gaps.Count > 0)
            {
                decimal length = gaps.Sum(gap => (decimal)gap.Length) / track.Timescale;
                decimal first = (decimal)CommonGaps.ToHole(track, gaps[0]).Start / TimeMath.TimeSpanTimescale;
                yield return new PackagingWarning(
                    "MediaMissing",
                    string.Format(
                        CultureInfo.InvariantCulture,
                        "{0} track '{1}': {2:0.000} s of media are missing in {3} places, the first at {4:0.000} s.",
                        track.Kind,
                        track.Name,
                        length,
                        gaps.Count,
                        first),
                    track.SourceFile);
            }
        }
    }
}
