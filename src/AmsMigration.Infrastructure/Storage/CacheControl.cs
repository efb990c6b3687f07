namespace AmsMigration.Infrastructure.Storage;

/// <summary>How long caches may keep a file: media never changes under its name, what names it may be made again.</summary>
internal static class CacheControl
{
    private const string Media = "public, max-age=31536000";
    private const string Manifest = "public, max-age=60";

    public static string Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".m3u8" or ".mpd" or ".html" or ".json" or ".vtt" => Manifest,
        _ => Media,
    };
}
