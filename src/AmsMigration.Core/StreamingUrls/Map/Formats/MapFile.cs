namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>A file that a map is written as.</summary>
/// <param name="HasByteOrderMark">Spreadsheets take a table for one of their country's code page without.</param>
internal sealed record MapFile(string Name, Action<TextWriter> Write, bool HasByteOrderMark = false)
{
    /// <summary>Front of the names of all files that make up Front Door's rules: their number depends on the map.</summary>
    public const string FrontDoorPrefix = "front-door-";

    public static IEnumerable<MapFile> Of(AmsStreamingUrlMapFormat format, StreamingUrlMap map, IReadOnlyList<StreamingRule> rules) => format switch
    {
        AmsStreamingUrlMapFormat.Csv => [new("streaming-urls.csv", text => Tables.WriteCsv(map, text), HasByteOrderMark: true)],
        AmsStreamingUrlMapFormat.Json => [new("streaming-urls.json", text => Tables.WriteJson(map, text))],
        AmsStreamingUrlMapFormat.Nginx => [new("nginx-map.conf", text => NginxRules.WriteMap(rules, text)), new("nginx-server.conf", NginxRules.WriteServer)],
        AmsStreamingUrlMapFormat.Apache => [new(ApacheRules.MapName, text => ApacheRules.WriteMap(rules, text)), new("apache.conf", ApacheRules.WriteRules)],
        AmsStreamingUrlMapFormat.Iis => [new(IisRules.MapName, text => IisRules.WriteMap(rules, text)), new("iis-web.config", IisRules.WriteRule)],
        AmsStreamingUrlMapFormat.FrontDoor => FrontDoorRules.Files(rules),
        AmsStreamingUrlMapFormat.Cloudflare => [new("cloudflare-bulk-redirects.csv", text => CloudflareList.Write(map, text))],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
