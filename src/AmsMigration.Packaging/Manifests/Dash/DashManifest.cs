using System.Globalization;
using System.Text;
using System.Xml;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>
/// A static MPD (ISO/IEC 23009-1): on-demand profile for single files with an index, live profile for templates, main profile for lists of segments.
/// Jumps begin new Periods, without time between them: players that seek to where nothing is wait there.
/// </summary>
internal static class DashManifest
{
    private const string OnDemandProfile = "urn:mpeg:dash:profile:isoff-on-demand:2011";
    private const string LiveProfile = "urn:mpeg:dash:profile:isoff-live:2011";
    private const string MainProfile = "urn:mpeg:dash:profile:isoff-main:2011";
    private const string CmafProfile = "urn:mpeg:dash:profile:cmaf:2019";

    /// <param name="place">References to media go by it; those to texts and thumbnails by its path alone.</param>
    /// <param name="baseUri">What all references are relative to (ISO/IEC 23009-1 5.6); empty for the MPD itself.</param>
    public static string Write(
        ManifestPlace place, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> texts,
        IReadOnlyList<ThumbnailTrack> thumbnails, EventTimeline events, string baseUri = "")
    {
        PresentationSpan span = PresentationSpan.Of(renditions);
        bool isWhole = span.Stretches.Count == 1;
        var text = new Utf8StringWriter();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("MPD", DashXml.Namespace);
            // .NET applies the schema's default attributes of xlink only where the prefix is declared.
            xml.WriteAttributeString("xmlns", "xlink", null, "http://www.w3.org/1999/xlink");
            xml.WriteAttributeString("profiles", $"{Profile(renditions, isWhole)},{CmafProfile}");
            xml.WriteAttributeString("type", "static");
            xml.WriteAttributeString("mediaPresentationDuration", ManifestTime.ToDuration(span.Duration, ManifestTime.Microseconds));
            xml.WriteAttributeString("minBufferTime", LeastBuffer(renditions));
            if (baseUri.Length > 0)
            {
                xml.WriteElementString("BaseURL", DashXml.Namespace, baseUri);
            }

            foreach (Stretch period in span.Stretches)
            {
                WritePeriod(xml, place, period, isWhole, renditions, texts, thumbnails, events);
            }

            xml.WriteEndElement();
        }

        return text + "\n";
    }

    private static void WritePeriod(
        XmlWriter xml, ManifestPlace place, Stretch period, bool isWhole, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> texts,
        IReadOnlyList<ThumbnailTrack> thumbnails, EventTimeline events)
    {
        xml.WriteStartElement("Period");
        xml.WriteNumber("id", period.Index);
        xml.WriteAttributeString("start", period.Start == 0 ? "PT0S" : $"PT{ManifestTime.ToSeconds(period.Start)}S");
        new EventStreamWriter(xml).Write(events, period);
        string? previous = period.Index == 0 ? null : (period.Index - 1).ToString(CultureInfo.InvariantCulture);
        var writer = new AdaptationSetWriter(xml, new SegmentWriter(xml, place, period, isWhole), previous);
        IReadOnlyList<AdaptationSet> sets = AdaptationSet.Of(renditions);
        IEnumerable<AdaptationSet> there = sets.Where(set => set.Renditions.All(rendition => period.PartOf(rendition).Count > 0));
        foreach (AdaptationSet set in there.Where(set => set.Track.Kind != TrackKind.Text))
        {
            writer.Write(set, sets);
        }

        // WebVTT before TTML: players that choose by language alone take the first, and all of them show that.
        new TextSetWriter(xml, place.Path).Write(texts, sets.Count, period.Index);
        foreach (AdaptationSet set in there.Where(set => set.Track.Kind == TrackKind.Text))
        {
            writer.Write(set, sets);
        }

        new ThumbnailSetWriter(xml, place.Path).Write(thumbnails, sets.Count + texts.Count, period);
        xml.WriteEndElement();
    }

    private static string Profile(IReadOnlyList<Rendition> renditions, bool isWhole)
    {
        HashSet<SegmentAddressing> addressing = [.. renditions.Select(rendition => rendition.AddressingOf(isWhole))];
        return addressing.Contains(SegmentAddressing.List) ? MainProfile
            : !addressing.Contains(SegmentAddressing.Index) ? LiveProfile
            : addressing.Count == 1 ? OnDemandProfile
            : MainProfile;
    }

    /// <summary>
    /// With the longest segment as minBufferTime, a segment's peak bit rate satisfies what @bandwidth promises (ISO/IEC 23009-1 5.3.5.4). One that was
    /// lengthened where media is missing weighs no more than others, and players that wait for as much would not begin for minutes. Text weighs nothing, and
    /// may be one segment as long as the whole.
    /// </summary>
    private static string LeastBuffer(IReadOnlyList<Rendition> renditions)
    {
        const long Usual = 10_000;
        Rendition[] media = [.. renditions.Where(r => r.Track.Kind != TrackKind.Text)];
        long longest = media
            .SelectMany(r => r.Segments.Select(s => TimeMath.RescaleUp(s.Duration, r.Track.Timescale, 1000)))
            .DefaultIfEmpty(1000)
            .Max();
        return ManifestTime.ToDuration(longest <= Usual ? longest : Math.Min(longest, Math.Max(Usual, media.Max(DeliveryTime))), 1000);
    }

    /// <summary>Milliseconds by which a segment's bytes may come too late where playback begins anywhere at once and all come at @bandwidth.</summary>
    private static long DeliveryTime(Rendition rendition)
    {
        decimal late = 0;
        decimal behind = 0;
        foreach (Segment segment in rendition.Segments)
        {
            behind += segment.Length * 8_000m / Math.Max(1, rendition.PeakBandwidth);
            late = Math.Max(late, behind);
            behind = Math.Max(0, behind - (segment.Duration * 1000m / rendition.Track.Timescale));
        }

        return (long)Math.Ceiling(late);
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
