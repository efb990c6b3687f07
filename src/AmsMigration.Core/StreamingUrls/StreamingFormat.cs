namespace AmsMigration.StreamingUrls;

/// <summary>What a streaming address speaks.</summary>
public enum AmsStreamingProtocol
{
    /// <summary>RFC 8216.</summary>
    Hls,

    /// <summary>ISO/IEC 23009-1.</summary>
    Dash,

    /// <summary>MS-SSTR.</summary>
    SmoothStreaming,
}

/// <summary>What the parameter <c>format</c> of a streaming address asked the service for.</summary>
/// <param name="Name">As in addresses; empty where there is no such parameter.</param>
/// <param name="Suffix">What players that look at extensions were given behind it; empty where there is none.</param>
internal sealed record StreamingFormat(string Name, AmsStreamingProtocol Protocol, string Suffix, string Description)
{
    public static readonly StreamingFormat Smooth = new("", AmsStreamingProtocol.SmoothStreaming, "", "Smooth Streaming 2.2");
    public static readonly StreamingFormat HlsCmaf = new("m3u8-cmaf", AmsStreamingProtocol.Hls, HlsSuffix, "HLS with CMAF segments");
    public static readonly StreamingFormat HlsTs = new("m3u8-aapl", AmsStreamingProtocol.Hls, HlsSuffix, "HLS version 4 with MPEG-2 TS segments");
    public static readonly StreamingFormat DashCmaf = new("mpd-time-cmaf", AmsStreamingProtocol.Dash, DashSuffix, "DASH with CMAF segments");
    public static readonly StreamingFormat DashCsf = new("mpd-time-csf", AmsStreamingProtocol.Dash, DashSuffix, "DASH with Smooth Streaming's segments");

    public const string HlsSuffix = ".m3u8";
    public const string DashSuffix = ".mpd";

    /// <summary>All that the service knew, those that its portals and documentation showed first.</summary>
    public static readonly IReadOnlyList<StreamingFormat> All =
    [
        HlsCmaf,
        HlsTs,
        DashCmaf,
        DashCsf,
        Smooth,
        new("m3u8-aapl-v4", AmsStreamingProtocol.Hls, HlsSuffix, HlsTs.Description),
        new("m3u8-aapl-v3", AmsStreamingProtocol.Hls, HlsSuffix, "HLS version 3 with MPEG-2 TS segments"),
        new("fmp4", AmsStreamingProtocol.SmoothStreaming, "", Smooth.Description),
        new("fmp4-v20", AmsStreamingProtocol.SmoothStreaming, "", "Smooth Streaming 2.0, without repeat counts"),
    ];

    /// <summary>Null where the service knew none of that name. Letter case says nothing.</summary>
    public static StreamingFormat? Find(string name) => All.FirstOrDefault(format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase));
}
