using System.Globalization;
using System.Text;
using System.Xml;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>A static MPD (ISO/IEC 23009-1): on-demand profile for single files, live profile with a segment template otherwise.</summary>
internal static class DashManifest
{
    private const string Namespace = "urn:mpeg:dash:schema:mpd:2011";
    private const string RoleScheme = "urn:mpeg:dash:role:2011";
    private const string OnDemandProfile = "urn:mpeg:dash:profile:isoff-on-demand:2011";
    private const string LiveProfile = "urn:mpeg:dash:profile:isoff-live:2011";
    private const string CmafProfile = "urn:mpeg:dash:profile:cmaf:2019";
    private const string TransferScheme = "urn:mpeg:mpegB:cicp:TransferCharacteristics";

    public static string Write(string path, OutputLayout layout, IReadOnlyList<Rendition> renditions)
    {
        (long start, uint startTimescale) = Start(renditions);
        var text = new Utf8StringWriter();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("MPD", Namespace);
            xml.WriteAttributeString("xmlns", "xlink", null, "http://www.w3.org/1999/xlink");
            xml.WriteAttributeString("profiles", $"{(layout == OutputLayout.SingleFile ? OnDemandProfile : LiveProfile)},{CmafProfile}");
            xml.WriteAttributeString("type", "static");
            xml.WriteAttributeString("mediaPresentationDuration", Duration(renditions, start, startTimescale));
            xml.WriteAttributeString("minBufferTime", LongestSegment(renditions));
            xml.WriteStartElement("Period");
            xml.WriteAttributeString("id", "0");
            xml.WriteAttributeString("start", "PT0S");
            int id = 0;
            foreach (IGrouping<(TrackKind, string), Rendition> set in renditions.GroupBy(r => (r.Track.Kind, SetKey(r.Track))))
            {
                WriteAdaptationSet(xml, id++, path, layout, [.. set], start, startTimescale);
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text + "\n";
    }

    /// <summary>Bit rates of video are one set whatever their names; audio is told apart by all that a listener would choose by.</summary>
    private static string SetKey(Track track) => track.Kind == TrackKind.Video
        ? string.Join("|", track.Descriptions[0].Codec.Family, track.Descriptions[0].Codec.VideoRange, string.Join(",", track.Roles))
        : track.GroupKey;

    private static void WriteAdaptationSet(
        XmlWriter xml, int id, string path, OutputLayout layout, IReadOnlyList<Rendition> set, long start, uint startTimescale)
    {
        Track track = set[0].Track;
        string contentType = track.Kind.ToString().ToLowerInvariant();
        xml.WriteStartElement("AdaptationSet");
        Attribute(xml, "id", id);
        xml.WriteAttributeString("contentType", contentType);
        xml.WriteAttributeString("mimeType", track.Kind == TrackKind.Video ? ContentTypes.Mp4Video : ContentTypes.Mp4Audio);
        if (track.Language is string language)
        {
            xml.WriteAttributeString("lang", language);
        }

        if (track.Kind == TrackKind.Video)
        {
            WriteVideoSetAttributes(xml, set);
        }

        bool startsWithSync = set.All(r => r.Segments.All(segment => r.Fragments[segment.FirstFragment].IsSync));
        string aligned = set.All(r => StartsLike(r, set[0])) ? "true" : "false";
        if (layout == OutputLayout.SingleFile)
        {
            xml.WriteAttributeString("subsegmentAlignment", aligned);
            xml.WriteAttributeString("subsegmentStartsWithSAP", startsWithSync ? "1" : "0");
        }
        else
        {
            xml.WriteAttributeString("segmentAlignment", aligned);
            xml.WriteAttributeString("startWithSAP", startsWithSync ? "1" : "0");
        }

        foreach ((string scheme, string value) in SetProperties(track))
        {
            Descriptor(xml, "SupplementalProperty", scheme, value);
        }

        if (track.Label is string label && track.Kind == TrackKind.Audio)
        {
            xml.WriteElementString("Label", Namespace, label);
        }

        if (track.Roles.Contains("description"))
        {
            Descriptor(xml, "Accessibility", RoleScheme, "description");
        }

        foreach (string role in track.Roles.Where(role => role != "description").DefaultIfEmpty(track.Roles.Count > 0 ? "alternate" : "main"))
        {
            Descriptor(xml, "Role", RoleScheme, role);
        }

        foreach (Rendition rendition in set)
        {
            WriteRepresentation(xml, path, layout, rendition, start, startTimescale);
        }

        xml.WriteEndElement();
    }

    private static IEnumerable<(string Scheme, string Value)> SetProperties(Track track)
    {
        CodecInfo codec = track.Descriptions[0].Codec;
        return codec.VideoRange switch
        {
            VideoRange.Pq => codec.DashSupplementalProperties.Concat([(TransferScheme, "16")]),
            VideoRange.Hlg => codec.DashSupplementalProperties.Concat([(TransferScheme, "18")]),
            _ => codec.DashSupplementalProperties,
        };
    }

    private static void WriteVideoSetAttributes(XmlWriter xml, IReadOnlyList<Rendition> set)
    {
        List<string> aspects = [.. set.Select(r => Ratio(r.DisplayWidth, r.DisplayHeight)).Distinct()];
        if (aspects.Count == 1 && set[0].DisplayHeight > 0)
        {
            xml.WriteAttributeString("par", aspects[0]);
        }

        Attribute(xml, "maxWidth", set.Max(r => r.Track.Descriptions[0].Codec.Width));
        Attribute(xml, "maxHeight", set.Max(r => r.Track.Descriptions[0].Codec.Height));
        (long Numerator, long Denominator) fastest = set.Select(r => r.FrameRate)
            .OrderByDescending(rate => (decimal)rate.Numerator / rate.Denominator).First();
        if (fastest.Numerator > 0)
        {
            xml.WriteAttributeString("maxFrameRate", Fraction(fastest));
        }
    }

    private static void WriteRepresentation(XmlWriter xml, string path, OutputLayout layout, Rendition rendition, long start, uint startTimescale)
    {
        Track track = rendition.Track;
        CodecInfo codec = track.Descriptions[0].Codec;
        xml.WriteStartElement("Representation");
        xml.WriteAttributeString("id", rendition.Name);
        Attribute(xml, "bandwidth", rendition.PeakBandwidth);
        xml.WriteAttributeString("codecs", string.Join(",", track.Descriptions.Select(d => d.Codec.CodecString).Distinct()));
        if (track.Kind == TrackKind.Video)
        {
            Attribute(xml, "width", codec.Width);
            Attribute(xml, "height", codec.Height);
            xml.WriteAttributeString("sar", Ratio(codec.SarWidth, codec.SarHeight));
            if (rendition.FrameRate.Numerator > 0)
            {
                xml.WriteAttributeString("frameRate", Fraction(rendition.FrameRate));
            }
        }
        else if (codec.SampleRate > 0)
        {
            Attribute(xml, "audioSamplingRate", codec.SampleRate);
        }

        if (codec.DashChannels is (string scheme, string value))
        {
            Descriptor(xml, "AudioChannelConfiguration", scheme, value);
        }

        long offset = TimeMath.Rescale(start, startTimescale, track.Timescale);
        if (layout == OutputLayout.SingleFile)
        {
            WriteSegmentBase(xml, path, rendition, offset);
        }
        else
        {
            WriteSegmentTemplate(xml, path, rendition, offset);
        }

        xml.WriteEndElement();
    }

    private static void WriteSegmentBase(XmlWriter xml, string path, Rendition rendition, long presentationTimeOffset)
    {
        xml.WriteElementString("BaseURL", Namespace, ManifestUri.Relative(path, rendition.InitPath));
        xml.WriteStartElement("SegmentBase");
        xml.WriteAttributeString("indexRange", Range(rendition.InitLength, rendition.IndexLength));
        Attribute(xml, "timescale", rendition.Track.Timescale);
        WriteOffset(xml, presentationTimeOffset);
        xml.WriteStartElement("Initialization");
        xml.WriteAttributeString("range", Range(0, rendition.InitLength));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteSegmentTemplate(XmlWriter xml, string path, Rendition rendition, long presentationTimeOffset)
    {
        string init = ManifestUri.Relative(path, rendition.InitPath);
        xml.WriteStartElement("SegmentTemplate");
        Attribute(xml, "timescale", rendition.Track.Timescale);
        WriteOffset(xml, presentationTimeOffset);
        Attribute(xml, "startNumber", 1);
        xml.WriteAttributeString("initialization", init);
        xml.WriteAttributeString("media", init.Substring(0, init.LastIndexOf('/') + 1) + "$Number$.m4s");
        xml.WriteStartElement("SegmentTimeline");
        long expected = long.MinValue;
        for (int i = 0; i < rendition.Segments.Count;)
        {
            Segment segment = rendition.Segments[i];
            int repeat = 0;
            long next = segment.Start + segment.Duration;
            while (++i < rendition.Segments.Count && rendition.Segments[i].Start == next && rendition.Segments[i].Duration == segment.Duration)
            {
                repeat++;
                next += segment.Duration;
            }

            xml.WriteStartElement("S");
            if (segment.Start != expected)
            {
                Attribute(xml, "t", segment.Start);
            }

            Attribute(xml, "d", segment.Duration);
            if (repeat > 0)
            {
                Attribute(xml, "r", repeat);
            }

            xml.WriteEndElement();
            expected = next;
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteOffset(XmlWriter xml, long presentationTimeOffset)
    {
        if (presentationTimeOffset > 0)
        {
            Attribute(xml, "presentationTimeOffset", presentationTimeOffset);
        }
    }

    private static bool StartsLike(Rendition rendition, Rendition other) =>
        rendition.Segments.Count == other.Segments.Count
        && rendition.Segments.Zip(other.Segments, (a, b) =>
            Math.Abs(ManifestTime.Between(a.Start, 0, rendition.Track.Timescale) - ManifestTime.Between(b.Start, 0, other.Track.Timescale)) < 1000).All(close => close);

    /// <summary>The earliest presentation time: where the Period begins on the media's time line.</summary>
    private static (long Value, uint Timescale) Start(IReadOnlyList<Rendition> renditions)
    {
        (long Value, uint Timescale) earliest = (renditions[0].Segments[0].Start, renditions[0].Track.Timescale);
        foreach (Rendition rendition in renditions)
        {
            (long Value, uint Timescale) start = (rendition.Segments[0].Start, rendition.Track.Timescale);
            if (TimeMath.Compare(start.Value, start.Timescale, earliest.Value, earliest.Timescale) < 0)
            {
                earliest = start;
            }
        }

        return earliest;
    }

    private static string Duration(IReadOnlyList<Rendition> renditions, long start, uint startTimescale)
    {
        const uint Fine = 1_000_000;
        long end = renditions.Max(r => TimeMath.RescaleUp(r.Segments[0].Start + r.Duration, r.Track.Timescale, Fine));
        return ManifestTime.ToDuration(end - TimeMath.Rescale(start, startTimescale, Fine), Fine);
    }

    private static string LongestSegment(IReadOnlyList<Rendition> renditions)
    {
        long longest = renditions.Max(r => r.Segments.Max(s => TimeMath.RescaleUp(s.Duration, r.Track.Timescale, 1000)));
        return ManifestTime.ToDuration(longest, 1000);
    }

    private static void Descriptor(XmlWriter xml, string element, string scheme, string value)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("schemeIdUri", scheme);
        xml.WriteAttributeString("value", value);
        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, long value) => xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    private static string Range(long offset, long length) => string.Format(CultureInfo.InvariantCulture, "{0}-{1}", offset, offset + length - 1);

    private static string Fraction((long Numerator, long Denominator) rate) => rate.Denominator == 1
        ? rate.Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Format(CultureInfo.InvariantCulture, "{0}/{1}", rate.Numerator, rate.Denominator);

    private static string Ratio(long width, long height)
    {
        long divisor = Math.Max(1, TimeMath.GreatestCommonDivisor(width, height));
        return string.Format(CultureInfo.InvariantCulture, "{0}:{1}", width / divisor, height / divisor);
    }

    /// <summary>So that the declaration says utf-8, as the file is.</summary>
    private sealed class Utf8StringWriter : StringWriter
    {
        public Utf8StringWriter()
            : base(CultureInfo.InvariantCulture)
        {
        }

        public override Encoding Encoding => new UTF8Encoding(false);
    }
}
