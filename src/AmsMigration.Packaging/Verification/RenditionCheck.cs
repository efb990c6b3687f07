using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Packaging.Verification;

/// <summary>Checks one media playlist, its ranges, its boxes and its times.</summary>
internal sealed class RenditionCheck(OutputFiles files, Findings findings)
{
    /// <summary>EXTINF has six digits; more than this apart is another time.</summary>
    private const long ToleranceMicroseconds = 1000;

    /// <returns>What is played; null where it cannot be told.</returns>
    public async Task<CheckedRendition?> CheckAsync(string playlistPath, CancellationToken cancellation)
    {
        if (await ReadPlaylistAsync(playlistPath, cancellation).ConfigureAwait(false) is not HlsPlaylist playlist)
        {
            return null;
        }

        CheckDurations(playlistPath, playlist);
        if (playlist.Map is not HlsResource map || playlist.Segments.Count == 0)
        {
            findings.Add("IncompletePlaylist", playlistPath, "it has no EXT-X-MAP or no segments");
            return null;
        }

        List<MediaPart> parts = [.. new[] { map }.Concat(playlist.Segments).Select(resource => Locate(playlistPath, resource)).OfType<MediaPart>()];
        if (parts.Count != playlist.Segments.Count + 1)
        {
            return null;
        }

        var source = new PartsSource(files, parts);
        try
        {
            MediaFileContent content = await Mp4Reader.ReadAsync(source, 0, cancellation).ConfigureAwait(false);
            foreach (PackagingWarning warning in content.Warnings)
            {
                findings.Add(warning.Code, playlistPath, warning.Message);
            }

            if (content.Tracks.Count != 1)
            {
                findings.Add("TrackCount", playlistPath, $"it plays {content.Tracks.Count} tracks; expected 1");
                source.Dispose();
                return null;
            }

            var rendition = new CheckedRendition(playlistPath, playlist, parts, source, content.Tracks[0]);
            await CheckSegmentStartsAsync(rendition, cancellation).ConfigureAwait(false);
            CheckTimes(rendition);
            return rendition;
        }
        catch (PackagingException e)
        {
            findings.Add(e.Code, playlistPath, e.Message);
            source.Dispose();
            return null;
        }
    }

    /// <summary>Each entry of an I-frame playlist begins with a fragment header and lies in its file.</summary>
    public async Task CheckIFramesAsync(string playlistPath, CancellationToken cancellation)
    {
        if (await ReadPlaylistAsync(playlistPath, cancellation).ConfigureAwait(false) is not HlsPlaylist playlist)
        {
            return;
        }

        CheckDurations(playlistPath, playlist);
        foreach (HlsResource frame in playlist.Segments)
        {
            if (Locate(playlistPath, frame) is MediaPart part)
            {
                await CheckBoxAsync(playlistPath, part, cancellation, "moof").ConfigureAwait(false);
            }
        }
    }

