namespace AmsMigration.Packaging.Verification;

/// <summary>Checks one media playlist and what it plays.</summary>
internal sealed class PlaylistCheck(PlaylistFiles playlists, RenditionReader reader, SegmentKeys keys, Findings findings)
{
    /// <summary>EXTINF has six digits; more than this apart is another time.</summary>
    private const long ToleranceMicroseconds = 1000;

    /// <summary>Players of DASH know no segments that are encrypted as a whole: such a presentation has no MPD.</summary>
    public bool HasEncryptedSegments { get; private set; }

    /// <returns>What is played; null where it cannot be told, which is a finding.</returns>
    public async Task<CheckedRendition?> CheckAsync(string playlistPath, CancellationToken cancellation)
    {
        if (await playlists.ReadAsync(playlistPath, cancellation).ConfigureAwait(false) is not HlsPlaylist playlist)
        {
            return null;
        }

        if (playlist.Maps.Count != 1)
        {
            findings.Add("IncompletePlaylist", playlistPath, playlist.Maps.Count == 0 ? "it has no EXT-X-MAP or no segments" : $"it has {playlist.Maps.Count} different EXT-X-MAP; expected one");
            return null;
        }

        HasEncryptedSegments |= playlist.HasEncryptedSegments;
        List<MediaPart> parts = [.. playlist.Maps.Concat(playlist.Segments).Select(resource => playlists.Locate(playlistPath, resource)).OfType<MediaPart>()];
        if (parts.Count != playlist.Segments.Count + 1
            || !await OpenAsync(playlistPath, playlist, parts, cancellation).ConfigureAwait(false)
            || await reader.ReadAsync(playlistPath, playlist, parts, cancellation).ConfigureAwait(false) is not CheckedRendition rendition)
        {
            return null;
        }

        CheckTimes(rendition, playlist);
        return rendition;
    }

    /// <param name="parts">Initialization segment first; encrypted ones are replaced by what opens them.</param>
    /// <returns>False where one stays closed, which is a finding.</returns>
    private async Task<bool> OpenAsync(string playlistPath, HlsPlaylist playlist, List<MediaPart> parts, CancellationToken cancellation)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            if (playlist.Segments[i - 1].Vector is not byte[] vector)
            {
                continue;
            }

            if (await keys.OpenAsync(parts[i], vector, cancellation).ConfigureAwait(false) is not MediaPart open)
            {
                findings.Add("SegmentsEncrypted", playlistPath, $"{parts[i]} are encrypted as a whole (AES-128), and no key that is known opens them");
                return false;
            }

            parts[i] = open;
        }

        return true;
    }

    /// <summary>Segments begin and end when the playlist says.</summary>
    private void CheckTimes(CheckedRendition rendition, HlsPlaylist playlist)
    {
        long time = 0;
        long origin = rendition.Segments[0].Start;
        for (int i = 0; i < rendition.Segments.Count; i++)
        {
            CheckedSegment segment = rendition.Segments[i];
            if (playlist.Segments[i].IsBehindJump && i > 0)
            {
                CheckTime(rendition, $"segment {i} ends", rendition.Segments[i - 1].End - origin, time);
                (origin, time) = (segment.Start, 0);
            }

            if (segment.SampleCount == 0)
            {
                findings.Add("EmptySegment", rendition.Manifest, $"{rendition.Parts[i + 1]} hold no sample");
                return;
            }

            CheckTime(rendition, $"segment {i + 1} begins", segment.Start - origin, time);
            time += playlist.Segments[i].Duration;
        }

        CheckTime(rendition, "the last segment ends", rendition.End - origin, time);
    }

    /// <param name="ticks">From the start, or from the last discontinuity.</param>
    /// <param name="playlistTime">Microseconds from there.</param>
    private void CheckTime(CheckedRendition rendition, string what, long ticks, long playlistTime)
    {
        long time = TimeMath.Rescale(ticks, rendition.Track.Timescale, 1_000_000);
        if (Math.Abs(time - playlistTime) > ToleranceMicroseconds)
        {
            findings.Add("SegmentTime", rendition.Manifest, $"{what} {time} µs after the start or the last discontinuity; the playlist says {playlistTime}");
        }
    }
}
