using System.Globalization;
using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>From the service's JSON to what an export says of an asset. Of the JSON nothing is sure.</summary>
internal static class ServiceJson
{
    private const string TrackType = "#Microsoft.Media.";

    /// <summary>Of streaming policies that the service made itself and may leave out of its list.</summary>
    private static readonly Dictionary<string, string[]> Predefined = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Predefined_ClearKey"] = ["Aes128"],
        ["Predefined_MultiDrmCencStreaming"] = ["Cenc", "Widevine", "PlayReady"],
        ["Predefined_MultiDrmStreaming"] = ["Cenc", "Widevine", "PlayReady", "Cbcs", "FairPlay"],
    };

    /// <summary>A date in whatever form; null where there is none, or one of the years 1 and 9999 that stand for none.</summary>
    public static DateTimeOffset? Date(JsonElement element, params string[] path) =>
        Json.Text(element, path) is string text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
        && date.Year is > 1 and < 9999
            ? date.ToUniversalTime()
            : null;

    /// <summary>The properties of a resource; the actions that list leave that level out.</summary>
    public static JsonElement Properties(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("properties", out JsonElement properties) ? properties : resource;

    public static string[] Texts(JsonElement element, params string[] path) =>
        [.. Json.Items(element, path).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    /// <param name="keys">What listContentKeys answered; null where it was not asked.</param>
    /// <param name="policies">Protection by the names of streaming policies.</param>
    public static AmsStreamingLocator Locator(JsonElement locator, JsonElement? keys, IReadOnlyDictionary<string, string[]> policies)
    {
        JsonElement properties = Properties(locator);
        string? policy = Json.Text(properties, "streamingPolicyName");
        return new AmsStreamingLocator
        {
            Name = Json.Text(locator, "name") ?? "",
            LocatorId = Json.Text(properties, "streamingLocatorId") ?? "",
            StreamingPolicyName = policy,
            ContentKeyPolicyName = Json.Text(properties, "defaultContentKeyPolicyName"),
            StartTime = Date(properties, "startTime"),
            EndTime = Date(properties, "endTime"),
            Protection = policy is null ? [] : policies.TryGetValue(policy, out string[]? known) || Predefined.TryGetValue(policy, out known) ? known : [],
            Filters = Texts(properties, "filters"),
            ContentKeys = keys is JsonElement answer ? [.. Json.Items(answer, "contentKeys").Select(ContentKey)] : [],
        };
    }

    public static AmsContentKey ContentKey(JsonElement key) => new()
    {
        KeyId = Json.Text(key, "id") ?? "",
        Type = Json.Text(key, "type") ?? "",
        Label = Json.Text(key, "labelReferenceInStreamingPolicy"),
        PolicyName = Json.Text(key, "policyName"),
        Tracks = Selections(key),
    };

    /// <summary>The tracks that a content key or a filter names: each any of them, and all of the conditions in it.</summary>
    public static TrackSelection[] Selections(JsonElement properties) =>
    [
        .. Json.Items(properties, "tracks").Select(track => new TrackSelection(
        [
            .. Json.Items(track, "trackSelections").Select(condition => new TrackCondition(
                Json.Text(condition, "property") ?? "", Json.Text(condition, "operation") != "NotEqual", Json.Text(condition, "value") ?? "")),
        ])),
    ];

    /// <summary>What a streaming policy protects with.</summary>
    public static string[] Protection(JsonElement policy)
    {
        JsonElement properties = Properties(policy);
        return
        [
            .. Part("Aes128", "envelopeEncryption"),
            .. Part("Cenc", "commonEncryptionCenc"),
            .. Drm("commonEncryptionCenc"),
            .. Part("Cbcs", "commonEncryptionCbcs"),
            .. Drm("commonEncryptionCbcs"),
        ];

        IEnumerable<string> Part(string name, params string[] path) => Json.Find(properties, path) is { ValueKind: JsonValueKind.Object } ? [name] : [];

        IEnumerable<string> Drm(string scheme) =>
            [.. Part("Widevine", scheme, "drm", "widevine"), .. Part("PlayReady", scheme, "drm", "playReady"), .. Part("FairPlay", scheme, "drm", "fairPlay")];
    }

    public static AmsTrackDescription Track(JsonElement track)
    {
        JsonElement body = Json.Find(Properties(track), "track") ?? default;
        string type = Json.Text(body, "@odata.type") ?? "";
        return new AmsTrackDescription
        {
            Name = Json.Text(track, "name") ?? "",
            Type = type.StartsWith(TrackType, StringComparison.Ordinal) ? type.Substring(TrackType.Length).Replace("Track", "") : type,
            FileName = Json.Text(body, "fileName"),
            DisplayName = Json.Text(body, "displayName"),
            Language = Json.Text(body, "languageCode"),
            PlayerVisibility = Json.Text(body, "playerVisibility"),
        };
    }

    /// <summary>Hosts x paths of one locator.</summary>
    /// <param name="paths">What listPaths answered.</param>
    public static IEnumerable<AmsStreamingUrl> StreamingUrls(string locatorId, JsonElement paths, IReadOnlyList<StreamingHost> hosts) =>
        from path in Json.Items(paths, "streamingPaths")
        from address in Texts(path, "paths")
        from host in hosts
        select new AmsStreamingUrl
        {
            Url = $"https://{host.Name}{address}",
            Protocol = Json.Text(path, "streamingProtocol") ?? "",
            Encryption = Json.Text(path, "encryptionScheme") ?? "",
            LocatorId = locatorId,
            StreamingEndpoint = host.Endpoint,
        };

    public static IEnumerable<string> DownloadUrls(JsonElement paths, IReadOnlyList<StreamingHost> hosts) =>
        from address in Texts(paths, "downloadPaths")
        from host in hosts
        select $"https://{host.Name}{address}";

    /// <summary>The host names of a streaming endpoint, its own first.</summary>
    public static IEnumerable<StreamingHost> Hosts(JsonElement endpoint)
    {
        JsonElement properties = Properties(endpoint);
        string name = Json.Text(endpoint, "name") ?? "";
        IEnumerable<string> own = Json.Text(properties, "hostName") is { Length: > 0 } host ? [host] : [];
        return own.Concat(Texts(properties, "customHostNames")).Select(host => new StreamingHost(host, name));
    }

    /// <summary>Names of the assets that a job reads, however its input is put together.</summary>
    public static IEnumerable<string> AssetNames(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "assetName" && property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : AssetNames(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(AssetNames),
        _ => [],
    };
}

/// <summary>A host that streamed.</summary>
/// <param name="Endpoint">Name of its streaming endpoint.</param>
internal sealed record StreamingHost(string Name, string Endpoint);
