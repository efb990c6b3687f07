using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources;

/// <summary>
/// Which audio tracks are the same sound, at one bit rate or several, and which only look alike: a commentary in the language of the film.
/// </summary>
internal static class AudioSelection
{
    /// <summary>
    /// Encoders wrote the same sound into the file of every bit rate: of tracks with the same codec, channels, language, roles and length the one
    /// with the highest bit rate.
    /// </summary>
    public static List<Track> TakeBest(IEnumerable<Track> tracks)
    {
        List<Track> taken = [];
        foreach (Track track in NumberInFiles(tracks))
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

    /// <summary>
    /// All tracks; of sound that is there twice, one. Alternatives are numbered: what lies in one file, and what has the same bit rate, is no
    /// choice of bit rates, even where the source calls it the same.
    /// </summary>
    public static List<Track> TellApart(IEnumerable<Track> tracks, List<PackagingWarning> warnings)
    {
        List<Track> told = [];
        foreach (Track track in NumberInFiles(tracks))
        {
            if (track.Kind != TrackKind.Audio)
            {
                told.Add(track);
                continue;
            }

            List<Track> alike = told.FindAll(other => other.Kind == TrackKind.Audio && WithoutNumber(other) == WithoutNumber(track));
            if (alike.Find(other => IsSameSound(other, track)) is Track twin)
            {
                warnings.Add(new PackagingWarning("DuplicateAudio", $"It has the same sound as '{twin.SourceFile}', which is taken.", track.SourceFile));
                continue;
            }

            int alternative = track.Alternative;
            while (alike.Exists(other => other.Alternative == alternative && !IsOtherBitRate(other, track)))
            {
                alternative++;
            }

            told.Add(track with { Alternative = alternative });
        }

        return told;
    }

    private static IEnumerable<Track> NumberInFiles(IEnumerable<Track> tracks)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (Track track in tracks)
        {
            (string, string) key = (track.SourceFile, WithoutNumber(track));
            int number = counts.TryGetValue(key, out int count) ? count : 0;
            counts[key] = number + 1;
            yield return track.Kind == TrackKind.Audio ? track with { Alternative = number } : track;
        }
    }

    private static string WithoutNumber(Track track) => (track with { Alternative = 0 }).GroupKey;

    /// <summary>Frames of the same sizes; where all are of one size, as AC-3 has them, that proves nothing.</summary>
    private static bool IsSameSound(Track a, Track b) =>
        a.SourceFile != b.SourceFile
        && a.Samples.Sizes.SequenceEqual(b.Samples.Sizes)
        && a.Samples.Sizes.Take(a.Samples.Count - 1).Distinct().Skip(1).Any();

    private static bool IsOtherBitRate(Track a, Track b)
    {
        (long one, long other) = (TrackLength.BitRate(a), TrackLength.BitRate(b));
        return a.SourceFile != b.SourceFile && Math.Abs(one - other) > Math.Max(one, other) / 10;
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
