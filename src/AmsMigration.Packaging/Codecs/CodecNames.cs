using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Codecs;

/// <summary>Names that people use for sample entries' four letters.</summary>
internal static class CodecNames
{
    private static readonly Dictionary<string, string> Video = new(StringComparer.Ordinal)
    {
        ["avc1"] = "H.264", ["avc2"] = "H.264", ["avc3"] = "H.264", ["avc4"] = "H.264", ["svc1"] = "SVC", ["mvc1"] = "MVC",
        ["H264"] = "H.264", ["h264"] = "H.264", ["hvc1"] = "HEVC", ["hev1"] = "HEVC", ["hvc2"] = "Layered HEVC",
        ["hev2"] = "Layered HEVC", ["lhv1"] = "Layered HEVC", ["lhe1"] = "Layered HEVC", ["vvc1"] = "H.266", ["vvi1"] = "H.266",
        ["evc1"] = "MPEG-5 EVC", ["dvh1"] = "Dolby Vision", ["dvhe"] = "Dolby Vision", ["dva1"] = "Dolby Vision",
        ["dvav"] = "Dolby Vision", ["dav1"] = "Dolby Vision", ["av01"] = "AV1", ["vp08"] = "VP8", ["vp09"] = "VP9",
        ["mp4v"] = "MPEG-4 Part 2", ["s263"] = "H.263", ["h263"] = "H.263", ["H263"] = "H.263", ["FMP4"] = "MPEG-4 Part 2",
        ["XVID"] = "Xvid", ["DIVX"] = "DivX", ["vc-1"] = "VC-1", ["WVC1"] = "VC-1", ["ovc1"] = "VC-1", ["WMV3"] = "Windows Media Video 9",
        ["WMV2"] = "Windows Media Video 8", ["WMV1"] = "Windows Media Video 7", ["jpeg"] = "Motion JPEG", ["mjpa"] = "Motion JPEG",
        ["mjpb"] = "Motion JPEG", ["mjpg"] = "Motion JPEG", ["MJPG"] = "Motion JPEG", ["AVDJ"] = "Motion JPEG",
        ["mjp2"] = "Motion JPEG 2000", ["png "] = "PNG", ["gif "] = "GIF", ["tiff"] = "TIFF", ["tga "] = "Targa", ["8BPS"] = "Photoshop",
        ["WRLE"] = "BMP", ["rle "] = "QuickTime Animation", ["apch"] = "ProRes 422 HQ", ["apcn"] = "ProRes 422",
        ["apcs"] = "ProRes 422 LT", ["apco"] = "ProRes 422 Proxy", ["ap4h"] = "ProRes 4444", ["ap4x"] = "ProRes 4444 XQ",
        ["aprh"] = "ProRes RAW HQ", ["aprn"] = "ProRes RAW", ["AVdn"] = "DNxHD", ["AVdh"] = "DNxHR", ["CFHD"] = "CineForm",
        ["icod"] = "Apple Intermediate Codec", ["mpeg"] = "MPEG-1", ["mp1v"] = "MPEG-1", ["m1v "] = "MPEG-1", ["mp2v"] = "MPEG-2",
        ["m2v1"] = "MPEG-2", ["mpg2"] = "MPEG-2", ["hdv1"] = "HDV (MPEG-2)", ["hdv2"] = "HDV (MPEG-2)", ["hdv3"] = "HDV (MPEG-2)",
        ["hdv5"] = "HDV (MPEG-2)", ["hdv6"] = "HDV (MPEG-2)", ["xdvc"] = "XDCAM (MPEG-2)", ["dvc "] = "DV", ["dvcp"] = "DV",
        ["dvpp"] = "DVCPRO", ["dv5n"] = "DVCPRO50", ["dv5p"] = "DVCPRO50", ["dvh5"] = "DVCPRO HD", ["dvh6"] = "DVCPRO HD",
        ["dvhp"] = "DVCPRO HD", ["dvhq"] = "DVCPRO HD", ["SVQ1"] = "Sorenson Video", ["SVQ3"] = "Sorenson Video 3", ["cvid"] = "Cinepak",
        ["rpza"] = "Apple Video", ["smc "] = "Apple Graphics", ["IV32"] = "Indeo 3", ["VP6F"] = "VP6", ["FLV1"] = "Sorenson Spark",
        ["raw "] = "uncompressed video", ["2vuy"] = "uncompressed video", ["v210"] = "uncompressed video",
        ["yuv2"] = "uncompressed video", ["v308"] = "uncompressed video", ["v408"] = "uncompressed video",
        ["v410"] = "uncompressed video", ["b64a"] = "uncompressed video", ["uncv"] = "uncompressed video", ["FFV1"] = "FFV1",
        ["drac"] = "Dirac", ["theo"] = "Theora", ["XiTh"] = "Theora",
    };

