using System.Text.Json;
using System.Text.Json.Nodes;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata.Formats;

/// <summary>
/// The file that MediaKind's ams-migration-tool imports (<c>--migration-file</c>): the service's resources by kind, with the policies' secrets and the locators'
/// keys in them. What the service predefines is left out, as its exporter does.
/// </summary>
internal static class MediaKindFormat
{
    public const string Path = "mediakind-migration.json";
    private const string Predefined = "Predefined_";

    /// <param name="secrets">Where keys are in clear; null where they are not, and the file goes without.</param>
    public static async Task WriteAsync(ExportFolder folder, ISecretStore? secrets, CancellationToken cancellation)
    {
        var file = new JsonObject
        {
            ["AssetFilters"] = await FiltersAsync(folder, cancellation).ConfigureAwait(false),
            ["Assets"] = await ItemsAsync(folder, "assets", cancellation).ConfigureAwait(false),
            ["ContentKeyPolicies"] = await PoliciesAsync(folder, secrets, cancellation).ConfigureAwait(false),
            ["StreamingEndpoints"] = Endpoints(await ItemsAsync(folder, "streamingEndpoints", cancellation).ConfigureAwait(false)),
            ["StreamingLocators"] = await LocatorsAsync(folder, secrets, cancellation).ConfigureAwait(false),
            ["StreamingPolicies"] = Where(
                await ItemsAsync(folder, "streamingPolicies", cancellation).ConfigureAwait(false),
                policy => policy["name"]?.GetValue<string>().StartsWith(Predefined, StringComparison.Ordinal) != true),
        };
        await folder.WriteAsync(Path, ExportJson.Write<JsonNode>(file), cancellation).ConfigureAwait(false);
    }

    private static async Task<JsonArray> ItemsAsync(ExportFolder folder, string kind, CancellationToken cancellation) =>
        new([.. (await KindFile.ReadAsync(folder, kind + ".json", cancellation).ConfigureAwait(false)).Select(item => JsonNode.Parse(item.GetRawText()))]);

    private static async Task<JsonObject> FiltersAsync(ExportFolder folder, CancellationToken cancellation)
    {
        var byAsset = new JsonObject();
        foreach (JsonElement filter in await KindFile.ReadAsync(folder, "assetFilters.json", cancellation).ConfigureAwait(false))
        {
            // .../assets/<asset>/assetFilters/<filter>
            if (Json.Text(filter, "id")?.Split('/') is { Length: > 3 } parts)
            {
                string asset = parts[parts.Length - 3];
                if (byAsset[asset] is not JsonArray filters)
                {
                    byAsset[asset] = filters = [];
                }

                filters.Add(JsonNode.Parse(filter.GetRawText()));
            }
        }

        return byAsset;
    }

    private static async Task<JsonArray> PoliciesAsync(ExportFolder folder, ISecretStore? secrets, CancellationToken cancellation)
    {
        JsonArray policies = await ItemsAsync(folder, "contentKeyPolicies", cancellation).ConfigureAwait(false);
        foreach (JsonNode policy in policies.OfType<JsonNode>())
        {
            if (secrets is not null && policy["name"]?.GetValue<string>() is string name
                && await secrets.FindAsync(SecretKind.ContentKeyPolicy, name, cancellation).ConfigureAwait(false) is byte[] answer)
            {
                policy["properties"] = JsonNode.Parse(answer);
            }
        }

        return policies;
    }

    private static async Task<JsonArray> LocatorsAsync(ExportFolder folder, ISecretStore? secrets, CancellationToken cancellation)
    {
        JsonArray locators = await ItemsAsync(folder, "streamingLocators", cancellation).ConfigureAwait(false);
        if (secrets is null)
        {
            return locators;
        }

        Dictionary<string, AmsContentKey[]> keys = new(StringComparer.OrdinalIgnoreCase);
        await foreach (AssetFile asset in ExportFormats.ReadAssetsAsync(folder, cancellation).ConfigureAwait(false))
        {
            foreach (AmsStreamingLocator locator in asset.Metadata.Locators)
            {
                keys[locator.Name] = locator.ContentKeys;
            }
        }

        foreach (JsonNode locator in locators.OfType<JsonNode>())
        {
            if (locator["name"]?.GetValue<string>() is string name && keys.TryGetValue(name, out AmsContentKey[]? own) && locator["properties"] is JsonObject properties)
            {
                var values = new JsonArray();
                foreach (AmsContentKey key in own)
                {
                    if (await secrets.FindAsync(SecretKind.ContentKey, key.KeyId, cancellation).ConfigureAwait(false) is byte[] value)
                    {
                        values.Add(JsonNode.Parse(value));
                    }
                }

                properties["contentKeys"] = values;
            }
        }

        return locators;
    }

    private static JsonArray Endpoints(JsonArray endpoints)
    {
        foreach (JsonObject properties in endpoints.OfType<JsonNode>().Select(endpoint => endpoint["properties"]).OfType<JsonObject>())
        {
            properties.Remove("created");
            properties.Remove("lastModified");
            if (properties["cdnEnabled"] is not JsonValue enabled || !enabled.TryGetValue(out bool isOn) || !isOn)
            {
                properties.Remove("cdnProvider");
                properties.Remove("cdnProfile");
            }
        }

        return endpoints;
    }

    private static JsonArray Where(JsonArray items, Func<JsonNode, bool> isWanted) =>
        new([.. items.OfType<JsonNode>().Where(isWanted).Select(item => item.DeepClone())]);
}
