using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Gaps;

/// <summary>
/// A sample lasts 32 bits of ticks at most, which at Smooth Streaming's 10 MHz are seven minutes: less than some encoders were away. Where a picture has to
/// stay for longer, the track is counted in coarser ticks.
/// </summary>
internal static class RoomyClock
{
    /// <summary>Ticks a second that place a frame to 10 µs.</summary>
    private const uint Least = 100_000;

    /// <summary>The track itself where it has no such gap, or where no clock helps.</summary>
    /// <param name="holes">Where players jump, so that nothing has to fill the gap.</param>
    public static Track For(Track track, IReadOnlyList<Hole> holes)
    {
        if (track.Kind != TrackKind.Video)
        {
            return track;
        }

        long longest = GapFinder.Find(track)
            .Where(gap => CommonGaps.FindIn(holes, CommonGaps.ToHole(track, gap)) is null)
            .Select(gap => gap.End - track.Samples.GetCursor(gap.Sample - 1).DecodeTime)
            .DefaultIfEmpty(0)
            .Max();
        uint timescale = track.Timescale;
        while (TimeMath.RescaleUp(longest, track.Timescale, timescale) >= uint.MaxValue && timescale % 10 == 0 && timescale / 10 >= Least)
        {
            timescale /= 10;
        }

        bool fits = TimeMath.RescaleUp(longest, track.Timescale, timescale) < uint.MaxValue;
        return fits && timescale != track.Timescale ? Count(track, timescale) : track;
    }

    private static Track Count(Track track, uint timescale)
    {
        var samples = new SampleTableBuilder(track.Samples.Count);
        long ToTicks(long time) => TimeMath.Rescale(time, track.Timescale, timescale);
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            long time = ToTicks(sample.DecodeTime);
            samples.SetDecodeTime(time);
            samples.Add(
                (uint)(ToTicks(sample.DecodeTime + sample.Duration) - time), (int)(ToTicks(sample.CompositionTime) - time),
                sample.Size, sample.IsSync, sample.File, sample.Offset, sample.Description);
        }

        return track with
        {
            Timescale = timescale,
            Samples = samples.Build(),
            MediaTime = ToTicks(track.MediaTime),
            Delay = ToTicks(track.Delay),
        };
    }
}
