using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Mp4;

namespace AmsMigration.Packaging.Sources.Smooth;

/// <summary>
/// Real Smooth files have neither tfdt nor tfxd in their fragments: the client manifest says when each of them starts, and the index of the file; where
/// neither does, fragments follow each other.
/// </summary>
internal static class StreamStarts
{
    /// <summary>Tracks with the times that the manifest or the index of their file gives them; those that say their times themselves as they are.</summary>
    /// <param name="manifest">Null where there is none.</param>
    /// <param name="file">The client manifest, for messages.</param>
    /// <param name="contentOf">What the file of a track holds.</param>
    public static List<Track> Apply(
        IReadOnlyList<Track> tracks, ClientManifest? manifest, string file, Func<Track, MediaFileContent?> contentOf, List<PackagingWarning> warnings)
    {
        List<(Track Track, ClientStream? Stream)> pairs = [.. tracks.Select(track => (track, manifest is null ? null : Find(track, manifest)))];
        List<ClientStream> streams = [.. pairs.Select(pair => pair.Stream).OfType<ClientStream>().Distinct()];
        ClientStream? earliest = streams.Count == 0 ? null : streams.Aggregate((a, b) => Compare(b, a) < 0 ? b : a);
        List<Track> timed = [];
        foreach ((Track track, ClientStream? stream) in pairs)
        {
            MediaFileContent? content = contentOf(track);
            IReadOnlyList<TrackFragment> fragments = content?.Fragments.TryGetValue(track.SourceTrackId, out IReadOnlyList<TrackFragment>? list) == true ? list! : [];
            bool isUntimed = fragments.Count > 0 && fragments.All(fragment => fragment.TimeSource == FragmentTimeSource.Summed);
            List<long>? times = isUntimed ? ChunkTimes(track, stream, fragments) ?? IndexedTimes(content!, fragments) : null;
            if (times is not null)
            {
                timed.Add(FragmentTimes.Apply(track, fragments, times));
                continue;
            }

            if (stream is not null && HasGaps(stream) && (isUntimed || fragments.Count == 0))
            {
                warnings.Add(new PackagingWarning(
                    "StreamHasGaps",
                    $"Stream '{stream.Name}' has {stream.ChunkCount} chunks that do not follow each other, but its file has {fragments.Count} fragments, which do.",
                    file));
            }

            timed.Add(stream is null ? track : Delay(track, stream, earliest!));
        }

        return timed;
    }

    /// <summary>Null where the manifest lists another number of chunks than there are fragments, so that nothing tells which is which.</summary>
    private static List<long>? ChunkTimes(Track track, ClientStream? stream, IReadOnlyList<TrackFragment> fragments) =>
        stream?.ChunkCount == fragments.Count
            ? [.. stream.ExpandChunks().Select(chunk => TimeMath.Rescale(chunk.Time, stream.Timescale, track.Timescale))]
            : null;

    /// <summary>Null where the file has no index, or one that leaves fragments out.</summary>
    private static List<long>? IndexedTimes(MediaFileContent content, IReadOnlyList<TrackFragment> fragments) =>
        content.IndexedTimes is { } indexed && fragments.All(fragment => indexed.ContainsKey((fragment.TrackId, fragment.MovieOffset)))
            ? [.. fragments.Select(fragment => indexed[(fragment.TrackId, fragment.MovieOffset)])]
            : null;

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
