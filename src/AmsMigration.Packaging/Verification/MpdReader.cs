using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>Reads a static MPD (ISO/IEC 23009-1) of one Period: segments by a sidx, or by a template with a time line.</summary>
internal sealed class MpdReader(OutputFiles files, string mpdPath)
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    /// <exception cref="FormatException">It is no MPD.</exception>
    public static XElement Parse(string text)
    {
        using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        XElement root = XElement.Load(xml);
        return root.Name == Mpd + "MPD" ? root : throw new FormatException($"its root is '{root.Name}'; expected MPD");
    }

    /// <summary>Those with media in boxes.</summary>
    public static IEnumerable<XElement> Representations(XElement root) => Sets(root, isWebVtt: false).Descendants(Mpd + "Representation");

    /// <summary>URIs of the WebVTT files.</summary>
    public static IEnumerable<string> TextFiles(XElement root) =>
        Sets(root, isWebVtt: true).Descendants(Mpd + "Representation").Select(element => element.Element(Mpd + "BaseURL")?.Value ?? "");

    /// <exception cref="FormatException">It cannot be played.</exception>
    /// <exception cref="OverflowException">A number in it is too large.</exception>
    /// <exception cref="PackagingException">The file that it names cannot be read.</exception>
    public async Task<DashRepresentation> ReadAsync(XElement representation, CancellationToken cancellation)
    {
        XElement addressing = representation.Element(Mpd + "SegmentTemplate")
            ?? representation.Element(Mpd + "SegmentBase")
            ?? throw new FormatException("it has neither SegmentBase nor SegmentTemplate");
        uint timescale = (uint?)addressing.Attribute("timescale") ?? 1;
        if (timescale == 0)
        {
            throw new FormatException("@timescale is 0");
        }

        (MediaPart init, IReadOnlyList<DashSegment> segments) = addressing.Name.LocalName == "SegmentTemplate"
            ? FromTemplate(addressing, timescale)
            : await FromIndexAsync(representation, addressing, cancellation).ConfigureAwait(false);
        return segments.Count == 0
            ? throw new FormatException("it has no segments")
            : new DashRepresentation(
                (string?)representation.Attribute("id") ?? "", timescale, (long?)addressing.Attribute("presentationTimeOffset") ?? 0, init, segments);
    }

    /// <summary>URIs of the images with thumbnails.</summary>
    public static IEnumerable<string> Images(XElement root) => root
        .Descendants(Mpd + "AdaptationSet")
        .Where(set => (string?)set.Attribute("mimeType") == ContentTypes.Jpeg)
        .Select(set => (string?)set.Element(Mpd + "SegmentTemplate")?.Attribute("media") ?? "");

    private static IEnumerable<XElement> Sets(XElement root, bool isWebVtt) => root
        .Descendants(Mpd + "AdaptationSet")
        .Where(set => (string?)set.Attribute("mimeType") != ContentTypes.Jpeg && ((string?)set.Attribute("mimeType") == ContentTypes.WebVtt) == isWebVtt);

    private async Task<(MediaPart Init, IReadOnlyList<DashSegment> Segments)> FromIndexAsync(XElement representation, XElement segmentBase, CancellationToken cancellation)
    {
        string path = Locate(representation.Element(Mpd + "BaseURL")?.Value ?? throw new FormatException("it has no BaseURL"));
        (long first, long last) = Range((string?)segmentBase.Attribute("indexRange"));
        (long initFirst, long initLast) = Range((string?)segmentBase.Element(Mpd + "Initialization")?.Attribute("range"));
        if (last >= files.Length(path) || initLast >= first)
        {
            throw new FormatException($"index bytes {first}-{last} or initialization bytes {initFirst}-{initLast} do not fit a file of {files.Length(path)} bytes");
        }

        using IByteSource source = await files.OpenAsync(path, cancellation).ConfigureAwait(false);
        byte[] index = await OutputFiles.ReadAsync(source, first, checked((int)(last - first + 1)), cancellation).ConfigureAwait(false);
        BoxReader sidx = BoxReader.Open(index, path, first);
        return sidx.Type == "sidx" && sidx.Length == index.Length
            ? (new MediaPart(path, initFirst, initLast - initFirst + 1), FromIndex(sidx, path, last + 1))
            : throw new FormatException($"the index range holds '{sidx.Type}' of {sidx.Length} bytes; expected 'sidx' of {index.Length}");
    }

    /// <summary>sidx (ISO/IEC 14496-12 8.16.3) of one level.</summary>
    private List<DashSegment> FromIndex(BoxReader sidx, string path, long anchor)
    {
        (byte version, _) = sidx.FullBox();
        sidx.Skip(4);
        uint timescale = sidx.U32();
        long start = version == 0 ? sidx.U32() : sidx.L64();
        long offset = checked(anchor + (version == 0 ? sidx.U32() : sidx.L64()));
        sidx.Skip(2);
        int count = sidx.U16();
        if (timescale == 0 || sidx.Remaining != count * 12)
        {
            throw new FormatException($"the index has a timescale of {timescale} and {sidx.Remaining} bytes for {count} references");
        }

        List<DashSegment> segments = [];
        for (int i = 0; i < count; i++)
        {
            uint reference = sidx.U32();
            uint duration = sidx.U32();
            uint access = sidx.U32();
            if (reference >> 31 != 0)
            {
                throw new FormatException($"reference {i + 1} of the index is to another index");
            }

            segments.Add(new DashSegment(new MediaPart(path, offset, reference), start, duration, timescale, access >> 31 != 0));
            offset += reference;
            start = checked(start + duration);
        }

        return offset == files.Length(path)
            ? segments
            : throw new FormatException($"the index ends at byte {offset}; the file has {files.Length(path)}");
    }

    private (MediaPart Init, IReadOnlyList<DashSegment> Segments) FromTemplate(XElement template, uint timescale)
    {
        long number = (long?)template.Attribute("startNumber") ?? 1;
        string media = (string?)template.Attribute("media") ?? throw new FormatException("SegmentTemplate has no @media");
        if (!media.Contains("$Number$"))
        {
            throw new FormatException($"SegmentTemplate@media is '{media}'; expected $Number$ in it");
        }

        string init = Locate((string?)template.Attribute("initialization") ?? throw new FormatException("SegmentTemplate has no @initialization"));
        List<DashSegment> segments = [];
        long time = 0;
        foreach (XElement s in template.Element(Mpd + "SegmentTimeline")?.Elements(Mpd + "S") ?? throw new FormatException("there is no SegmentTimeline"))
        {
            long duration = (long?)s.Attribute("d") ?? throw new FormatException("an S has no @d");
            time = (long?)s.Attribute("t") ?? time;
            for (int r = (int?)s.Attribute("r") ?? 0; r >= 0; r--)
            {
                string path = Locate(media.Replace("$Number$", checked(number++).ToString(CultureInfo.InvariantCulture)));
                segments.Add(new DashSegment(new MediaPart(path, 0, files.Length(path)), time, duration, timescale, null));
                time = checked(time + duration);
            }
        }

        return (new MediaPart(init, 0, files.Length(init)), segments);
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
}
