using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Text;

namespace AmsMigration.Packaging.Verification;

/// <summary>Checks that the text of an output can be read, is shown in its segments, and says the same in HLS, DASH and the source.</summary>
internal sealed class TextCheck(OutputFiles files, Findings findings)
{
    private const long Microseconds = 1000;
    private const uint MicrosecondScale = 1_000_000;

    /// <summary>A millisecond: WebVTT's times have no more digits than that.</summary>
    private const long Tolerance = 1;

    /// <summary>Cues of each playlist, in order, each once.</summary>
    private readonly Dictionary<string, List<TextCue>> _played = new(StringComparer.Ordinal);

    /// <summary>Cues of each text of an MPD, by its @id.</summary>
    private readonly Dictionary<string, List<TextCue>> _files = new(StringComparer.Ordinal);

    public int Count => _played.Count;

    /// <summary>Those that the multivariant playlist announces.</summary>
    public IReadOnlyList<string> ClosedCaptions { get; set; } = [];

    /// <param name="renditions">Of the media.</param>
    public async Task CheckPlaylistsAsync(
        PlaylistFiles playlists, string masterPath, IEnumerable<string> uris, IReadOnlyList<CheckedRendition> renditions, CancellationToken cancellation)
    {
        long mediaDuration = renditions.Select(r => r.Playlist!.Segments.Sum(segment => segment.Duration)).DefaultIfEmpty(0).Max();
        foreach (string path in uris.Select(uri => playlists.Locate(masterPath, uri)).OfType<string>())
        {
            if (await playlists.ReadAsync(path, cancellation).ConfigureAwait(false) is not HlsPlaylist playlist)
            {
                continue;
            }

            _played[path] = await ReadSegmentsAsync(playlists, path, playlist, cancellation).ConfigureAwait(false);
            long duration = playlist.Segments.Sum(segment => segment.Duration);
            if (duration < mediaDuration - (Tolerance * Microseconds))
            {
                findings.Add("TextDuration", path, $"it lasts {duration} µs; the media last {mediaDuration}");
            }
        }
    }

    /// <param name="texts">What the MPD names.</param>
    public async Task CheckFilesAsync(string mpdPath, IReadOnlyList<DashText> texts, CancellationToken cancellation)
    {
        foreach (DashText text in texts)
        {
            List<TextCue> cues = [];
            foreach ((DashPeriod period, string uri) in text.Files)
            {
                if (OutputFiles.Resolve(mpdPath, uri) is string path && files.Contains(path))
                {
                    Append(cues, await ReadAsync(path, cancellation).ConfigureAwait(false), TimeMath.Rescale(period.Start, MicrosecondScale, 1000));
                }
                else
                {
                    findings.Add("MissingFile", mpdPath, $"it names '{uri}', which is not there");
                }
            }

            _files[text.Id] = cues;
            CheckPlayedAlike(mpdPath, text.Id);
        }

        if (texts.Count != _played.Count)
        {
            findings.Add("MissingText", mpdPath, $"it names {texts.Count} WebVTT files; the multivariant playlist has {_played.Count} playlists of subtitles");
        }
    }

    /// <param name="expected">What the source becomes.</param>
    public void Compare(PackagingPlan expected, string masterPath)
    {
        foreach (string service in expected.Renditions.SelectMany(r => r.Track.ClosedCaptions).Distinct().Except(ClosedCaptions))
        {
            findings.Add("MissingCaptions", masterPath, $"it does not announce the closed captions {service}, which the source's pictures carry");
        }

        foreach (TextRendition text in expected.Texts)
        {
            if (!_files.TryGetValue(text.Name, out List<TextCue>? cues))
            {
                findings.Add("MissingText", text.Path, $"text track '{text.Track.Name}' of '{text.Track.Sources[0].File}' is not in the output");
            }
            else if (!cues.SequenceEqual(text.Cues))
            {
                findings.Add("TextDiffers", text.Path, $"it has {cues.Count} cues that are not the {text.Cues.Count} of the source's text track '{text.Track.Name}'");
            }
        }

        foreach (string id in _files.Keys.Except(expected.Texts.Select(text => text.Name)))
        {
            findings.Add("ExtraText", id, "the source has no text track that it could be made from");
        }
    }

    private async Task<List<TextCue>> ReadSegmentsAsync(PlaylistFiles playlists, string playlistPath, HlsPlaylist playlist, CancellationToken cancellation)
    {
        List<TextCue> all = [];
        var seen = new HashSet<TextCue>();
        long time = 0;
        for (int i = 0; i < playlist.Segments.Count; i++)
        {
            long end = time + playlist.Segments[i].Duration;
            if (playlists.Locate(playlistPath, playlist.Segments[i]) is not MediaPart part)
            {
                continue;
            }

            foreach (TextCue cue in await ReadAsync(part.Path, cancellation).ConfigureAwait(false))
            {
                bool isLast = i == playlist.Segments.Count - 1;
                if (cue.End < (time / Microseconds) - Tolerance || (!isLast && cue.Start > (end / Microseconds) + Tolerance))
                {
                    findings.Add("TextOutsideSegment", part.Path, $"it has a cue at {TextCue.ToTimestamp(cue.Start)}, but is played from {time} to {end} µs");
                }

                if (seen.Add(cue))
                {
                    all.Add(cue);
                }
            }

            time = end;
        }

        return all;
    }

    private async Task<List<TextCue>> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            List<PackagingWarning> warnings = [];
            byte[] content = await TextBytes.ReadAllAsync(files.Store, path, cancellation).ConfigureAwait(false);
            WebVttFile text = WebVttReader.Parse(content, path, hasMediaClock: false, warnings);
            foreach (PackagingWarning warning in warnings.Where(warning => warning.Code != "TextTimestampMap"))
            {
                findings.Add(warning.Code, path, warning.Message);
            }

            return [.. text.Cues];
        }
        catch (PackagingException e)
        {
            findings.Add(e.Code, path, e.Message);
            return [];
        }
    }

    /// <summary>A cue that is shown across a Period's start stands in both.</summary>
    /// <param name="start">Of the Period, milliseconds.</param>
    private static void Append(List<TextCue> cues, List<TextCue> more, long start)
    {
        foreach (TextCue cue in more.Select(cue => cue with { Start = cue.Start + start, End = cue.End + start }))
        {
            int begun = cue.Start == start ? cues.FindIndex(before => before.End == start && before with { Start = cue.Start, End = cue.End } == cue) : -1;
            if (begun >= 0)
            {
                cues[begun] = cues[begun] with { End = cue.End };
            }
            else
            {
                cues.Add(cue);
            }
        }
    }

    /// <summary>Some playlist shows the same cues.</summary>
    private void CheckPlayedAlike(string mpdPath, string id)
    {
        if (!_played.Values.Any(played => played.SequenceEqual(_files[id])))
        {
            findings.Add("TextDiffers", mpdPath, $"no playlist shows the cues of '{id}'");
        }
    }
}
