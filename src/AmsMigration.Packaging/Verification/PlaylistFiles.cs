using System.Text;

namespace AmsMigration.Packaging.Verification;

/// <summary>Reads playlists and finds what they name.</summary>
internal sealed class PlaylistFiles(OutputFiles files, Findings findings)
{
    /// <returns>Null where it cannot be read; that is a finding.</returns>
    public async Task<HlsPlaylist?> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!files.Contains(path))
        {
            findings.Add("MissingFile", path, "a manifest names it, but it is not there");
            return null;
        }

        try
        {
            HlsPlaylist playlist = HlsPlaylist.Parse(await files.ReadTextAsync(path, cancellation).ConfigureAwait(false));
            CheckDurations(path, playlist);
            return playlist;
        }
        catch (Exception e) when (e is FormatException or OverflowException or DecoderFallbackException)
        {
            findings.Add("UnreadablePlaylist", path, e.Message);
            return null;
        }
    }

    /// <returns>Null where a URI leads nowhere; that is a finding.</returns>
    public string? Locate(string playlistPath, string uri)
    {
        if (OutputFiles.Resolve(playlistPath, uri) is string path && files.Contains(path))
        {
            return path;
        }

        findings.Add("MissingFile", playlistPath, $"it names '{uri}', which is not there");
        return null;
    }

    /// <returns>Null where the file or the range is not there; that is a finding.</returns>
    public MediaPart? Locate(string playlistPath, HlsResource resource)
    {
        if (Locate(playlistPath, resource.Uri) is not string path)
        {
            return null;
        }

        long offset = resource.Offset ?? 0;
        long length = resource.Length ?? files.Length(path);
        if (offset <= files.Length(path) && length <= files.Length(path) - offset && length > 0)
        {
            return new MediaPart(path, offset, length);
        }

        findings.Add("RangeOutsideFile", playlistPath, $"it names {length} bytes at {offset} of '{resource.Uri}', but the file has {files.Length(path)}");
        return null;
    }

    private void CheckDurations(string path, HlsPlaylist playlist)
    {
        if (playlist.Segments.Count == 0)
        {
            return;
        }

        if (!playlist.HasEnd)
        {
            findings.Add("OpenPlaylist", path, "it has no EXT-X-ENDLIST; players would wait for more");
        }

        long longest = playlist.Segments.Max(segment => (segment.Duration + 500_000) / 1_000_000);
        if (longest > playlist.TargetDuration)
        {
            findings.Add("TargetDuration", path, $"EXT-X-TARGETDURATION is {playlist.TargetDuration}, but a segment lasts {longest} s");
        }
    }
}
