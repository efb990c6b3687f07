using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Timed text: WebVTT and TTML in MP4 (ISO/IEC 14496-30; <c>dfxp</c> in Smooth Streaming) are carried, other formats named.</summary>
internal static class TextEntryReader
{
    public static SampleDescription Read(SampleEntryBox entry) => entry.Type switch
    {
        "wvtt" => Carried(entry, "WebVTT", "wvtt"),
        "stpp" or "dfxp" => Carried(entry, "TTML", "stpp.ttml.im1t"),
        _ => SampleDescriptionReader.Refused(entry, TrackKind.Text, CodecNames.Find(entry.Type)),
    };

    private static SampleDescription Carried(SampleEntryBox entry, string name, string codecString) => new(
        entry.Data,
        new CodecInfo { FourCC = entry.Type, CodecString = codecString, Name = name, Family = entry.Type, Kind = TrackKind.Text });
}
