using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>Reads a static MPD (ISO/IEC 23009-1) of one or more Periods: segments by a sidx, or by a template or list with a time line.</summary>
internal sealed class MpdReader(OutputFiles files, string mpdPath)
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    /// <summary>$Number$, or $Number%05d$ with zeros in front (ISO/IEC 23009-1 5.3.9.4.4).</summary>
    private static readonly Regex NumberPattern = new("\\$Number(?:%0([1-9])d)?\\$");

    /// <exception cref="FormatException">It is no MPD.</exception>
    public static XElement Parse(string text)
    {
        using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        XElement root = XElement.Load(xml);
        return root.Name == Mpd + "MPD" ? root : throw new FormatException($"its root is '{root.Name}'; expected '{Mpd + "MPD"}'");
    }

    /// <summary>Those with media in boxes, by their @id.</summary>
    public static IEnumerable<IGrouping<string, (DashPeriod Period, XElement Element)>> Representations(XElement root) => InPeriods(root, isWebVtt: false);

    /// <summary>WebVTT files.</summary>
    public static IEnumerable<DashText> Texts(XElement root) => InPeriods(root, isWebVtt: true)
        .Select(text => new DashText(text.Key, [.. text.Select(place => (place.Period, place.Element.Element(Mpd + "BaseURL")?.Value ?? ""))]));

    /// <param name="places">One Representation in the Periods that have it.</param>
    /// <exception cref="FormatException">It cannot be played.</exception>
    /// <exception cref="OverflowException">A number in it is too large.</exception>
    /// <exception cref="PackagingException">The file that it names cannot be read.</exception>
    public async Task<DashRepresentation> ReadAsync(IGrouping<string, (DashPeriod Period, XElement Element)> places, CancellationToken cancellation)
    {
        List<DashPlace> read = [];
        List<DashSegment> segments = [];
        (MediaPart Init, uint Timescale)? first = null;
        foreach ((DashPeriod period, XElement element) in places)
        {
            XElement addressing = Addressing(element);
            uint timescale = (uint?)addressing.Attribute("timescale") ?? 1;
            if (timescale == 0)
            {
                throw new FormatException("@timescale is 0");
            }

            read.Add(new DashPlace(period, (long?)addressing.Attribute("presentationTimeOffset") ?? 0, segments.Count));
            (MediaPart init, IReadOnlyList<DashSegment> own) = addressing.Name.LocalName switch
            {
                "SegmentTemplate" => FromTemplate(addressing, timescale),
                "SegmentList" => FromList(element, addressing, timescale),
                _ => await FromIndexAsync(element, addressing, cancellation).ConfigureAwait(false),
            };
            if (own.Count == 0 || (first is not null && first != (init, timescale)))
            {
                throw new FormatException(own.Count == 0 ? "it has no segments" : "it is initialized by another segment, or counts in other ticks, in another Period");
            }

            first = (init, timescale);
            segments.AddRange(own);
        }

        return new DashRepresentation(places.Key, first!.Value.Timescale, read, first.Value.Init, segments);
    }

    /// <summary>URIs of the images with thumbnails; of numbered ones, the first of each Period.</summary>
    public static IEnumerable<string> Images(XElement root) => root
        .Descendants(Mpd + "AdaptationSet")
        .Where(set => (string?)set.Attribute("mimeType") == ContentTypes.Jpeg)
        .Select(set => set.Element(Mpd + "SegmentTemplate"))
        .Select(template => NumberPattern.Replace(
            (string?)template?.Attribute("media") ?? "",
            match => ((string?)template!.Attribute("startNumber") ?? "1").PadLeft(WidthOf(match), '0')))
        .Distinct();

    private static int WidthOf(Match match) =>
        match.Groups[1].Success ? int.Parse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture) : 1;

    private static IEnumerable<IGrouping<string, (DashPeriod Period, XElement Element)>> InPeriods(XElement root, bool isWebVtt)
    {
        XElement[] periods = [.. root.Elements(Mpd + "Period")];
        long[] starts = [.. periods.Select((period, i) => StartOf(period, isFirst: i == 0))];
        return periods
            .SelectMany((period, i) => period
                .Elements(Mpd + "AdaptationSet")
                .Where(set => (string?)set.Attribute("mimeType") != ContentTypes.Jpeg && ((string?)set.Attribute("mimeType") == ContentTypes.WebVtt) == isWebVtt)
                .Descendants(Mpd + "Representation")
                .Select(element => (new DashPeriod(starts[i]), element)))
            .GroupBy(place => (string?)place.element.Attribute("id") ?? "");
    }

    /// <summary>Microseconds.</summary>
    private static long StartOf(XElement period, bool isFirst) => (string?)period.Attribute("start") switch
    {
        string start => ManifestTime.FromDuration(start),
        null when isFirst => 0,
        null => throw new FormatException("a Period has no @start"),
    };

    private static XElement Addressing(XElement representation) =>
        representation.Element(Mpd + "SegmentTemplate")
            ?? representation.Element(Mpd + "SegmentList")
            ?? representation.Element(Mpd + "SegmentBase")
            ?? throw new FormatException("it has neither SegmentBase nor SegmentTemplate nor SegmentList");

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
        if (sidx.Type != "sidx" || sidx.Length != index.Length)
        {
            throw new FormatException($"the index range holds '{sidx.Type}' of {sidx.Length} bytes; expected 'sidx' of {index.Length}");
        }

        List<DashSegment> segments = ReadIndex(sidx, path, last + 1);
        long end = segments.Count == 0 ? last + 1 : segments[segments.Count - 1].Part.Offset + segments[segments.Count - 1].Part.Length;
        return end == files.Length(path)
            ? (new MediaPart(path, initFirst, initLast - initFirst + 1), segments)
            : throw new FormatException($"the index ends at byte {end}; the file has {files.Length(path)}");
    }

    /// <summary>sidx (ISO/IEC 14496-12 8.16.3) of one level.</summary>
    /// <param name="anchor">Position of the first byte behind it.</param>
    /// <exception cref="FormatException">It names another index, or is not whole.</exception>
    public static List<DashSegment> ReadIndex(BoxReader sidx, string path, long anchor)
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

        return segments;
    }

    private (MediaPart Init, IReadOnlyList<DashSegment> Segments) FromTemplate(XElement template, uint timescale)
    {
        long number = (long?)template.Attribute("startNumber") ?? 1;
        string media = (string?)template.Attribute("media") ?? throw new FormatException("SegmentTemplate has no @media");
        if (!media.Contains("$Number$") && !media.Contains("$Time$"))
        {
            throw new FormatException($"SegmentTemplate@media is '{media}'; expected $Number$ or $Time$ in it");
        }

        string init = Locate((string?)template.Attribute("initialization") ?? throw new FormatException("SegmentTemplate has no @initialization"));
        List<DashSegment> segments = [];
        foreach ((long time, long duration) in TimeLine(template))
        {
            string path = Locate(media.Replace("$Number$", Text(checked(number++))).Replace("$Time$", Text(time)));
            segments.Add(new DashSegment(new MediaPart(path, 0, files.Length(path)), time, duration, timescale, null));
        }

        return (new MediaPart(init, 0, files.Length(init)), segments);
    }

    /// <summary>Of files, or of ranges of the one that BaseURL names.</summary>
    private (MediaPart Init, IReadOnlyList<DashSegment> Segments) FromList(XElement representation, XElement list, uint timescale)
    {
        string? whole = representation.Element(Mpd + "BaseURL")?.Value;
        XElement[] urls = [.. list.Elements(Mpd + "SegmentURL")];
        (long Time, long Duration)[] times = [.. TimeLine(list).Take(urls.Length + 1)];
        if (times.Length != urls.Length)
        {
            throw new FormatException($"SegmentList names {urls.Length} segments, and its SegmentTimeline has another number of them");
        }

        XElement init = list.Element(Mpd + "Initialization") ?? throw new FormatException("SegmentList has no Initialization");
        return (
            Part((string?)init.Attribute("sourceURL"), (string?)init.Attribute("range")),
            [.. urls.Zip(times, (url, time) => new DashSegment(
                Part((string?)url.Attribute("media"), (string?)url.Attribute("mediaRange")), time.Time, time.Duration, timescale, null))]);

        MediaPart Part(string? uri, string? range)
        {
            string path = Locate(uri ?? whole ?? throw new FormatException("a segment has neither a URL nor a BaseURL"));
            (long first, long last) = range is null ? (0, files.Length(path) - 1) : Range(range);
            return last < files.Length(path)
                ? new MediaPart(path, first, last - first + 1)
                : throw new FormatException($"bytes {first}-{last} do not fit a file of {files.Length(path)} bytes");
        }
    }

    private static IEnumerable<(long Time, long Duration)> TimeLine(XElement addressing)
    {
        long time = 0;
        foreach (XElement s in addressing.Element(Mpd + "SegmentTimeline")?.Elements(Mpd + "S") ?? throw new FormatException("there is no SegmentTimeline"))
        {
            long duration = (long?)s.Attribute("d") ?? throw new FormatException("an S has no @d");
            time = (long?)s.Attribute("t") ?? time;
            for (int r = (int?)s.Attribute("r") ?? 0; r >= 0; r--)
            {
                yield return (time, duration);
                time = checked(time + duration);
            }
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string Locate(string uri) =>
        OutputFiles.Resolve(mpdPath, uri) is string path && files.Contains(path) ? path : throw new FormatException($"'{uri}' is not there");

    /// <exception cref="FormatException">It is none.</exception>
    public static (long First, long Last) Range(string? range)
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
