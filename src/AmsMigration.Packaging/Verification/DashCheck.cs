using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace AmsMigration.Packaging.Verification;

/// <summary>Checks that an MPD plays the same ranges at the same times as the playlists.</summary>
internal sealed class DashCheck(OutputFiles files, RenditionReader reader, Findings findings, string mpdPath)
{
    /// <summary>TTML in MP4; HLS has the same text as WebVTT.</summary>
    private const string OnlyInDash = "stpp";

    private const uint Microseconds = 1_000_000;

    /// <summary>Microseconds: EXTINF has six digits, and sums of rounded times differ by a few.</summary>
    private const long Tolerance = 1000;

    /// <param name="renditions">Those of the playlists; gets those that only the MPD has.</param>
    /// <returns>The WebVTT files that it names.</returns>
    public async Task<IReadOnlyList<DashText>> CheckAsync(List<CheckedRendition> renditions, CancellationToken cancellation)
    {
        if (!files.Contains(mpdPath))
        {
            findings.Add("MissingFile", mpdPath, "the presentation has no MPD");
            return [];
        }

        try
        {
            XElement root = MpdReader.Parse(await files.ReadTextAsync(mpdPath, cancellation).ConfigureAwait(false));
            IReadOnlyList<DashRepresentation> representations = await ReadAsync(root, cancellation).ConfigureAwait(false);
            await MatchAsync(representations, renditions, cancellation).ConfigureAwait(false);
            CheckPeriod(root, representations, renditions);
            foreach (string image in MpdReader.Images(root).Where(uri => OutputFiles.Resolve(mpdPath, uri) is not string path || !files.Contains(path)))
            {
                findings.Add("MissingFile", mpdPath, $"it names '{image}', which is not there");
            }

            return [.. MpdReader.Texts(root)];
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException or DecoderFallbackException)
        {
            findings.Add("UnreadableMpd", mpdPath, e.Message);
            return [];
        }
    }

    private async Task<IReadOnlyList<DashRepresentation>> ReadAsync(XElement root, CancellationToken cancellation)
    {
        var reader = new MpdReader(files, mpdPath);
        List<DashRepresentation> representations = [];
        foreach (IGrouping<string, (DashPeriod, XElement)> places in MpdReader.Representations(root))
        {
            try
            {
                representations.Add(await reader.ReadAsync(places, cancellation).ConfigureAwait(false));
            }
            catch (Exception e) when (e is FormatException or OverflowException or PackagingException)
            {
                findings.Add("UnreadableMpd", mpdPath, $"representation '{places.Key}': {e.Message}");
            }
        }

        return representations;
    }

    private async Task MatchAsync(
        IReadOnlyList<DashRepresentation> representations, List<CheckedRendition> renditions, CancellationToken cancellation)
    {
        List<DashRepresentation> left = [.. representations];
        foreach (CheckedRendition rendition in renditions)
        {
            if (left.Find(representation => representation.Init.Path == rendition.Parts[0].Path) is not DashRepresentation same)
            {
                findings.Add("MissingRepresentation", mpdPath, $"nothing plays '{rendition.Parts[0].Path}', which '{rendition.Manifest}' does");
                continue;
            }

            left.Remove(same);
            Compare(rendition, same);
        }

        foreach (DashRepresentation representation in left)
        {
            MediaPart[] parts = [representation.Init, .. representation.Segments.Select(segment => segment.Part)];
            if (await reader.ReadAsync(mpdPath, null, parts, cancellation).ConfigureAwait(false) is not CheckedRendition rendition)
            {
                continue;
            }

            renditions.Add(rendition);
            Compare(rendition, representation);
            if (rendition.Track.Descriptions[0].Codec.FourCC != OnlyInDash)
            {
                findings.Add("MissingPlaylist", mpdPath, $"no sound playlist plays what representation '{representation.Id}' does");
            }
        }
    }