    private async Task<HlsPlaylist?> ReadPlaylistAsync(string path, CancellationToken cancellation)
    {
        if (!files.Contains(path))
        {
            findings.Add("MissingFile", path, "a manifest names it, but it is not there");
            return null;
        }

        try
        {
            return HlsPlaylist.Parse(await files.ReadTextAsync(path, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is FormatException or OverflowException or System.Text.DecoderFallbackException)
        {
            findings.Add("UnreadablePlaylist", path, e.Message);
            return null;
        }
    }

    private void CheckDurations(string path, HlsPlaylist playlist)
    {
        if (!playlist.HasEnd)
        {
            findings.Add("OpenPlaylist", path, "it has no EXT-X-ENDLIST; players would wait for more");
        }

        long longest = playlist.Segments.Select(segment => (segment.Duration + 500_000) / 1_000_000).DefaultIfEmpty(0).Max();
        if (longest > playlist.TargetDuration)
        {
            findings.Add("TargetDuration", path, $"EXT-X-TARGETDURATION is {playlist.TargetDuration}, but a segment lasts {longest} s");
        }
    }

    private MediaPart? Locate(string playlistPath, HlsResource resource)
    {
        if (OutputFiles.Resolve(playlistPath, resource.Uri) is not string path || !files.Contains(path))
        {
            findings.Add("MissingFile", playlistPath, $"it names '{resource.Uri}', which is not there");
            return null;
        }

        long offset = resource.Offset ?? 0;
        long length = resource.Length ?? files.Length(path);
        if (offset + length > files.Length(path) || length == 0)
        {
            findings.Add(
                "RangeOutsideFile", playlistPath, $"bytes {offset} to {offset + length} of '{resource.Uri}' are named, but the file has {files.Length(path)}");
            return null;
        }

        return new MediaPart(path, offset, length);
    }

    private async Task CheckSegmentStartsAsync(CheckedRendition rendition, CancellationToken cancellation)
    {
        await CheckBoxAsync(rendition.PlaylistPath, rendition.Parts[0], cancellation, "ftyp").ConfigureAwait(false);
        foreach (MediaPart part in rendition.Parts.Skip(1))
        {
            await CheckBoxAsync(rendition.PlaylistPath, part, cancellation, "moof", "styp").ConfigureAwait(false);
        }
    }

    private async Task CheckBoxAsync(string playlistPath, MediaPart part, CancellationToken cancellation, params string[] expected)
    {
        var scanner = new TopLevelScanner(new PartsSource(files, [part]));
        TopLevelBox? box = await scanner.ReadAsync(0, cancellation).ConfigureAwait(false);
        if (box is null || !expected.Contains(box.Value.Type))
        {
            findings.Add(
                "WrongRange", playlistPath, $"the range at {part.Offset} of '{part.Path}' begins with '{box?.Type ?? "no box"}'; expected '{string.Join("' or '", expected)}'");
        }
    }

    /// <summary>No hole and no overlap in decode time, and segments begin when the playlist says.</summary>
    private void CheckTimes(CheckedRendition rendition)
    {
        Track track = rendition.Track;
        SampleCursor sample = track.Samples.GetCursor();
        long expected = sample.DecodeTime;
        int part = 1;
        long first = long.MaxValue;
        long playlistTime = 0;
        long earliest = long.MaxValue;
        for (; !sample.IsEnd; sample.MoveNext())
        {
            if (sample.DecodeTime != expected)
            {
                findings.Add(
                    "TimelineHole", rendition.PlaylistPath, $"sample {sample.Index} is decoded at {sample.DecodeTime} of {track.Timescale}; expected {expected}");
            }

            expected = sample.DecodeTime + sample.Duration;
            while (part + 1 < rendition.Parts.Count && sample.Offset >= rendition.Source.StartOf(part + 1))
            {
                CheckStart(rendition, part, earliest, first, ref playlistTime);
                first = Math.Min(first, earliest);
                part++;
                earliest = long.MaxValue;
            }

            earliest = Math.Min(earliest, track.ToPresentationTime(sample.CompositionTime));
        }

        CheckStart(rendition, part, earliest, first, ref playlistTime);
        if (part != rendition.Parts.Count - 1)
        {
            findings.Add("EmptySegment", rendition.PlaylistPath, $"segments from {part + 1} on hold no sample");
        }
    }

    private void CheckStart(CheckedRendition rendition, int part, long earliest, long first, ref long playlistTime)
    {
        uint timescale = rendition.Track.Timescale;

        // Priming lies before the playlist's time 0: the first segment begins where presentation does.
        long origin = Math.Max(first == long.MaxValue ? earliest : first, 0);
        rendition.Origin ??= origin;
        long actual = TimeMath.Rescale(Math.Max(earliest, rendition.Origin.Value) - rendition.Origin.Value, timescale, 1_000_000);
        if (earliest == long.MaxValue || Math.Abs(actual - playlistTime) > ToleranceMicroseconds)
        {
            findings.Add(
                "SegmentTime", rendition.PlaylistPath, $"segment {part} begins {actual} µs after the first; the playlist says {playlistTime}");
        }

        playlistTime += rendition.Playlist.Segments[part - 1].Duration;
    }
}

/// <summary>A rendition whose playlist could be read.</summary>
internal sealed class CheckedRendition(string playlistPath, HlsPlaylist playlist, IReadOnlyList<MediaPart> parts, PartsSource source, Track track) : IDisposable
{
    public string PlaylistPath { get; } = playlistPath;

    public HlsPlaylist Playlist { get; } = playlist;

    /// <summary>Initialization segment first.</summary>
    public IReadOnlyList<MediaPart> Parts { get; } = parts;

    public PartsSource Source { get; } = source;

    public Track Track { get; } = track;

    /// <summary>Presentation time of the playlist's time 0, ticks.</summary>
    public long? Origin { get; set; }

    public void Dispose() => Source.Dispose();
}
