using System.Globalization;
using System.Text;
using System.Xml;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>A static MPD (ISO/IEC 23009-1): on-demand profile for single files, live profile with a segment template otherwise.</summary>
internal static class DashManifest
{
    private const string OnDemandProfile = "urn:mpeg:dash:profile:isoff-on-demand:2011";
    private const string LiveProfile = "urn:mpeg:dash:profile:isoff-live:2011";
    private const string CmafProfile = "urn:mpeg:dash:profile:cmaf:2019";

    public static string Write(
        string path, OutputLayout layout, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> texts,
        IReadOnlyList<ThumbnailTrack> thumbnails, EventTimeline? events)
    {
        PresentationSpan span = PresentationSpan.Of(renditions);
        var text = new Utf8StringWriter();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("MPD", DashXml.Namespace);
            // .NET applies the schema's default attributes of xlink only where the prefix is declared.
            xml.WriteAttributeString("xmlns", "xlink", null, "http://www.w3.org/1999/xlink");
            xml.WriteAttributeString("profiles", $"{(layout == OutputLayout.SingleFile ? OnDemandProfile : LiveProfile)},{CmafProfile}");
            xml.WriteAttributeString("type", "static");
            xml.WriteAttributeString("mediaPresentationDuration", ManifestTime.ToDuration(span.Duration, ManifestTime.Microseconds));
            xml.WriteAttributeString("minBufferTime", LongestSegment(renditions));
            xml.WriteStartElement("Period");
            xml.WriteAttributeString("id", "0");
            xml.WriteAttributeString("start", "PT0S");
            new EventStreamWriter(xml).Write(events);
            var writer = new AdaptationSetWriter(xml, new SegmentAddressing(xml, path, layout, (span.Start, span.Timescale)));
            IReadOnlyList<AdaptationSet> sets = AdaptationSet.Of(renditions);
            foreach (AdaptationSet set in sets.Where(set => set.Track.Kind != TrackKind.Text))
            {
                writer.Write(set, sets);
            }

            // WebVTT before TTML: players that choose by language alone take the first, and all of them show that.
            new TextSetWriter(xml, path).Write(texts, sets.Count);
            foreach (AdaptationSet set in sets.Where(set => set.Track.Kind == TrackKind.Text))
            {
                writer.Write(set, sets);
            }

            new ThumbnailSetWriter(xml, path).Write(thumbnails, sets.Count + texts.Count);

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text + "\n";
    }

    /// <summary>
    /// With it as minBufferTime, a segment's peak bit rate satisfies what @bandwidth promises (ISO/IEC 23009-1 5.3.5.4). Text weighs
    /// nothing, and may be one segment as long as the whole.
    /// </summary>
    private static string LongestSegment(IReadOnlyList<Rendition> renditions)
    {
        IEnumerable<long> lengths = renditions
            .Where(r => r.Track.Kind != TrackKind.Text)
            .SelectMany(r => r.Segments.Select(s => TimeMath.RescaleUp(s.Duration, r.Track.Timescale, 1000)));
        return ManifestTime.ToDuration(lengths.DefaultIfEmpty(1000).Max(), 1000);
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
