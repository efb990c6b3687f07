using System.Globalization;
using System.Xml;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Where a representation's segments lie in files and in time (ISO/IEC 23009-1 5.3.9).</summary>
/// <param name="start">Where the Period begins on the media's time line.</param>
internal sealed class SegmentAddressing(XmlWriter xml, string mpdPath, OutputLayout layout, (long Value, uint Timescale) start)
{
    /// <summary>What a single file's index calls subsegments are the segments of the other layout (ISO/IEC 23009-1 5.3.3.2).</summary>
    public void WriteAlignment(bool isAligned, bool startsWithSync)
    {
        bool isSingleFile = layout == OutputLayout.SingleFile;
        xml.WriteAttributeString(isSingleFile ? "subsegmentAlignment" : "segmentAlignment", isAligned ? "true" : "false");
        xml.WriteAttributeString(isSingleFile ? "subsegmentStartsWithSAP" : "startWithSAP", startsWithSync ? "1" : "0");
    }

    public void Write(Rendition rendition)
    {
        if (layout == OutputLayout.SingleFile)
        {
            WriteSegmentBase(rendition);
        }
        else
        {
            WriteSegmentTemplate(rendition);
        }
    }

    private void WriteSegmentBase(Rendition rendition)
    {
        xml.WriteElementString("BaseURL", DashXml.Namespace, ManifestUri.Relative(mpdPath, rendition.InitPath));
        xml.WriteStartElement("SegmentBase");
        WriteTimescale(rendition);
        xml.WriteAttributeString("indexRange", Range(rendition.InitLength, rendition.IndexLength));
        xml.WriteStartElement("Initialization");
        xml.WriteAttributeString("range", Range(0, rendition.InitLength));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private void WriteSegmentTemplate(Rendition rendition)
    {
        string init = ManifestUri.Relative(mpdPath, rendition.InitPath);
        xml.WriteStartElement("SegmentTemplate");
        WriteTimescale(rendition);
        xml.WriteNumber("startNumber", 1);
        xml.WriteAttributeString("initialization", init);
        xml.WriteAttributeString("media", init.Substring(0, init.LastIndexOf('/') + 1) + "$Number$.m4s");
        xml.WriteStartElement("SegmentTimeline");
        WriteTimeline(rendition.Segments);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>Neighbours of one duration are one S; a time is written at the start and after a hole (ISO/IEC 23009-1 5.3.9.6).</summary>
    private void WriteTimeline(IReadOnlyList<Segment> segments)
    {
        long expected = long.MinValue;
        for (int i = 0; i < segments.Count;)
        {
            Segment first = segments[i];
            long end = first.Start;
            int repeat = -1;
            for (; i < segments.Count && segments[i].Start == end && segments[i].Duration == first.Duration; i++)
            {
                repeat++;
                end += first.Duration;
            }

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
    }

    private void WriteTimescale(Rendition rendition)
    {
        xml.WriteNumber("timescale", rendition.Track.Timescale);
        xml.WritePositive("presentationTimeOffset", TimeMath.Rescale(start.Value, start.Timescale, rendition.Track.Timescale));
    }

    private static string Range(long offset, long length) =>
        string.Format(CultureInfo.InvariantCulture, "{0}-{1}", offset, offset + length - 1);
}
