namespace AmsMigration.StreamingUrls;

/// <summary>What an old address leads to now.</summary>
public enum AmsStreamingUrlTarget
{
    /// <summary>Nothing: see the note.</summary>
    None,

    /// <summary>A manifest at the old path (-UrlLayout StreamingLocator).</summary>
    Alias,

    /// <summary>The multivariant playlist or MPD of the conversion.</summary>
    Presentation,
}

/// <summary>An address that people have, and where what it played is now.</summary>
public sealed class AmsStreamingUrlMapEntry
{
    /// <summary>Without query; a path alone where no host is known.</summary>
    public required string OldUrl { get; init; }

    /// <summary>Null where nothing plays it. Never with a shared access signature.</summary>
    public string? NewUrl { get; init; }

    /// <summary>What the old address spoke; null where nobody knows its format.</summary>
    public AmsStreamingProtocol? Protocol { get; init; }

    /// <summary>As in the address: <c>m3u8-cmaf</c>; empty where it names none, which is Smooth Streaming.</summary>
    public required string Format { get; init; }

    public required AmsStreamingUrlTarget Target { get; init; }

    public required string AssetName { get; init; }

    /// <summary>The GUID in the old address.</summary>
    public required string LocatorId { get; init; }

    /// <summary>Of the server manifest in the old address: <c>talk.ism</c>.</summary>
    public required string ManifestName { get; init; }

    /// <summary>What is different, or why nothing plays it; null where there is nothing to say.</summary>
    public string? Note { get; init; }

    public override string ToString() => OldUrl;
}

/// <summary>Files that a map is written as.</summary>
public enum AmsStreamingUrlMapFormat
{
    /// <summary>A table for spreadsheets and Import-Csv.</summary>
    Csv,

    Json,

    /// <summary>A map and a server for nginx.</summary>
    Nginx,

    /// <summary>A RewriteMap and its rules for Apache httpd.</summary>
    Apache,

    /// <summary>A rewriteMap and its rule for the URL Rewrite module of IIS.</summary>
    Iis,

    /// <summary>Rule sets of Azure Front Door Standard or Premium, as templates of Azure Resource Manager.</summary>
    FrontDoor,

    /// <summary>Lists for Cloudflare's bulk redirects.</summary>
    Cloudflare,
}
