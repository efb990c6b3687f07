using System.Xml;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Adaptation sets of WebVTT files beside the media, whose times count from the Period's start (DASH-IF IOP, part 6).</summary>
internal sealed class TextSetWriter(XmlWriter xml, string mpdPath)
{
    /// <param name="firstId">The first AdaptationSet@id that is free.</param>
    /// <param name="period">Number of the Period.</param>
    public void Write(IReadOnlyList<TextRendition> texts, int firstId, int period)
    {
        foreach (TextRendition text in texts.OrderByDescending(text => text.Track.IsDefault))
        {
            xml.WriteStartElement("AdaptationSet");
            xml.WriteNumber("id", firstId++);
            xml.WriteAttributeString("contentType", "text");
            xml.WriteAttributeString("mimeType", ContentTypes.WebVtt);
            if (text.Track.Language is string language)
            {
                xml.WriteAttributeString("lang", language);
            }

            if (text.Track.Label is string label)
            {
                xml.WriteElementString("Label", DashXml.Namespace, DashXml.Clean(label));
            }

            if (text.Track.IsCaption)
            {
                xml.WriteDescriptor("Accessibility", AdaptationSetWriter.RoleScheme, "caption");
            }

            foreach (string role in text.Track.DashRoles)
            {
                xml.WriteDescriptor("Role", AdaptationSetWriter.RoleScheme, role);
            }

            xml.WriteStartElement("Representation");
            xml.WriteAttributeString("id", text.Name);
            xml.WriteNumber("bandwidth", Math.Min(text.AverageBandwidth, uint.MaxValue));
            xml.WriteElementString("BaseURL", DashXml.Namespace, ManifestUri.Relative(mpdPath, text.PeriodPaths[period]));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
    }
}
