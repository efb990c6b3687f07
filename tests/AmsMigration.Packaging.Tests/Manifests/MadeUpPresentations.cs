using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Manifests.MadeUp;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>Presentations that together use everything that manifests can say.</summary>
internal static class MadeUpPresentations
{
    public static readonly Dictionary<string, (string ManifestName, MadeUp[] Renditions)> All = new()
    {
        ["bit-rates"] = (
            "talk", [Video(1080, 5_000_000), Video(720, 3_000_000), Video(360, 700_000), Audio("en", 128_000) with { IsDefault = true }]),
        ["languages"] = (
            "film",
            [
                Video(720, 3_000_000),
                Audio("es", 128_000) with { Label = "Español \"latino\" & <otro>" },
                Audio("en", 128_000) with { IsDefault = true },
                Audio("en", 96_000) with { Name = "audio_en_description", Roles = ["description"], Label = "Audio description" },
                Audio("en", 64_000) with { Name = "audio_en_commentary", Roles = ["commentary"], Label = "Commentary" },
                Audio("en", 384_000, "ec-3", 6) with { IsDefault = true },
                Text("de", "stpp"),
            ]),
        ["codecs"] = (
            "demo",
            [
                Video(2160, 15_000_000) with { Name = "hdr_2160p", Codec = Hdr(2160) },
                Video(1080, 3_500_000) with { Name = "hevc_1080p", Codec = VideoCodec("hvc1.1.6.L120.90", "hevc", 1080) },
                Video(1080, 5_000_000),
                Audio("en", 192_000) with
                {
                    Codec = AudioCodec("ec-3-joc", 6) with
                    {
                        FourCC = "ec-3",
                        CodecString = "ec-3",
                        HlsChannels = "16/JOC",
                        DashSupplementalProperties = [("tag:dolby.com,2018:dash:EC3_ExtensionType:2018", "JOC")],
                    },
                },
                Audio("en", 128_000),
                Audio("en", 64_000),
            ]),
        ["audio-only"] = ("song", [Audio(null, 256_000), Audio(null, 64_000)]),
        ["odd-names"] = (
            "Ünï, = ? # % 100: $Number$ & <x>",
            [
                Video(480, 900_000) with
                {
                    Start = 3_003_000,
                    Codec = VideoCodec("avc1.4d401e", "avc", 480) with { Width = 720, SarWidth = 32, SarHeight = 27 },
                    FrameRate = (25, 1),
                    Durations = [180_180, 180_180, 90_090],
                },
                Audio("zh-Hant-TW", 96_000) with { Start = 4_804_800 },
            ]),
    };

    /// <summary>What is said in them.</summary>
    public static readonly Dictionary<string, TextTrack[]> Texts = new()
    {
        ["languages"] =
        [
            Captions("de"),
            Captions("fr") with { Label = "Français \"CC\"", IsDefault = true, Characteristics = "public.accessibility.transcribes-spoken-dialog" },
            Captions("fr") with { Name = "forced", Roles = ["forced-subtitle"] },
            Captions(null),
        ],
        ["odd-names"] = [Captions("zh-Hant-TW") with { Label = "<中文>", Content = new TextContent([new TextCue(101_000, 102_500, "", "中文")], "", []) }],
    };

    public static TheoryData<string, OutputLayout> InBothLayouts =>
        [.. All.Keys.SelectMany(name => new[] { OutputLayout.SingleFile, OutputLayout.Segmented }.Select(layout => (name, layout)))];

    public static (string ManifestName, IReadOnlyList<OutputFile> Files) Write(string name, OutputLayout layout) =>
        (All[name].ManifestName, MadeUp.Write(All[name].ManifestName, layout, All[name].Renditions, Texts.TryGetValue(name, out TextTrack[]? texts) ? texts : []));

    private static CodecInfo Hdr(int height) =>
        VideoCodec("hvc1.2.4.L150.90", "hevc-pq", height, VideoRange.Pq) with { SupplementalCodecs = "dvh1.08.06/db1p" };
}
