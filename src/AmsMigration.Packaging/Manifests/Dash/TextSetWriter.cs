using System.Xml;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Adaptation sets of WebVTT files beside the media, whose times count from the Period's start (DASH-IF IOP, part 6).</summary>
internal sealed class TextSetWriter(XmlWriter xml, string mpdPath)
{
    /// <param name="firstId">The first AdaptationSet@id that is free.</param>
    public void Write(IReadOnlyList<TextRendition> texts, int firstId)
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

            foreach (string role in Roles(text.Track))
            {
                xml.WriteDescriptor("Role", AdaptationSetWriter.RoleScheme, role);
            }

            xml.WriteStartElement("Representation");
            xml.WriteAttributeString("id", text.Name);
            xml.WriteNumber("bandwidth", Math.Min(text.AverageBandwidth, uint.MaxValue));
            xml.WriteElementString("BaseURL", DashXml.Namespace, ManifestUri.Relative(mpdPath, text.Path));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
    }

    /// <summary>ISO/IEC 23009-1 5.8.5.5: what kind of text it is, what else the source calls it, and whether to begin with it.</summary>
    private static IEnumerable<string> Roles(TextTrack track)
    {
        string kind = track switch
        {
            { IsForced: true } => "forced-subtitle",
            { IsCaption: true } => "caption",
            _ => "subtitle",
        };
        IEnumerable<string> others = track.Roles.Where(role => role != "forced_subtitle");
        return new[] { kind }.Concat(others).Concat(track.IsDefault ? ["main"] : []).Distinct();
    }
}
