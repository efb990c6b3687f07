using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AmsMigration.Packaging.Manifests;

namespace AmsMigration.Packaging.Verification;

/// <summary>
/// The ends of each Representation of an MPD (ISO/IEC 23009-1), whoever wrote it: addressing and BaseURL are inherited from set and Period, templates have time
/// lines or one duration.
/// </summary>
internal sealed class DashOutline
{
    private const int MaxRepresentations = 1000;

    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";
    private static readonly Regex Identifier = new(@"\$(?<name>RepresentationID|Bandwidth|Number|Time)?(%0(?<width>[1-9]\d?)d)?\$", RegexOptions.CultureInvariant);

    /// <summary>A time line that many Representations inherit is walked once.</summary>
    private readonly Dictionary<XElement, (long Number, long Time)[]> _timeLines = [];

    /// <summary>False for the ends alone.</summary>
    private readonly bool _isWhole;

    /// <summary>Segments that templates may still name; a time line of a few letters can repeat one for ever.</summary>
    private int _left;

    private DashOutline(bool isWhole, int most)
    {
        _isWhole = isWhole;
        _left = most;
    }

    /// <exception cref="FormatException">A Representation cannot be played.</exception>
    /// <exception cref="OverflowException">A number in it is too large.</exception>
    public static ManifestOutline Read(XElement root, Uri address) => Read(root, address, new DashOutline(isWhole: false, 0));

    /// <summary>All segments instead of the first and the last.</summary>
    /// <param name="most">Segments of templates beyond which no more are named.</param>
    /// <exception cref="FormatException">A Representation cannot be played.</exception>
    /// <exception cref="OverflowException">A number in it is too large.</exception>
    public static ManifestOutline ReadWhole(XElement root, Uri address, int most) => Read(root, address, new DashOutline(isWhole: true, most));

    private static ManifestOutline Read(XElement root, Uri address, DashOutline outline)
    {
        XElement[] representations = [.. root.Elements(Mpd + "Period").Elements(Mpd + "AdaptationSet").Elements(Mpd + "Representation").Take(MaxRepresentations + 1)];
        return representations.Length is 0 or > MaxRepresentations
            ? throw new FormatException(representations.Length == 0 ? "the MPD has no Representation" : $"the MPD has more than {MaxRepresentations} Representations")
            : new ManifestOutline { Kind = ManifestKind.Dash, Renditions = [.. representations.Select(element => outline.ReadOne(element, address))] };
    }

    private OutlinedRendition ReadOne(XElement representation, Uri address)
    {
        XElement[] levels = [.. representation.AncestorsAndSelf()];
        Uri place = Enumerable.Reverse(levels).Aggregate(address, (uri, level) => level.Element(Mpd + "BaseURL") is XElement found ? ManifestOutline.Resolve(uri, found.Value.Trim()) : uri);
        string name = (string?)representation.Attribute("id") ?? "";
        XElement? addressing = new[] { "SegmentTemplate", "SegmentList", "SegmentBase" }
            .SelectMany(kind => levels.Select(level => level.Element(Mpd + kind))).FirstOrDefault(element => element is not null);
        return addressing?.Name.LocalName switch
        {
            "SegmentTemplate" => new OutlinedRendition(name, FromTemplate(representation, levels, addressing, place)),
            "SegmentList" => new OutlinedRendition(name, FromList(addressing, place)),
            "SegmentBase" => FromBase(name, addressing, place),
            _ => new OutlinedRendition(name, [new OutlinedPart(place)]),
        };
    }

    private static OutlinedRendition FromBase(string name, XElement segmentBase, Uri place)
    {
        OutlinedPart? init = (string?)segmentBase.Element(Mpd + "Initialization")?.Attribute("range") is string range ? Range(place, range) : null;
        OutlinedPart? index = (string?)segmentBase.Attribute("indexRange") is string indexRange ? Range(place, indexRange) : null;
        return new OutlinedRendition(name, init is null ? [new OutlinedPart(place)] : [init], index);
    }

    private OutlinedPart[] FromList(XElement list, Uri place)
    {
        XElement? init = list.Element(Mpd + "Initialization");
        OutlinedPart[] segments = [.. list.Elements(Mpd + "SegmentURL").Select(url => Part((string?)url.Attribute("media"), (string?)url.Attribute("mediaRange")))];
        return segments.Length == 0
            ? throw new FormatException("a SegmentList names no segment")
            : [.. init is null ? [] : (OutlinedPart[])[Part((string?)init.Attribute("sourceURL"), (string?)init.Attribute("range"))], .. _isWhole ? segments : ManifestOutline.Ends(segments)];

        OutlinedPart Part(string? uri, string? range)
        {
            Uri file = uri is null ? place : ManifestOutline.Resolve(place, uri);
            return range is null ? new OutlinedPart(file) : Range(file, range);
        }
    }

