using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Encrypted sample entries (ISO/IEC 14496-12 8.12): refused, with the names of the codec and of the scheme.</summary>
internal static class ProtectedEntry
{
    public static SampleDescription Read(SampleEntryBox entry, TrackKind? kind)
    {
        int fixedSize = kind switch
        {
            TrackKind.Video => VideoEntryReader.FixedSize,
            TrackKind.Audio => AudioEntryReader.FixedSize,
            _ => 8,
        };
        SampleEntryBox? sinf = entry.Children(fixedSize).Where(box => box.Type == "sinf").Cast<SampleEntryBox?>().FirstOrDefault();
        List<SampleEntryBox> parts = sinf?.Children(0) ?? [];
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

    private static string Describe(string scheme) => scheme switch
    {
        "cenc" or "cens" => $"{scheme} (Common Encryption, AES-CTR)",
        "cbcs" or "cbc1" => $"{scheme} (Common Encryption, AES-CBC)",
        "piff" => "piff (PlayReady Smooth Streaming)",
        "itun" => "FairPlay (iTunes)",
        _ => scheme,
    };
}
