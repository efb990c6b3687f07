using System.Globalization;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.InPlace;

/// <summary>
/// Whether the tracks of an archive fit together in time as they are. Nothing can be filled in place, but players can jump over what all tracks lack.
/// </summary>
internal static class PlayableTimes
{
    /// <summary>Of 100 ns. Tracks may begin, and lie around a jump, that far apart: players wait for both, or jump over what one of them lacks.</summary>
    private const long Reach = TimeMath.TimeSpanTimescale;

    /// <returns>The tracks on one time line that begins at 0, with the jumps that all make, and what was that 0 on the event's clock.</returns>
    /// <exception cref="PackagingException"><c>NotPlayableInPlace</c>.</exception>
    public static (List<PlayableTrack> Tracks, long Origin, uint Timescale) Align(
        IReadOnlyList<PlayableTrack> tracks, GapHandling handling, ICollection<PackagingWarning> warnings)
    {
        PlayableTrack first = tracks[0];
        foreach (PlayableTrack track in tracks)
        {
            first = TimeMath.Compare(track.Start, track.Track.Timescale, first.Start, first.Track.Timescale) < 0 ? track : first;
        }

        (long origin, uint timescale) = (first.Start, first.Track.Timescale);
        if (origin < 0)
        {
            throw NotPlayable.Because("its first frame is presented before the time 0 of its clock", first.Blobs[0].Path);
        }

        List<PlayableTrack> moved =
        [
            .. tracks.Select(track => track with { Track = track.Track with { Delay = -TimeMath.Rescale(origin, timescale, track.Track.Timescale) } }),
        ];
        foreach (PlayableTrack track in moved)
        {
            long late = TimeMath.Rescale(track.Start + track.Track.Delay, track.Track.Timescale, TimeMath.TimeSpanTimescale);
            if (late > Reach)
            {
                throw NotPlayable.Because($"it begins {Seconds(late)} s after the first fragment of '{first.Blobs[0].Path}'; a conversion fills that", track.Blobs[0].Path);
            }
        }

        List<Hole> holes = CommonGaps.Find([.. moved.Select(track => track.Track)]);
        return ([.. moved.Select(track => track with { Track = Jump(track, holes, handling, warnings) })], origin, timescale);
    }

    private static Track Jump(PlayableTrack playable, List<Hole> holes, GapHandling handling, ICollection<PackagingWarning> warnings)
    {
        Track track = playable.Track;
        uint usual = RenditionFigures.GetUsualDuration(track.Samples);
        var report = new GapReport(track, warnings);
        List<int> jumps = [];
        foreach (Gap gap in GapFinder.FindJumps(track.Samples).Where(gap => gap.Length > usual))
        {
            Hole own = CommonGaps.ToHole(track, gap);
            PlayableBlob blob = playable.Blobs.First(b => b.Fragments[0].FirstSample >= gap.Sample);
            string missing = $"{Seconds(own.End - own.Start)} s of media are missing in front of it";
            if (CommonGaps.FindIn(holes, own) is not Hole hole || own.End - own.Start - (hole.End - hole.Start) > Reach)
            {
                throw NotPlayable.Because($"{missing}, and not in the other tracks; a conversion fills that", blob.Path);
            }

            if (handling != GapHandling.Discontinuity)
            {
                throw NotPlayable.Because($"{missing}, as in all tracks; players can jump over that (gap handling 'Discontinuity'), or a conversion fills it", blob.Path);
            }

            jumps.Add(gap.Sample);
            report.Add("GapKept", gap, "all tracks lack it, and players jump over it");
        }

        report.Finish();
        return track with { Discontinuities = jumps };
    }

    private static string Seconds(long clock) => ((decimal)clock / TimeMath.TimeSpanTimescale).ToString("0.###", CultureInfo.InvariantCulture);
}
