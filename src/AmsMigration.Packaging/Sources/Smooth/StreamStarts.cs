using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Smooth;

/// <summary>
/// Real Smooth files have neither tfdt nor tfxd in their fragments: the client manifest alone says that one stream starts later than
/// another.
/// </summary>
internal static class StreamStarts
{
    /// <summary>Tracks that count from 0, with the delay against the earliest stream that the manifest gives them.</summary>
    /// <param name="file">The client manifest, for messages.</param>
    public static List<Track> Apply(IReadOnlyList<Track> tracks, ClientManifest manifest, string file, List<PackagingWarning> warnings)
    {
        List<(Track Track, ClientStream? Stream)> pairs = [.. tracks.Select(track => (track, Find(track, manifest)))];
        List<ClientStream> streams = [.. pairs.Select(pair => pair.Stream).OfType<ClientStream>().Distinct()];
        if (streams.Count == 0)
        {
            return [.. tracks];
        }

        ClientStream earliest = streams.Aggregate((a, b) => Compare(b, a) < 0 ? b : a);
        foreach (ClientStream stream in streams.Where(HasGaps))
        {
            warnings.Add(new PackagingWarning(
                "StreamHasGaps",
                $"Stream '{stream.Name}' has chunks that do not follow each other; fragments without times of their own do.",
                file));
        }

        return [.. pairs.Select(pair => pair.Stream is null ? pair.Track : Delay(pair.Track, pair.Stream, earliest))];
    }

    private static Track Delay(Track track, ClientStream stream, ClientStream earliest)
    {
        bool hasOwnTimes = track.Samples.FirstDecodeTime != 0 || track.MediaTime != 0 || track.Delay != 0;
        long start = TimeMath.Rescale(stream.Chunks[0].Time, stream.Timescale, track.Timescale);
        long origin = TimeMath.Rescale(earliest.Chunks[0].Time, earliest.Timescale, track.Timescale);
        return hasOwnTimes ? track : track with { Delay = start - origin };
    }

    /// <summary>By name, else by bit rate, else the only one or the one of that language.</summary>
    private static ClientStream? Find(Track track, ClientManifest manifest)
    {
        string type = track.Kind.ToString().ToLowerInvariant();
        List<ClientStream> streams = [.. manifest.Streams.Where(stream => stream.Type == type && stream.Chunks.Count > 0)];
        return streams.Find(stream => stream.Name == track.Name)
            ?? streams.Find(stream => track.NominalBitrate > 0 && stream.QualityLevels.Any(level => level.Bitrate == track.NominalBitrate))
            ?? (streams.Count == 1 ? streams[0] : streams.Find(stream => track.Language is not null && stream.Language == track.Language));
    }

    private static int Compare(ClientStream a, ClientStream b) =>
        TimeMath.Compare(a.Chunks[0].Time, a.Timescale, b.Chunks[0].Time, b.Timescale);

    /// <summary>Encoders round chunk times, so that less than 10 ms says nothing.</summary>
    private static bool HasGaps(ClientStream stream)
    {
        for (int i = 1; i < stream.Chunks.Count; i++)
        {
            ChunkRun before = stream.Chunks[i - 1];
            long gap = stream.Chunks[i].Time - (before.Time + (before.Count * before.Duration));
            if (Math.Abs(gap) > stream.Timescale / 100)
            {
                return true;
            }
        }

        return false;
    }
}
