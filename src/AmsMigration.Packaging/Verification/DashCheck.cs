using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>Checks that an MPD plays the same ranges for the same time as the playlists.</summary>
internal sealed class DashCheck(OutputFiles files, Findings findings, string mpdPath)
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    public async Task CheckAsync(IReadOnlyList<CheckedRendition> renditions, CancellationToken cancellation)
    {
        XElement? root = await ReadAsync(cancellation).ConfigureAwait(false);
        if (root is null)
        {
            return;
        }

        List<IReadOnlyList<DashSegment>> representations = [];
        foreach (XElement representation in root.Descendants(Mpd + "Representation"))
        {
            try
            {
                representations.Add(await SegmentsAsync(representation, cancellation).ConfigureAwait(false));
            }
            catch (Exception e) when (e is FormatException or OverflowException or PackagingException)
            {
                findings.Add("UnreadableMpd", mpdPath, $"representation '{(string?)representation.Attribute("id")}': {e.Message}");
            }
        }

        foreach (CheckedRendition rendition in renditions)
        {
            MediaPart firstMedia = rendition.Parts[1];
            IReadOnlyList<DashSegment>? same = representations.FirstOrDefault(segments => segments.Count > 0 && segments[0].Part.Path == firstMedia.Path);
            if (same is null)
            {
                findings.Add("MissingRepresentation", mpdPath, $"nothing plays '{firstMedia.Path}', which '{rendition.PlaylistPath}' does");
                continue;
            }

            Compare(rendition, same);
        }
    }

    private void Compare(CheckedRendition rendition, IReadOnlyList<DashSegment> segments)
    {
        if (segments.Count != rendition.Parts.Count - 1)
        {
            findings.Add("SegmentCount", mpdPath, $"{segments.Count} segments of '{rendition.Parts[1].Path}'; the playlist has {rendition.Parts.Count - 1}");
            return;
        }

        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i].Part != rendition.Parts[i + 1])
            {
                findings.Add("RangesDiffer", mpdPath, $"segment {i + 1} is {segments[i].Part}; the playlist has {rendition.Parts[i + 1]}");
            }

            long duration = TimeMath.Rescale(segments[i].Duration, segments[i].Timescale, 1_000_000);
            if (Math.Abs(duration - rendition.Playlist.Segments[i].Duration) > 2)
            {
                findings.Add(
                    "DurationsDiffer", mpdPath,
                    $"segment {i + 1} of '{rendition.Parts[1].Path}' lasts {duration} µs; the playlist says {rendition.Playlist.Segments[i].Duration}");
            }
        }
    }

    private async Task<XElement?> ReadAsync(CancellationToken cancellation)
    {
        if (!files.Contains(mpdPath))
        {
            findings.Add("MissingFile", mpdPath, "the presentation has no MPD");
            return null;
        }

        try
        {
            string text = await files.ReadTextAsync(mpdPath, cancellation).ConfigureAwait(false);
            using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            XElement root = XElement.Load(xml);
            if (root.Name == Mpd + "MPD")
            {
                return root;
            }

            findings.Add("UnreadableMpd", mpdPath, $"its root is '{root.Name}'; expected MPD");
        }
        catch (Exception e) when (e is XmlException or FormatException or System.Text.DecoderFallbackException)
        {
            findings.Add("UnreadableMpd", mpdPath, e.Message);
        }

        return null;
    }

    private async Task<IReadOnlyList<DashSegment>> SegmentsAsync(XElement representation, CancellationToken cancellation)
    {
        if (representation.Element(Mpd + "SegmentTemplate") is XElement template)
        {
            return FromTemplate(template);
        }

        XElement segmentBase = representation.Element(Mpd + "SegmentBase") ?? throw new FormatException("it has neither SegmentBase nor SegmentTemplate");
        string path = Locate(representation.Element(Mpd + "BaseURL")?.Value ?? throw new FormatException("it has no BaseURL"));
        (long first, long last) = Range(segmentBase.Attribute("indexRange")?.Value);
        (_, long initLast) = Range(segmentBase.Element(Mpd + "Initialization")?.Attribute("range")?.Value);
        if (last >= files.Length(path) || initLast >= first)
        {
            throw new FormatException($"index bytes {first}-{last} or initialization bytes 0-{initLast} do not fit a file of {files.Length(path)} bytes");
        }

        using IByteSource source = await files.OpenAsync(path, cancellation).ConfigureAwait(false);
        byte[] index = await OutputFiles.ReadAsync(source, first, checked((int)(last - first + 1)), cancellation).ConfigureAwait(false);
        return FromIndex(BoxReader.Open(index, path, first), path, last + 1);
    }

    /// <summary>sidx (ISO/IEC 14496-12 8.16.3) of one level.</summary>
    private List<DashSegment> FromIndex(BoxReader sidx, string path, long anchor)
    {
        if (sidx.Type != "sidx")
        {
            throw new FormatException($"the index range holds '{sidx.Type}'; expected 'sidx'");
        }

        (byte version, _) = sidx.FullBox();
        sidx.Skip(4);
        uint timescale = sidx.U32();
        sidx.Skip(version == 0 ? 4 : 8);
        long offset = anchor + (version == 0 ? sidx.U32() : sidx.L64());
        sidx.Skip(2);
        int count = sidx.U16();
        List<DashSegment> segments = [];
        for (int i = 0; i < count; i++)
        {
            uint size = sidx.U32() & 0x7fffffff;
            segments.Add(new DashSegment(new MediaPart(path, offset, size), sidx.U32(), timescale));
            sidx.Skip(4);
            offset += size;
        }

        if (offset != files.Length(path))
        {
            throw new FormatException($"the index ends at byte {offset}; the file has {files.Length(path)}");
        }

        return segments;
    }

    private List<DashSegment> FromTemplate(XElement template)
    {
        uint timescale = (uint?)template.Attribute("timescale") ?? 1;
        long number = (long?)template.Attribute("startNumber") ?? 1;
        string media = (string?)template.Attribute("media") ?? throw new FormatException("SegmentTemplate has no @media");
        Locate((string?)template.Attribute("initialization") ?? throw new FormatException("SegmentTemplate has no @initialization"));
        List<DashSegment> segments = [];
        foreach (XElement s in template.Element(Mpd + "SegmentTimeline")?.Elements(Mpd + "S") ?? throw new FormatException("there is no SegmentTimeline"))
        {
            long duration = (long?)s.Attribute("d") ?? throw new FormatException("an S has no @d");
            for (int r = (int?)s.Attribute("r") ?? 0; r >= 0; r--)
            {
                string path = Locate(media.Replace("$Number$", (number++).ToString(CultureInfo.InvariantCulture)));
                segments.Add(new DashSegment(new MediaPart(path, 0, files.Length(path)), duration, timescale));
            }
        }

        return segments;
    }

    private string Locate(string uri) =>
        OutputFiles.Resolve(mpdPath, uri) is string path && files.Contains(path) ? path : throw new FormatException($"'{uri}' is not there");

    private static (long First, long Last) Range(string? range)
    {
        string[] parts = (range ?? throw new FormatException("a range is missing")).Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && first <= last
            ? (first, last)
            : throw new FormatException($"'{range}' is no byte range");
    }

    /// <param name="Duration">Ticks of <paramref name="Timescale"/>.</param>
    private sealed record DashSegment(MediaPart Part, long Duration, uint Timescale);
}
