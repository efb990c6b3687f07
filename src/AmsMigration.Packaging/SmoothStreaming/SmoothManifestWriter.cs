using System.Globalization;
using System.Text;
using System.Xml;
using AmsMigration.Packaging.Manifests.Dash;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.SmoothStreaming;

/// <summary>The client manifest of what is not live (MS-SSTR 2.2.2), in its version 2.0, which every client knows.</summary>
internal static class SmoothManifestWriter
{
    private const uint Timescale = 10_000_000;

    public static string Write(IReadOnlyList<SmoothStream> streams)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("SmoothStreamingMedia");
            xml.WriteNumber("MajorVersion", 2);
            xml.WriteNumber("MinorVersion", 0);
            xml.WriteNumber("TimeScale", Timescale);
            xml.WriteNumber("Duration", streams.Max(DurationOf));
            foreach (SmoothStream stream in streams)
            {
                WriteStream(xml, stream);
            }

            xml.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }

    /// <summary>From the first chunk to the end of the last.</summary>
    private static long DurationOf(SmoothStream stream)
    {
        SmoothChunk last = stream.Chunks[stream.Chunks.Count - 1];
        return TimeMath.RescaleUp(last.Start + last.Duration - stream.Chunks[0].Start, stream.Timescale, Timescale);
    }

    private static void WriteStream(XmlWriter xml, SmoothStream stream)
    {
        bool isVideo = stream.Kind == TrackKind.Video;
        Track track = stream.Levels[0].Rendition.Track;
        xml.WriteStartElement("StreamIndex");
        xml.WriteAttributeString("Type", isVideo ? "video" : "audio");
        xml.WriteAttributeString("Name", stream.Name);
        if (track.Language is string language)
        {
            xml.WriteAttributeString("Language", language);
        }

        xml.WriteNumber("TimeScale", stream.Timescale);
        xml.WriteNumber("Chunks", stream.Chunks.Count);
        xml.WriteNumber("QualityLevels", stream.Levels.Count);
        xml.WriteAttributeString("Url", SmoothStream.UrlPattern(stream.Name));
        if (isVideo)
        {
            xml.WriteNumber("MaxWidth", stream.Levels.Max(level => level.Rendition.Track.Descriptions[0].Codec.Width));
            xml.WriteNumber("MaxHeight", stream.Levels.Max(level => level.Rendition.Track.Descriptions[0].Codec.Height));
            Rendition largest = stream.Levels.OrderByDescending(level => level.Rendition.DisplayWidth).First().Rendition;
            xml.WriteNumber("DisplayWidth", largest.DisplayWidth);
            xml.WriteNumber("DisplayHeight", largest.DisplayHeight);
        }

        for (int i = 0; i < stream.Levels.Count; i++)
        {
            WriteLevel(xml, stream.Levels[i], i, isVideo);
        }

        WriteChunks(xml, stream.Chunks);
        xml.WriteEndElement();
    }

    private static void WriteLevel(XmlWriter xml, SmoothLevel level, int index, bool isVideo)
    {
        Codecs.CodecInfo codec = level.Rendition.Track.Descriptions[0].Codec;
        xml.WriteStartElement("QualityLevel");
        xml.WriteNumber("Index", index);
        xml.WriteNumber("Bitrate", level.Bitrate);
        xml.WriteAttributeString("FourCC", level.Codec.FourCC);
        if (isVideo)
        {
            xml.WriteNumber("MaxWidth", codec.Width);
            xml.WriteNumber("MaxHeight", codec.Height);
            xml.WriteNumber("NALUnitLengthField", codec.NalLengthSize);
        }
        else
        {
            const int Aac = 255;
            xml.WriteNumber("AudioTag", Aac);
            xml.WriteNumber("SamplingRate", codec.AacConfiguration!.OutputRate);
            xml.WriteNumber("Channels", codec.Channels);
            xml.WriteNumber("BitsPerSample", 16);
            xml.WriteNumber("PacketSize", 4);
        }

        xml.WriteAttributeString("CodecPrivateData", level.Codec.PrivateData);
        xml.WriteEndElement();
    }

    /// <summary>A time is written at the start and after a hole.</summary>
    private static void WriteChunks(XmlWriter xml, IReadOnlyList<SmoothChunk> chunks)
    {
        long expected = long.MinValue;
        foreach (SmoothChunk chunk in chunks)
        {
            xml.WriteStartElement("c");
            if (chunk.Start != expected)
            {
                xml.WriteNumber("t", chunk.Start);
            }

            xml.WriteNumber("d", chunk.Duration);
            xml.WriteEndElement();
            expected = chunk.Start + chunk.Duration;
        }
    }
}
