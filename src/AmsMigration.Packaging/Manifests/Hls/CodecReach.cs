using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>How far a codec reaches: what every player decodes is 0, and the fewer do, the greater the number.</summary>
internal static class CodecReach
{
    public static int Of(Rendition rendition) => rendition.Track.Descriptions[0].Codec.Family switch
    {
        "avc" or "aac" => 0,
        "mp3" or "hevc" or "ac-3" => 1,
        "ec-3" or "ec-3-joc" => 2,
        _ => 3,
    };
}
