using System.Xml;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Thumbnails as tiles of an image (DASH-IF IOP 4.3, 6.2.6).</summary>
internal sealed class ThumbnailSetWriter(XmlWriter xml, string mpdPath)
{
    private const string TileScheme = "http://dashif.org/guidelines/thumbnail_tile";

    /// <param name="firstId">The first AdaptationSet@id that is free.</param>
    public void Write(IReadOnlyList<ThumbnailTrack> tracks, int firstId, Stretch period)
    {
        foreach (ThumbnailTrack track in tracks)
        {
            xml.WriteStartElement("AdaptationSet");
            xml.WriteNumber("id", firstId);
            xml.WriteAttributeString("contentType", "image");
            xml.WriteAttributeString("mimeType", ContentTypes.Jpeg);
            xml.WriteStartElement("SegmentTemplate");
            xml.WriteNumber("timescale", 1000);
            xml.WritePositive("presentationTimeOffset", period.RecordedStart / 1000);
            xml.WriteNumber("duration", track.GridDuration);
            xml.WriteNumber("startNumber", 1);
            xml.WriteAttributeString("media", ManifestUri.Relative(mpdPath, track.Image));
            xml.WriteEndElement();
            xml.WriteStartElement("Representation");
            xml.WriteAttributeString("id", $"thumbnails_{firstId++}");
            xml.WriteNumber("bandwidth", Math.Max(1, TimeMath.BitRate(track.ImageLength, track.GridDuration, 1000)));
            xml.WriteNumber("width", track.Columns * track.TileWidth);
            xml.WriteNumber("height", track.Rows * track.TileHeight);
            xml.WriteDescriptor("EssentialProperty", TileScheme, $"{track.Columns}x{track.Rows}");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
    }
}
