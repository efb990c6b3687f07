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
            long start = period.RecordedStart / 1000;
            long before = track.Images.Count > 1 ? Math.Min(start / track.GridDuration, track.Images.Count - 1) : 0;
            xml.WritePositive("presentationTimeOffset", start - (before * track.GridDuration));
            xml.WriteNumber("duration", track.GridDuration);
            xml.WriteNumber("startNumber", (track.Numbering?.First ?? 1) + before);
            xml.WriteAttributeString("media", MediaOf(track));
            xml.WriteEndElement();
            xml.WriteStartElement("Representation");
            xml.WriteAttributeString("id", $"thumbnails_{firstId++}");
            xml.WriteNumber("bandwidth", Math.Max(1, TimeMath.BitRate(track.Images.Max(image => image.Length), track.GridDuration, 1000)));
            xml.WriteNumber("width", track.Columns * track.TileWidth);
            xml.WriteNumber("height", track.Rows * track.TileHeight);
            xml.WriteDescriptor("EssentialProperty", TileScheme, $"{track.Columns}x{track.Rows}");
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
    }
    private string MediaOf(ThumbnailTrack track)
    {
        if (track.Numbering is not NumberedNames names)
        {
            return Escape(track.Images[0].Path);
        }

        string number = names.Digits > 1 ? $"$Number%0{names.Digits}d$" : "$Number$";
        return Escape(names.Before) + number + ManifestUri.Encode(names.After);
    }

    private string Escape(string path) => ManifestUri.Relative(mpdPath, path);
}
