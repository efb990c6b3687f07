namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Names in 'hdlr' (ISO/IEC 14496-12 8.4.3) and QuickTime's 'name': some are for people, most are the muxer's.</summary>
internal static class HandlerName
{
    /// <summary>Parts of names that muxers and encoders write for want of a better one.</summary>
    private static readonly string[] Signatures =
    [
        "handle", "muxer", "produced by", "imported", "created", "gpac", "mainconcept", "l-smash", "lsmash", "bento4", "twitter", "google", "copyright", "(c)",
        "encoder", "lavf", "x264", "x265", "ffmpeg", "vork", "#video", "#audio", "unknown",
    ];

    private static readonly HashSet<string> GenericWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "video", "audio", "sound", "media", "text", "subtitle", "subtitles", "iso", "mp4", "mpeg", "mpeg4", "avc", "avc1", "h264", "hevc", "hvc1", "h265",
        "264", "265", "aac", "mp4a", "track", "stream", "stereo", "mono", "core", "apple", "main", "vide", "soun", "und", "es", "data", "file", "in",
    };

    private static readonly string[] FileExtensions = [".mp4", ".m4a", ".m4v", ".mov", ".264", ".h264", ".265", ".hevc", ".aac", ".avi", ".mkv", ".wav", ".ismv", ".isma", ".yuv"];

    private static readonly char[] WordBreaks = [' ', '_', '-', '.', ',', ':', '/', '(', ')', '#', '@', '\t'];

    /// <summary>The name, trimmed, where it tells people something; null otherwise.</summary>
    public static string? Meaningful(string name)
    {
        string trimmed = name.Trim();
        bool saysNothing = trimmed.Length == 0
            || trimmed.Length > 200
            || trimmed.Any(c => char.IsControl(c) || c == '\uFFFD')
            || Array.Exists(Signatures, signature => trimmed.IndexOf(signature, StringComparison.OrdinalIgnoreCase) >= 0)
            || Array.Exists(FileExtensions, extension => trimmed.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            || trimmed.Split(WordBreaks, StringSplitOptions.RemoveEmptyEntries).All(word => GenericWords.Contains(word) || word.All(char.IsDigit));
        return saysNothing ? null : trimmed;
    }

    /// <summary>Of 'hdlr': null-terminated, or as QuickTime writes it, a length and the text.</summary>
    public static string? Parse(byte[] bytes)
    {
        int length = bytes.Length > 0 ? bytes[0] : 0;
        bool isCounted = length > 0 && length < bytes.Length && (length < ' ' || (length == bytes.Length - 1 && bytes[length] != 0));
        int start = isCounted ? 1 : 0;
        int end = isCounted ? 1 + length : bytes.Length;
        int nul = Array.IndexOf(bytes, (byte)0, start, end - start);
        return Meaningful(System.Text.Encoding.UTF8.GetString(bytes, start, (nul < 0 ? end : nul) - start));
    }
}
