namespace AmsMigration.Packaging.Verification;

/// <summary>Checks one media playlist and what it plays.</summary>
internal sealed class PlaylistCheck(PlaylistFiles playlists, RenditionReader reader, Findings findings)
{
    /// <summary>EXTINF has six digits; more than this apart is another time.</summary>
    private const long ToleranceMicroseconds = 1000;

    /// <returns>What is played; null where it cannot be told, which is a finding.</returns>
    public async Task<CheckedRendition?> CheckAsync(string playlistPath, CancellationToken cancellation)
    {
        if (await playlists.ReadAsync(playlistPath, cancellation).ConfigureAwait(false) is not HlsPlaylist playlist)
        {
            return null;
        }

        if (playlist.HasEncryptedSegments)
        {
            findings.Add("SegmentsEncrypted", playlistPath, "its segments are encrypted as a whole (AES-128), and are not opened to be checked");
            return null;
        }

        if (playlist.Map is not HlsResource map || playlist.Segments.Count == 0)
        {
            findings.Add("IncompletePlaylist", playlistPath, "it has no EXT-X-MAP or no segments");
            return null;
        }

        List<MediaPart> parts = [.. new[] { map }.Concat(playlist.Segments).Select(resource => playlists.Locate(playlistPath, resource)).OfType<MediaPart>()];
        if (parts.Count != playlist.Segments.Count + 1
            || await reader.ReadAsync(playlistPath, playlist, parts, cancellation).ConfigureAwait(false) is not CheckedRendition rendition)
        {
            return null;
        }

        CheckTimes(rendition, playlist);
        return rendition;
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
