using System.Xml;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Systems;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>ContentProtection elements (ISO/IEC 23009-1 5.8.4.1, ISO/IEC 23001-7 11.2, DASH-IF IOP part 6): the scheme, then each key system.</summary>
internal sealed class ContentProtectionWriter(XmlWriter xml)
{
    private const string Mp4Scheme = "urn:mpeg:dash:mp4protection:2011";
    private const string CencNamespace = "urn:mpeg:cenc:2013";
    private const string PlayReadyNamespace = "urn:microsoft:playready";
    private const string IopNamespace = "https://dashif.org/CPS";
    private const string ClearKeySystem = "e2719d58-a985-b3c9-781a-b030af78d30e";

    /// <summary>Nothing where the renditions are not encrypted.</summary>
    public void Write(IReadOnlyList<Rendition> renditions)
    {
        if (renditions[0].Protection is not TrackProtection protection)
        {
            return;
        }

        ContentKey key = protection.Key;
        Start(Mp4Scheme, protection.Scheme.ToString().ToLowerInvariant());
        xml.WriteAttributeString("cenc", "default_KID", CencNamespace, key.Id.ToString());
        xml.WriteEndElement();
        ILookup<KeySystem, byte[]> headers = KeySystems.HeadersOf(key, protection.Options).ToLookup(header => header.System, header => header.Box);
        foreach (KeySystem system in protection.Options.Systems.Where(system => headers[system].Any()))
        {
            WriteSystem(system, headers[system].First(), protection);
        }
    }

    private void WriteSystem(KeySystem system, byte[] header, TrackProtection protection)
    {
        string? uri = protection.Options.LicenseUriOf(system, protection.Key);
        switch (system)
        {
            // Players take both elements for the same system, and the one of the common header for the one that counts; it has no address.
            case KeySystem.ClearKey when uri is not null:
                Start($"urn:uuid:{ClearKeySystem}", "ClearKey1.0");
                WriteLicenseUri(uri);
                xml.WriteEndElement();
                break;
            case KeySystem.ClearKey:
                Start($"urn:uuid:{PsshBox.Common}", null);
                WriteHeader(header);
                xml.WriteEndElement();
                break;
            case KeySystem.Widevine:
                Start($"urn:uuid:{PsshBox.Widevine}", null);
                WriteHeader(header);
                WriteLicenseUri(uri);
                xml.WriteEndElement();
                break;
            case KeySystem.PlayReady:
                Start($"urn:uuid:{PsshBox.PlayReady}", "MSPR 2.0");
                WriteHeader(header);
                byte[] playReady = PlayReadyHeader.CreateObject(protection.Key, protection.Scheme, uri);
                xml.WriteElementString("mspr", "pro", PlayReadyNamespace, Convert.ToBase64String(playReady));
                WriteLicenseUri(uri);
                xml.WriteEndElement();
                break;
        }
    }

    private void Start(string scheme, string? value)
    {
        xml.WriteStartElement("ContentProtection");
        xml.WriteAttributeString("schemeIdUri", scheme);
        if (value is not null)
        {
            xml.WriteAttributeString("value", value);
        }
    }

    private void WriteHeader(byte[] header) => xml.WriteElementString("cenc", "pssh", CencNamespace, Convert.ToBase64String(header));

    private void WriteLicenseUri(string? uri)
    {
        if (uri is not null)
        {
            xml.WriteElementString("dashif", "Laurl", IopNamespace, DashXml.Clean(uri));
        }
    }
}
