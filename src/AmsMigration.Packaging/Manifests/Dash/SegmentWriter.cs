using System.Globalization;
using System.Xml;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Where a representation's segments lie in files and in time (ISO/IEC 23009-1 5.3.9), as far as they belong to one Period.</summary>
/// <param name="isWhole">The Period is the only one.</param>
internal sealed class SegmentWriter(XmlWriter xml, ManifestPlace place, Stretch period, bool isWhole)
{
    /// <summary>What a single file's index calls subsegments are the segments of other addressing (ISO/IEC 23009-1 5.3.3.2).</summary>
    public void WriteAlignment(AdaptationSet set)
    {
        bool isIndexed = set.Renditions.All(rendition => rendition.AddressingOf(isWhole) == SegmentAddressing.Index);
        xml.WriteAttributeString(isIndexed ? "subsegmentAlignment" : "segmentAlignment", set.IsAligned ? "true" : "false");
        xml.WriteAttributeString(isIndexed ? "subsegmentStartsWithSAP" : "startWithSAP", set.StartsWithSync ? "1" : "0");
    }

    public void Write(Rendition rendition)
    {
        (int first, int count) = period.PartOf(rendition);
        Segment[] segments = [.. rendition.Segments.Skip(first).Take(count)];
        switch (rendition.AddressingOf(isWhole))
        {
            case SegmentAddressing.Index:
                WriteSegmentBase(rendition);
                break;
            case SegmentAddressing.Number:
                WriteTemplate(rendition, segments, Relative(SegmentAddressingExtensions.Folder(rendition.InitPath)) + "$Number$.m4s", first + 1);
                break;
            case SegmentAddressing.Time:
                WriteTemplate(rendition, segments, Relative(SegmentAddressingExtensions.Folder(segments[0].Path)) + "$Time$", null);
                break;
            case SegmentAddressing.List:
                WriteList(rendition, segments);
                break;
        }
    }

    private void WriteSegmentBase(Rendition rendition)
    {
        xml.WriteElementString("BaseURL", DashXml.Namespace, Relative(rendition.InitPath));
        xml.WriteStartElement("SegmentBase");
        WriteTimescale(rendition);
        xml.WriteAttributeString("indexRange", Range(rendition.InitLength, rendition.IndexLength));
        xml.WriteStartElement("Initialization");
        xml.WriteAttributeString("range", Range(0, rendition.InitLength));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteTemplate(Rendition rendition, Segment[] segments, string media, int? startNumber)
    {
        xml.WriteStartElement("SegmentTemplate");
        WriteTimescale(rendition);
        if (startNumber is int number)
        {
            xml.WriteNumber("startNumber", number);
        }

        xml.WriteAttributeString("initialization", Relative(rendition.InitPath));
        xml.WriteAttributeString("media", media);
        WriteTimeline(segments, mayRepeat: true);
        xml.WriteEndElement();
    }

    /// <summary>Places in one file are ranges of a BaseURL; other segments are files of their own.</summary>
    private void WriteList(Rendition rendition, Segment[] segments)
    {
        bool isOneFile = rendition.Segments[0].Path == rendition.InitPath;
        if (isOneFile)
        {
            xml.WriteElementString("BaseURL", DashXml.Namespace, Relative(rendition.InitPath));
        }

        xml.WriteStartElement("SegmentList");
        WriteTimescale(rendition);
        xml.WriteStartElement("Initialization");
        if (isOneFile)
        {
            xml.WriteAttributeString("range", Range(0, rendition.InitLength));
        }
        else
        {
            xml.WriteAttributeString("sourceURL", Relative(rendition.InitPath));
        }

        xml.WriteEndElement();
        // dash.js 5.2 counts S elements, and not what they repeat, to find the SegmentURL.
        WriteTimeline(segments, mayRepeat: false);
        foreach (Segment segment in segments)
        {
            xml.WriteStartElement("SegmentURL");
            if (isOneFile)
            {
                xml.WriteAttributeString("mediaRange", Range(segment.Offset, segment.Length));
            }
            else
            {
                xml.WriteAttributeString("media", Relative(segment.Path));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Neighbours of one duration are one S; a time is written at the start and after a hole (ISO/IEC 23009-1 5.3.9.6).</summary>
    private void WriteTimeline(Segment[] segments, bool mayRepeat)
    {
        xml.WriteStartElement("SegmentTimeline");
        long expected = long.MinValue;
        for (int i = 0; i < segments.Length;)
        {
            Segment first = segments[i];
            long end = first.Start;
            int repeat = -1;
            do
            {
                repeat++;
                i++;
                end += first.Duration;
            }
            while (mayRepeat && i < segments.Length && segments[i].Start == end && segments[i].Duration == first.Duration);

            xml.WriteStartElement("S");
            if (first.Start != expected)
            {
                xml.WriteNumber("t", first.Start);
            }

            xml.WriteNumber("d", first.Duration);
            xml.WritePositive("r", repeat);
            xml.WriteEndElement();
            expected = end;
        }

        xml.WriteEndElement();
    }

    private void WriteTimescale(Rendition rendition)
    {
        xml.WriteNumber("timescale", rendition.Track.Timescale);
        xml.WritePositive("presentationTimeOffset", TimeMath.Rescale(period.MediaStart.Value, period.MediaStart.Timescale, rendition.Track.Timescale));
    }

    private string Relative(string path) => place.Reference(path);

    private static string Range(long offset, long length) =>
        string.Format(CultureInfo.InvariantCulture, "{0}-{1}", offset, offset + length - 1);
}
