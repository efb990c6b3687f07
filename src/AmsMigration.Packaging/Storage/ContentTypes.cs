namespace AmsMigration.Packaging.Storage;

/// <summary>Media types by file name extension (IANA media types registry).</summary>
public static class ContentTypes
{
    public const string Hls = "application/vnd.apple.mpegurl";
    public const string Dash = "application/dash+xml";
    public const string Mp4Video = "video/mp4";
    public const string Mp4Audio = "audio/mp4";
    public const string WebVtt = "text/vtt";
    public const string Jpeg = "image/jpeg";
    public const string Html = "text/html; charset=utf-8";
    public const string Text = "text/plain; charset=utf-8";
    public const string Unknown = "application/octet-stream";
    public const string JavaScript = "text/javascript; charset=utf-8";

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".m3u8"] = Hls,
        [".mpd"] = Dash,
        [".mp4"] = Mp4Video,
        [".m4v"] = Mp4Video,
        [".m4s"] = "video/iso.segment",
        [".m4a"] = Mp4Audio,
        [".ts"] = "video/mp2t",
        [".vtt"] = WebVtt,
        [".ttml"] = "application/ttml+xml",
        [".html"] = Html,
        [".js"] = JavaScript,
        [".json"] = "application/json",
        [".xml"] = "application/xml",
        [".txt"] = Text,
        [".jpg"] = Jpeg,
        [".jpeg"] = Jpeg,
        [".png"] = "image/png",
        [".gif"] = "image/gif",
        [".bmp"] = "image/bmp",
        [".pdf"] = "application/pdf",
        [".mp3"] = "audio/mpeg",
        [".wav"] = "audio/wav",
    };

    /// <summary><c>application/octet-stream</c> for what is not known.</summary>
    public static string Of(string path) =>
        ByExtension.TryGetValue(Path.GetExtension(path), out string? type) ? type : Unknown;
}
