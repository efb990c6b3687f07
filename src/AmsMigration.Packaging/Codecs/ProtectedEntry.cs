using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Reading;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Encrypted sample entries (ISO/IEC 14496-12 8.12): opened where the scheme is known, else refused with the names of codec and scheme.</summary>
internal static class ProtectedEntry
{
    /// <summary>The entry as it was before encryption, and what undoes that; null where it is not encrypted, or not in a way that is known here.</summary>
    public static (byte[] Entry, TrackEncryption Encryption)? Open(SampleEntryBox entry, TrackKind? kind)
    {
        if (entry.Type is not ("encv" or "enca") || FindProtection(entry, kind) is not SampleEntryBox sinf || sinf.Encryption is not TrackEncryption encryption)
        {
            return null;
        }

        string? format = sinf.Children(0).Where(part => part.Type == "frma" && part.ContentLength >= 4).Select(part => part.FourCC(0)).FirstOrDefault();
        return format is null or "encv" or "enca"
            ? null
            : (SampleEntryBox.ToBox(format, [.. entry.Slice(0, sinf.BoxStart - entry.ContentStart), .. entry.Slice(sinf.BoxEnd - entry.ContentStart, entry.ContentStart + entry.ContentLength - sinf.BoxEnd)]), encryption);
    }

    public static SampleDescription Read(SampleEntryBox entry, TrackKind? kind)
    {
        List<SampleEntryBox> parts = FindProtection(entry, kind)?.Children(0) ?? [];
        string codec = "encrypted media";
        string scheme = entry.Type is "drms" or "drmi" ? "itun" : "an unknown scheme";
        foreach (SampleEntryBox part in parts)
        {
            switch (part.Type)
            {
                case "frma" when part.ContentLength >= 4:
                    codec = CodecNames.Find(part.FourCC(0));
                    break;
                case "schm" when part.ContentLength >= 8:
                    scheme = SampleEntryBox.Printable(part.FourCC(4)).Trim();
                    break;
            }
        }

        return SampleDescriptionReader.Refused(entry, kind, codec, $"it is protected with {Describe(scheme)}, and no key is known");
    }

    private static SampleEntryBox? FindProtection(SampleEntryBox entry, TrackKind? kind)
    {
        int fixedSize = kind switch
        {
            TrackKind.Video => VideoEntryReader.FixedSize,
            TrackKind.Audio => AudioEntryReader.FixedSize,
            _ => 8,
        };
        return entry.Children(fixedSize).Where(box => box.Type == "sinf").Cast<SampleEntryBox?>().FirstOrDefault();
    }

    public static string Describe(string scheme) => scheme switch
    {
        "cenc" or "cens" => $"{scheme} (Common Encryption, AES-CTR)",
        "cbcs" or "cbc1" => $"{scheme} (Common Encryption, AES-CBC)",
        "piff" => "piff (PlayReady Smooth Streaming)",
        "itun" => "FairPlay (iTunes)",
        _ => scheme,
    };
}
