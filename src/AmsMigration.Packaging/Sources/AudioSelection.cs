using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources;

/// <summary>Encoders wrote the same sound into the file of every bit rate: one copy is enough.</summary>
internal static class AudioSelection
{
    /// <summary>Of tracks with the same codec, channels, language, roles and length the one with the highest bit rate.</summary>
    public static List<Track> TakeBest(IEnumerable<Track> tracks)
    {
        List<Track> taken = [];
        foreach (Track track in tracks)
        {
            int same = taken.FindIndex(other => other.GroupKey == track.GroupKey && TrackLength.Agree(other, track));
            if (same < 0)
            {
                taken.Add(track);
            }
            else if (TrackLength.BitRate(track) > TrackLength.BitRate(taken[same]))
            {
                taken[same] = track;
            }
        }

        return taken;
    }
}

/// <summary>How long tracks are, for telling what belongs together.</summary>
internal static class TrackLength
{
    /// <summary>100 ns ticks from the presentation's start to the track's end.</summary>
    public static long End(Track track) =>
        TimeMath.Rescale(track.ToPresentationTime(track.Samples.EndDecodeTime), track.Timescale, TimeMath.TimeSpanTimescale);

    public static long BitRate(Track track) =>
        TimeMath.BitRate(track.Samples.TotalBytes, track.Samples.EndDecodeTime - track.Samples.FirstDecodeTime, track.Timescale);

    public static bool Agree(Track a, Track b) => Agree(End(a), End(b));

    /// <summary>True within a second, or 2 % up to five seconds: encoders round the last fragment.</summary>
    public static bool Agree(long a, long b)
    {
        long difference = Math.Abs(a - b);
        return difference <= TimeSpan.TicksPerSecond || difference <= Math.Min(Math.Max(a, b) / 50, 5 * TimeSpan.TicksPerSecond);
    }
}
