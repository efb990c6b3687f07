namespace AmsMigration.Interop.Tests;

/// <summary>Which fixture assets a test is run on.</summary>
public static class Media
{
    /// <summary>All that convert.</summary>
    public static readonly string[] All =
    [
        "ac3", "all-intra", "anamorphic", "audio-only", "bare-mp4", "captions", "closed-captions", "flac", "fragmented", "hevc-hdr", "hevc-hvc1", "mbr-mp4", "mp3", "mpeg4-part2",
        "multi-audio", "ntsc", "rotated", "surround", "two-manifests", "video-only", "vp9-opus",
    ];

    /// <summary>Those whose codecs Chromium decodes without a licence of its maker.</summary>
    public static readonly string[] Playable =
    [
        "anamorphic", "audio-only", "bare-mp4", "fragmented", "mbr-mp4", "multi-audio", "ntsc", "rotated", "video-only", "vp9-opus",
    ];

    public static TheoryData<string> AllAssets => [.. All];

    public static MatrixTheoryData<string, Packaging.Planning.OutputLayout> AllInBothLayouts =>
        new(All, [Packaging.Planning.OutputLayout.SingleFile, Packaging.Planning.OutputLayout.Segmented]);
}
