using System.Xml;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>AdaptationSet and Representation elements (ISO/IEC 23009-1 5.3.3, 5.3.5).</summary>
/// <param name="previousPeriod">@id of the Period that this one goes on from; null where there is none.</param>
internal sealed class AdaptationSetWriter(XmlWriter xml, SegmentWriter segments, string? previousPeriod)
{
    public const string RoleScheme = "urn:mpeg:dash:role:2011";
    private const string AudioPurposeScheme = "urn:tva:metadata:cs:AudioPurposeCS:2007";
    /// <summary>The same initialization segments go on, behind a jump in time (ISO/IEC 23009-1 5.3.2.4).</summary>
    private const string ConnectivityScheme = "urn:mpeg:dash:period-connectivity:2015";

    private const string SwitchingScheme = "urn:mpeg:dash:adaptation-set-switching:2016";
    private const string TransferScheme = "urn:mpeg:mpegB:cicp:TransferCharacteristics";
    private const string ChannelScheme = "urn:scte:dash:cc:cea-608:2015";
    private const string ServiceScheme = "urn:scte:dash:cc:cea-708:2015";
    private const string Service = "SERVICE";
    private const string Description = "description";

    public void Write(AdaptationSet set, IReadOnlyList<AdaptationSet> all)
    {
        Track track = set.Track;
        xml.WriteStartElement("AdaptationSet");
        xml.WriteNumber("id", set.Id);
        xml.WriteAttributeString("contentType", track.Kind.ToString().ToLowerInvariant());
        xml.WriteAttributeString("mimeType", track.Kind switch
        {
            TrackKind.Video => ContentTypes.Mp4Video,
            TrackKind.Audio => ContentTypes.Mp4Audio,
            _ => "application/mp4",
        });
        if (track.Language is string language && track.Kind != TrackKind.Video)
        {
            xml.WriteAttributeString("lang", language);
        }

        if (track.Kind == TrackKind.Video)
        {
            WritePictureBounds(set.Renditions);
        }

        segments.WriteAlignment(set);
        new ContentProtectionWriter(xml).Write(set.Renditions);
        if (previousPeriod is not null)
        {
            xml.WriteDescriptor("SupplementalProperty", ConnectivityScheme, previousPeriod);
        }

        string switches = string.Join(",", all.Where(set.SwitchesTo).Select(other => other.Id));
        if (switches.Length > 0)
        {
            xml.WriteDescriptor("SupplementalProperty", SwitchingScheme, switches);
        }

        foreach ((string scheme, string value) in Properties(track.Descriptions[0].Codec))
        {
            xml.WriteDescriptor("SupplementalProperty", scheme, value);
        }

        if (track.Label is string label && track.Kind != TrackKind.Video)
        {
            xml.WriteElementString("Label", DashXml.Namespace, DashXml.Clean(label));
        }

        WriteClosedCaptions(set.Renditions);
        WriteRoles(track);
        foreach (Rendition rendition in set.Renditions)
        {
            WriteRepresentation(rendition);
        }

        xml.WriteEndElement();
    }

    /// <summary>Supplemental: a player that does not know the transfer would drop the whole set for an essential one.</summary>
    private static IEnumerable<(string Scheme, string Value)> Properties(CodecInfo codec) => codec.VideoRange switch
    {
        VideoRange.Pq => codec.DashSupplementalProperties.Concat([(TransferScheme, "16")]),
        VideoRange.Hlg => codec.DashSupplementalProperties.Concat([(TransferScheme, "18")]),
        _ => codec.DashSupplementalProperties,
    };

    private void WritePictureBounds(IReadOnlyList<Rendition> renditions)
    {
        List<CodecInfo> codecs = [.. renditions.Select(r => r.Track.Descriptions[0].Codec)];
        List<string> aspects = [.. codecs.Select(c => DashXml.Ratio((long)c.Width * c.SarWidth, (long)c.Height * c.SarHeight)).Distinct()];
        if (aspects.Count == 1 && codecs[0].Width > 0 && codecs[0].Height > 0)
        {
            xml.WriteAttributeString("par", aspects[0]);
        }

        xml.WritePositive("maxWidth", codecs.Max(c => c.Width));
        xml.WritePositive("maxHeight", codecs.Max(c => c.Height));
        IEnumerable<(long Numerator, long Denominator)> rates = renditions.Select(r => r.FrameRate);
        xml.WriteFraction("maxFrameRate", rates.OrderByDescending(rate => (decimal)rate.Numerator / rate.Denominator).First());
    }

    /// <summary>ANSI/SCTE 214-1 7.2.2; nothing in the pictures says which language they are in.</summary>
    private void WriteClosedCaptions(IReadOnlyList<Rendition> renditions)
    {
        List<string> names = [.. renditions.SelectMany(rendition => rendition.Track.ClosedCaptions).Distinct()];
        Write(ChannelScheme, string.Join(";", names.Where(name => !IsService(name)).Select(channel => $"{channel}=und")));
        Write(ServiceScheme, string.Join(";", names.Where(IsService).Select(service => $"{service.Substring(Service.Length)}=lang:und")));

        static bool IsService(string name) => name.StartsWith(Service, StringComparison.Ordinal);

        void Write(string scheme, string value)
        {
            if (value.Length > 0)
            {
                xml.WriteDescriptor("Accessibility", scheme, value);
            }
        }
    }

    private void WriteRoles(Track track)
    {
        if (track.Roles.Contains(Description))
        {
            xml.WriteDescriptor("Accessibility", RoleScheme, Description);
            if (track.Kind == TrackKind.Audio)
            {
                xml.WriteDescriptor("Accessibility", AudioPurposeScheme, "1");
            }
        }

        string otherwise = track switch
        {
            { Kind: TrackKind.Text } => "subtitle",
            { Roles.Count: > 0 } or { Alternative: > 0 } => "alternate",
            _ => "main",
        };
        foreach (string role in track.Roles.Where(role => role != Description).DefaultIfEmpty(otherwise))
        {
            xml.WriteDescriptor("Role", RoleScheme, role);
        }
    }

    private void WriteRepresentation(Rendition rendition)
    {
        Track track = rendition.Track;
        CodecInfo codec = track.Descriptions[0].Codec;
        xml.WriteStartElement("Representation");
        xml.WriteAttributeString("id", rendition.Name);
        xml.WriteNumber("bandwidth", Math.Min(rendition.PeakBandwidth, uint.MaxValue));
        xml.WriteAttributeString("codecs", string.Join(",", track.Descriptions.Select(d => d.Codec.CodecString).Distinct()));
        if (track.Kind == TrackKind.Video)
        {
            xml.WritePositive("width", codec.Width);
            xml.WritePositive("height", codec.Height);
            xml.WriteAttributeString("sar", DashXml.Ratio(codec.SarWidth, codec.SarHeight));
            xml.WriteFraction("frameRate", rendition.FrameRate);
        }
        else
        {
            xml.WritePositive("audioSamplingRate", codec.SampleRate);
        }

        if (codec.DashChannels is (string scheme, string value))
        {
            xml.WriteDescriptor("AudioChannelConfiguration", scheme, value);
        }

        segments.Write(rendition);
        xml.WriteEndElement();
    }
}
