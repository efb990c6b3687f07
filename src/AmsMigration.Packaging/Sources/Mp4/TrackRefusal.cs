using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>What keeps a track out of the output.</summary>
/// <param name="Name">Of the codec, or of what the track is.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="IsMedia">Audio or video.</param>
internal sealed record TrackRefusal(string Name, string Reason, bool IsMedia)
{
    /// <summary>Judges a track without its samples; null where nothing speaks against it.</summary>
    public static TrackRefusal? Find(TrackBox box)
    {
        CodecInfo? codec = box.Descriptions.Count > 0 ? box.Descriptions[0].Codec : null;
        return box.Handler switch
        {
            "vide" or "soun" or "auxv" => OfMedia(box, codec),
            "tmcd" => new TrackRefusal("timecode", "timecode has no place in HLS or DASH.", IsMedia: false),
            "meta" or "mdta" => new TrackRefusal("metadata", "timed metadata is not carried over.", IsMedia: false),
            "hint" => new TrackRefusal("hint", "hints are for streaming servers.", IsMedia: false),
            "text" or "sbtl" or "subt" or "clcp" or "subp" => OfText(box, codec),
            _ when codec is not null && box.Kind is TrackKind.Video or TrackKind.Audio && codec.Refusal is null => OfMedia(box, codec),
            _ => new TrackRefusal($"'{box.Handler}'", "it is neither audio nor video.", IsMedia: false),
        };
    }

    private static TrackRefusal? OfText(TrackBox box, CodecInfo? codec) =>
        codec is { Refusal: null } && box is { Kind: TrackKind.Text, IsExternal: false, Timescale: > 0 }
            ? null
            : new TrackRefusal(codec?.Name ?? "text", codec?.Refusal ?? "it cannot be read.", IsMedia: false);

    private static TrackRefusal? OfMedia(TrackBox box, CodecInfo? codec)
    {
        string name = codec?.Name ?? "unknown codec";
        string? reason = codec is null ? "it has no sample description."
            : box.IsExternal ? "its media lies in another file, which it names by a path of the machine that made it."
            : box.Descriptions.Select(description => description.Codec.Refusal).FirstOrDefault(refusal => refusal is not null)
                ?? (box.Timescale == 0 ? "its timescale is 0, so no sample has a time." : null);
        return reason is null ? null : new TrackRefusal(name, reason, IsMedia: true);
    }
}
