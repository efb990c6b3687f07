using System.Text;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.Manifests;

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
            CheckPeriods(root, representations, renditions);
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

    /// <summary>
    /// The first Period begins with the first track that does, each other one where the media of that in front of it ends, and the last one lasts until the
    /// last track ends.
    /// </summary>
    private void CheckPeriods(XElement root, IReadOnlyList<DashRepresentation> representations, IReadOnlyList<CheckedRendition> renditions)
    {
        if (renditions.Count == 0 || representations.Count == 0)
        {
            return;
        }

        long start = 0;
        long offset = renditions.Min(r => TimeMath.Rescale(r.Segments[0].Start, r.Track.Timescale, Microseconds));
        DashPeriod[] periods = [.. representations.SelectMany(r => r.Places).Select(place => place.Period).Distinct().OrderBy(period => period.Start)];
        foreach (DashPeriod period in periods)
        {
            List<(DashRepresentation Representation, DashPlace Place)> places =
                [.. representations.SelectMany(r => r.Places.Where(place => place.Period == period).Select(place => (r, place)))];
            offset = period == periods[0] ? offset : places.Min(place => OffsetOf(place.Representation, place.Place));
            if (Math.Abs(period.Start - start) > Tolerance)
            {
                findings.Add("PeriodStart", mpdPath, $"a Period begins at {period.Start} µs; the media in front of it ends at {start}");
            }

            foreach ((DashRepresentation representation, DashPlace place) in places.Where(place => Math.Abs(OffsetOf(place.Representation, place.Place) - offset) > Tolerance))
            {
                findings.Add(
                    "PeriodStart", mpdPath, $"'{representation.Id}' has the Period begin at {OffsetOf(representation, place)} µs; expected {offset}");
            }

            start += places.Max(place => EndOf(place.Representation, place.Place)) - offset;
        }

        string? duration = (string?)root.Attribute("mediaPresentationDuration");
        long microseconds = ManifestTime.FromDuration(duration ?? throw new FormatException("it has no @mediaPresentationDuration"));

        // Each Period was rounded by itself.
        if (Math.Abs(microseconds - start) > Tolerance + periods.Length)
        {
            findings.Add("Duration", mpdPath, $"@mediaPresentationDuration is {duration}; the tracks take {start} µs");
        }
    }

    /// <summary>Media time of the Period's start, microseconds.</summary>
    private static long OffsetOf(DashRepresentation representation, DashPlace place) =>
        TimeMath.Rescale(place.PresentationTimeOffset, representation.Timescale, Microseconds);

    /// <summary>Media time at which the representation's last segment in a Period ends, microseconds.</summary>
    private static long EndOf(DashRepresentation representation, DashPlace place)
    {
        DashPlace? next = representation.Places.SkipWhile(other => other != place).Skip(1).FirstOrDefault();
        DashSegment last = representation.Segments[(next?.FirstSegment ?? representation.Segments.Count) - 1];
        return TimeMath.Rescale(last.Start + last.Duration, last.Timescale, Microseconds);
    }
}