    private static readonly Dictionary<string, string> Audio = new(StringComparer.Ordinal)
    {
        ["mp4a"] = "AAC", ["ac-3"] = "AC-3", ["sac3"] = "AC-3", ["ec-3"] = "E-AC-3", ["ac-4"] = "AC-4", ["mlpa"] = "Dolby TrueHD",
        ["dtsc"] = "DTS", ["dtsh"] = "DTS-HD", ["dtsl"] = "DTS-HD Master Audio", ["dtse"] = "DTS Express", ["dtsx"] = "DTS:X",
        ["dtsy"] = "DTS:X", ["dts "] = "DTS", ["Opus"] = "Opus", ["fLaC"] = "FLAC", ["alac"] = "ALAC", [".mp3"] = "MP3",
        ["ms\0U"] = "MP3", ["mp3 "] = "MP3", [".mp2"] = "MP2", [".mp1"] = "MP1", ["mha1"] = "MPEG-H Audio", ["mha2"] = "MPEG-H Audio",
        ["mhm1"] = "MPEG-H Audio", ["mhm2"] = "MPEG-H Audio", ["lpcm"] = "PCM", ["ipcm"] = "PCM", ["fpcm"] = "PCM", ["sowt"] = "PCM",
        ["twos"] = "PCM", ["in24"] = "PCM", ["in32"] = "PCM", ["fl32"] = "PCM", ["fl64"] = "PCM", ["raw "] = "PCM", ["NONE"] = "PCM",
        ["23ni"] = "PCM", ["42ni"] = "PCM", ["ulaw"] = "G.711 mu-law", ["alaw"] = "G.711 A-law", ["ima4"] = "IMA ADPCM",
        ["ms\0\u0002"] = "ADPCM", ["ms\0\u0011"] = "IMA ADPCM", ["samr"] = "AMR", ["sawb"] = "AMR-WB", ["sawp"] = "AMR-WB+",
        ["sqcp"] = "QCELP", ["Qclp"] = "QCELP", ["Qclq"] = "QCELP", ["sevc"] = "EVRC", ["secb"] = "EVRC-B", ["ssmv"] = "SMV",
        ["agsm"] = "GSM 6.10", ["MAC3"] = "MACE 3:1", ["MAC6"] = "MACE 6:1", ["QDM2"] = "QDesign Music 2", ["QDMC"] = "QDesign Music",
        ["spex"] = "Speex", ["vorb"] = "Vorbis", ["XiVs"] = "Vorbis", ["msVo"] = "Vorbis",
        ["wma "] = "Windows Media Audio", ["owma"] = "Windows Media Audio",
        ["WMA1"] = "Windows Media Audio", ["WMA2"] = "Windows Media Audio", ["WMAP"] = "Windows Media Audio Professional",
        ["WMAL"] = "Windows Media Audio Lossless", ["nmos"] = "Nellymoser",
    };

    private static readonly Dictionary<string, string> Other = new(StringComparer.Ordinal)
    {
        ["wvtt"] = "WebVTT", ["stpp"] = "TTML", ["tx3g"] = "3GPP timed text", ["text"] = "QuickTime text", ["c608"] = "CEA-608",
        ["c708"] = "CEA-708", ["sbtt"] = "plain-text subtitles", ["stxt"] = "plain text", ["dfxp"] = "TTML", ["mp4s"] = "MPEG-4 systems",
        ["tmcd"] = "timecode", ["rtp "] = "RTP hints", ["mett"] = "metadata", ["metx"] = "metadata", ["mebx"] = "metadata",
        ["urim"] = "metadata", ["camm"] = "camera motion metadata", ["gpmd"] = "GoPro metadata", ["encv"] = "encrypted video",
        ["enca"] = "encrypted audio", ["drms"] = "protected audio", ["drmi"] = "protected video",
    };

    public static string Find(string fourCC, TrackKind? kind = null)
    {
        Dictionary<string, string> first = kind == TrackKind.Audio ? Audio : Video;
        Dictionary<string, string> second = kind == TrackKind.Audio ? Video : Audio;
        return first.TryGetValue(fourCC, out string? name) || second.TryGetValue(fourCC, out name) || Other.TryGetValue(fourCC, out name)
            ? name
            : $"codec '{Escape(fourCC)}'";
    }

    public static TrackKind? KindOf(string fourCC) =>
        Video.ContainsKey(fourCC) ? TrackKind.Video
        : Audio.ContainsKey(fourCC) ? TrackKind.Audio
        : null;

    private static string Escape(string fourCC) =>
        string.Concat(fourCC.Select(letter => letter is >= ' ' and < '\u007f' ? $"{letter}" : $"\\x{(int)letter:x2}"));
}
