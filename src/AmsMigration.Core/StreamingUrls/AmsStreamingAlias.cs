namespace AmsMigration.StreamingUrls;

/// <summary>A small manifest at the path that a streaming locator had, so that an old address plays where its host name now leads here.</summary>
public sealed class AmsStreamingAlias
{
    /// <summary>Full path or URI of the alias.</summary>
    public required string Uri { get; init; }

    /// <summary>The GUID in the old address.</summary>
    public required string LocatorId { get; init; }

    /// <summary>Name of the server manifest in the old address, <c>talk.ism</c>.</summary>
    public required string ManifestName { get; init; }

    /// <summary>What follows the server manifest's name and its slash: <c>manifest(format=m3u8-cmaf,filter=mobile).m3u8</c>.</summary>
    public required string Request { get; init; }

    public override string ToString() => Uri;
}
