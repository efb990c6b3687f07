using AmsMigration.Runs;

namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>
/// A list for Cloudflare's bulk redirects: source, target, status, without a head. A source has no port; without scheme it stands for http and https. Paths are
/// compared as they are written, percent-encoded as RFC 3986 normalizes them.
/// </summary>
internal static class CloudflareList
{
    public static void Write(StreamingUrlMap map, TextWriter text)
    {
        foreach (AmsStreamingUrlMapEntry entry in map.Entries)
        {
            StreamingAddress address = StreamingAddress.Parse(entry.OldUrl);
            if (entry.NewUrl is not null && address.Host is string host && host.IndexOf(':') < 0 && !new StreamingRule(address, entry.NewUrl).IsLoop([host]))
            {
                text.Write(CsvText.Line([host + address.Path, entry.NewUrl, "302"]));
            }
        }
    }
}