    private OutlinedPart[] FromTemplate(XElement representation, XElement[] levels, XElement template, Uri place)
    {
        string media = (string?)template.Attribute("media") ?? throw new FormatException("a SegmentTemplate has no @media");
        long start = (long?)template.Attribute("startNumber") ?? 1;
        (long Number, long Time)[] ends = template.Element(Mpd + "SegmentTimeline") is XElement line
            ? _timeLines.TryGetValue(line, out (long, long)[]? known) ? known : _timeLines[line] = EndsOf(line, start)
            : EndsOf(levels, template, start);
        List<string> references = (string?)template.Attribute("initialization") is string init ? [Fill(init, representation, 0, 0)] : [];
        IEnumerable<(long Number, long Time)> segments = _isWhole ? Walk(template, ends) : ends;
        references.AddRange(segments.Select(segment => Fill(media, representation, segment.Number, segment.Time)).Distinct());
        return [.. references.Select(reference => new OutlinedPart(ManifestOutline.Resolve(place, reference)))];
    }

    private IEnumerable<(long Number, long Time)> Walk(XElement template, (long Number, long Time)[] ends)
    {
        long number = ends[0].Number;
        long time = 0;
        IEnumerable<(long? Start, long Duration, long Repeat)> runs = template.Element(Mpd + "SegmentTimeline") is XElement line
            ? line.Elements(Mpd + "S").Select(s => ((long?)s.Attribute("t"), (long)s.Attribute("d")!, (long?)s.Attribute("r") ?? 0))
            : [(0, (long)template.Attribute("duration")!, ends[ends.Length - 1].Number - number)];
        foreach ((long? start, long duration, long repeat) in runs)
        {
            time = start ?? time;
            for (long i = Math.Max(0, repeat); i >= 0 && _left > 0; i--, _left--)
            {
                yield return (number++, time);
                time += duration;
            }
        }
    }

    private static (long Number, long Time)[] EndsOf(XElement timeLine, long startNumber)
    {
        long next = 0;
        long count = 0;
        (long Number, long Time)? first = null;
        (long, long) last = default;
        foreach (XElement s in timeLine.Elements(Mpd + "S"))
        {
            long duration = (long?)s.Attribute("d") ?? throw new FormatException("an S has no @d");
            long repeat = Math.Max(0, (long?)s.Attribute("r") ?? 0);
            long time = (long?)s.Attribute("t") ?? next;
            first ??= (startNumber, time);
            count = checked(count + repeat + 1);
            next = checked(time + (duration * (repeat + 1)));
            last = (checked(startNumber + count - 1), next - duration);
        }

        return first is null ? throw new FormatException("a SegmentTimeline is empty") : [first.Value, last];
    }

    /// <summary>Of segments of one duration: the last one where the manifest says when it ends.</summary>
    private static (long Number, long Time)[] EndsOf(XElement[] levels, XElement template, long startNumber)
    {
        long duration = (long?)template.Attribute("duration") ?? throw new FormatException("a SegmentTemplate has neither a SegmentTimeline nor a duration");
        long timescale = (long?)template.Attribute("timescale") ?? 1;
        string? length = levels.Select(level => (string?)level.Attribute(level.Name == Mpd + "MPD" ? "mediaPresentationDuration" : "duration"))
            .FirstOrDefault(text => text is not null && text.StartsWith("P", StringComparison.Ordinal));
        if (length is null || duration <= 0 || timescale <= 0)
        {
            return [(startNumber, 0)];
        }

        decimal segments = Math.Ceiling(ManifestTime.FromDuration(length) / (decimal)ManifestTime.Microseconds * timescale / duration);
        long last = (long)Math.Max(0, Math.Min(segments - 1, long.MaxValue / 2));
        return [(startNumber, 0), (checked(startNumber + last), checked(last * duration))];
    }

    /// <summary>ISO/IEC 23009-1 5.3.9.4.4.</summary>
    private static string Fill(string template, XElement representation, long number, long time) => Identifier.Replace(template, match =>
    {
        string value = match.Groups["name"].Value switch
        {
            "RepresentationID" => (string?)representation.Attribute("id") ?? "",
            "Bandwidth" => (string?)representation.Attribute("bandwidth") ?? "",
            "Number" => number.ToString(CultureInfo.InvariantCulture),
            "Time" => time.ToString(CultureInfo.InvariantCulture),
            _ => "$",
        };
        return match.Groups["width"].Success ? value.PadLeft(int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture), '0') : value;
    });

    private static OutlinedPart Range(Uri file, string range)
    {
        (long first, long last) = MpdReader.Range(range);
        return new OutlinedPart(file, first, checked(last - first + 1));
    }
}
