using System.Globalization;

namespace AmsMigration.StreamingUrls;

/// <summary>
/// An address at which the service streamed: <c>https://{host}/{locatorId}/{name}.ism/manifest({parameters}){suffix}</c>. Names are decoded; two addresses are
/// equal where they are written the same.
/// </summary>
internal sealed record StreamingAddress
{
    /// <summary>In lower case, with its port where that is not the scheme's own; null where only the path is known.</summary>
    public string? Host { get; init; }

    public required Guid LocatorId { get; init; }

    /// <summary>Of the server manifest, e.g. <c>talk.ism</c>.</summary>
    public required string ManifestName { get; init; }

    /// <summary><c>manifest</c> or <c>Manifest</c>: the service did not care, but blobs do.</summary>
    public string Request { get; init; } = "manifest";

    /// <summary>Those in the parentheses, in their order, unknown ones too.</summary>
    public IReadOnlyList<StreamingParameter> Parameters { get; init; } = [];

    /// <summary><c>.m3u8</c>, <c>.mpd</c> or empty.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Value of <c>format</c>; empty where there is none.</summary>
    public string Format => Parameter("format") ?? "";

    /// <summary>By format, or by suffix where no such format was known; null where neither says it.</summary>
    public AmsStreamingProtocol? Protocol =>
        Format.Length > 0 && StreamingFormat.Find(Format) is StreamingFormat known ? known.Protocol : Suffix switch
        {
            StreamingFormat.HlsSuffix => AmsStreamingProtocol.Hls,
            StreamingFormat.DashSuffix => AmsStreamingProtocol.Dash,
            _ => Format.Length == 0 ? AmsStreamingProtocol.SmoothStreaming : null,
        };

    /// <summary>Value of <c>encryption</c>: cbc, cenc, cbcs-aapl or piff; null where it streamed in clear.</summary>
    public string? Encryption => Parameter("encryption");

    /// <summary>Names of the filters that it combines.</summary>
    public string[] Filters => Parameter("filter")?.Split([';'], StringSplitOptions.RemoveEmptyEntries) ?? [];

    public bool IsAudioOnly => string.Equals(Parameter("audio-only"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Ticks of 100 ns; null where it begins with the asset, or the value is no number.</summary>
    public long? StartTime => Ticks("startTime");

    /// <summary>Ticks of 100 ns; null where it ends with the asset, or the value is no number.</summary>
    public long? EndTime => Ticks("endTime");

    /// <summary>Last part of the path, decoded: <c>manifest(format=m3u8-cmaf).m3u8</c>.</summary>
    public string RequestName => Parameters.Count == 0 ? Request + Suffix : $"{Request}({string.Join(",", Parameters)}){Suffix}";

    /// <summary>Below the host, decoded, without a slash in front: the name of a blob, or of a file.</summary>
    public string RelativePath => $"{LocatorId:D}/{ManifestName}/{RequestName}";

    /// <summary>Below the host, as clients send it: characters that a path may hold (RFC 3986 3.3) are as they are, others percent-encoded as UTF-8.</summary>
    public string Path => $"/{LocatorId:D}/{UriText.Encode(ManifestName)}/{UriText.Encode(RequestName)}";

    /// <summary>The first value of a parameter; null where there is none of that name. Letter case of names says nothing.</summary>
    public string? Parameter(string name) =>
        Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static StreamingAddress Parse(string text) => StreamingAddressParser.Parse(text);

    /// <returns>Null where it is none.</returns>
    public static StreamingAddress? TryParse(string text)
    {
        try
        {
            return StreamingAddressParser.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public bool Equals(StreamingAddress? other) => other is not null && Host == other.Host && RelativePath == other.RelativePath;

    public override int GetHashCode() => RelativePath.GetHashCode();

    /// <summary>The address by HTTPS; where the host is not known, its path.</summary>
    public override string ToString() => Host is null ? Path : $"https://{Host}{Path}";

    private long? Ticks(string name) =>
        long.TryParse(Parameter(name), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks : null;
}

/// <param name="Value">Null where there is no equals sign.</param>
internal sealed record StreamingParameter(string Name, string? Value)
{
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";
}
