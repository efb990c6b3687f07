using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Reading;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Reads sample entries (ISO/IEC 14496-12 8.5.2, QuickTime's sound descriptions) and writes them as CMAF wants them.</summary>
public static class SampleDescriptionReader
{
    /// <param name="stsdEntryBox">One complete sample entry box out of stsd.</param>
    /// <param name="handlerType">hdlr's four letters, e.g. <c>vide</c>; decides the kind where the entry's own letters are unknown.</param>
    /// <param name="file">The asset's file, for messages.</param>
    /// <param name="offset">Bytes from the start of <paramref name="file"/> to the entry.</param>
    /// <returns>A codec that cannot be carried has a <see cref="CodecInfo.Refusal"/> and the entry as it was.</returns>
    /// <exception cref="PackagingException"><c>InvalidSampleEntry</c>: truncated, or a box in it lies about its size.</exception>
    public static SampleDescription Read(byte[] stsdEntryBox, string handlerType, string file, long offset)
    {
        SampleEntryBox entry = SampleEntryBox.OfEntry(stsdEntryBox, file, offset);
        if (ProtectedEntry.Open(entry, KindOf(entry.Type, handlerType)) is (byte[] clear, TrackEncryption encryption))
        {
            return Read(clear, handlerType, file, offset) with { Encryption = encryption };
        }

        TrackKind? kind = KindOf(entry.Type, handlerType);
        return kind switch
        {
            _ when entry.Type is "encv" or "enca" or "enct" or "encs" or "drms" or "drmi" => ProtectedEntry.Read(entry, kind),
            TrackKind.Video => VideoEntryReader.Read(entry),
            TrackKind.Audio => AudioEntryReader.Read(entry),
            TrackKind.Text => TextEntryReader.Read(entry),
            _ => Refused(entry, kind, CodecNames.Find(entry.Type), "it is neither video, audio nor text"),
        };
    }

    internal static SampleDescription Refused(SampleEntryBox entry, TrackKind? kind, string name, string? reason = null) => new(
        entry.Data,
        new CodecInfo
        {
            FourCC = entry.Type,
            CodecString = entry.PrintableType.Trim(),
            Name = name,
            Family = name,
            Kind = kind,
            Refusal = reason is null ? $"{name} cannot be carried in CMAF, HLS and DASH." : $"{name} cannot be carried: {reason}.",
        });

    private static TrackKind? KindOf(string fourCC, string handlerType) => fourCC switch
    {
        "wvtt" or "stpp" or "dfxp" or "tx3g" or "c608" or "c708" or "sbtt" or "stxt" => TrackKind.Text,
        "encv" or "drmi" => TrackKind.Video,
        "enca" or "drms" => TrackKind.Audio,
        _ => handlerType switch
        {
            "vide" or "auxv" => TrackKind.Video,
            "soun" => TrackKind.Audio,
            "text" or "subt" or "sbtl" or "clcp" or "subp" => TrackKind.Text,
            _ => CodecNames.KindOf(fourCC),
        },
    };
}