    private void Compare(CheckedRendition rendition, DashRepresentation representation)
    {
        IReadOnlyList<DashSegment> segments = representation.Segments;
        if (segments.Count != rendition.Segments.Count)
        {
            findings.Add("SegmentCount", mpdPath, $"'{representation.Id}' has {segments.Count} segments; '{rendition.Manifest}' has {rendition.Segments.Count}");
            return;
        }

        if (representation.Init != rendition.Parts[0])
        {
            findings.Add("RangesDiffer", mpdPath, $"'{representation.Id}' is initialized by {representation.Init}; the playlist has {rendition.Parts[0]}");
        }

        for (int i = 0; i < segments.Count; i++)
        {
            DashSegment segment = segments[i];
            CheckedSegment actual = rendition.Segments[i];
            if (segment.Part != rendition.Parts[i + 1])
            {
                findings.Add("RangesDiffer", mpdPath, $"segment {i + 1} of '{representation.Id}' is {segment.Part}; the playlist has {rendition.Parts[i + 1]}");
            }

            long start = TimeMath.Rescale(actual.Start, rendition.Track.Timescale, segment.Timescale);
            if (segment.Start != start)
            {
                findings.Add(
                    "SegmentTime", mpdPath, $"segment {i + 1} of '{representation.Id}' begins at {segment.Start}/{segment.Timescale} s; its samples begin at {start}");
            }

            if (segment.StartsWithSync is bool startsWithSync && startsWithSync != actual.StartsWithSync)
            {
                findings.Add("SyncFlag", mpdPath, $"segment {i + 1} of '{representation.Id}' begins with {(startsWithSync ? "no" : "a")} sync sample; the index says otherwise");
            }
        }

        DashSegment last = segments[segments.Count - 1];
        long end = TimeMath.Rescale(rendition.End, rendition.Track.Timescale, last.Timescale);
        if (last.Start + last.Duration != end)
        {
            findings.Add("SegmentTime", mpdPath, $"'{representation.Id}' ends at {last.Start + last.Duration}/{last.Timescale} s; its samples end at {end}");
        }
    }

    /// <summary>The first Period begins with the first track that does, the last one lasts until the last track ends, and segments lie in their Periods.</summary>
    private void CheckPeriod(XElement root, IReadOnlyList<DashRepresentation> representations, IReadOnlyList<CheckedRendition> renditions)
    {
        if (renditions.Count == 0 || representations.Count == 0)
        {
            return;
        }

        long start = renditions.Min(r => TimeMath.Rescale(r.Segments[0].Start, r.Track.Timescale, Microseconds));
        long end = renditions.Max(r => TimeMath.Rescale(r.End, r.Track.Timescale, Microseconds));
        string? duration = (string?)root.Attribute("mediaPresentationDuration");
        long microseconds = XmlConvert.ToTimeSpan(duration ?? throw new FormatException("it has no @mediaPresentationDuration")).Ticks / 10;
        if (Math.Abs(microseconds - (end - start)) > Tolerance)
        {
            findings.Add("Duration", mpdPath, $"@mediaPresentationDuration is {duration}; the tracks take {end - start} µs");
        }

        foreach (DashRepresentation representation in representations)
        {
            for (int i = 0; i < representation.Places.Count; i++)
            {
                int next = i + 1 < representation.Places.Count ? representation.Places[i + 1].FirstSegment : representation.Segments.Count;
                CheckPlace(representation, representation.Places[i], next, start);
            }
        }
    }

    /// <param name="end">Index behind the last of its segments in the Period.</param>
    /// <param name="start">Microseconds of media time at the presentation's start.</param>
    private void CheckPlace(DashRepresentation representation, DashPlace place, int end, long start)
    {
        long offset = TimeMath.Rescale(place.PresentationTimeOffset, representation.Timescale, Microseconds);
        if (Math.Abs(offset - start - place.Period.Start) > Tolerance)
        {
            findings.Add(
                "PeriodStart", mpdPath, $"'{representation.Id}' has the Period begin at {offset} µs; expected {start + place.Period.Start}");
        }

        for (int i = place.FirstSegment; i < end; i++)
        {
            DashSegment segment = representation.Segments[i];
            long first = TimeMath.Rescale(segment.Start, segment.Timescale, Microseconds) - offset + place.Period.Start;
            long last = TimeMath.Rescale(segment.Start + segment.Duration, segment.Timescale, Microseconds) - offset + place.Period.Start;
            if (first < place.Period.Start - Tolerance || last > (place.Period.End ?? long.MaxValue - Tolerance) + Tolerance)
            {
                findings.Add("SegmentTime", mpdPath, $"segment {i + 1} of '{representation.Id}' lasts from {first} to {last} µs, which is not in its Period");
            }
        }
    }
}
