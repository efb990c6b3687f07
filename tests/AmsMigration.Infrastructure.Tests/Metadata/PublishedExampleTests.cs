using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AmsMigration.Metadata;
using AmsMigration.TestAccounts;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.Metadata;

/// <summary>The example answers that were published with the API, served as they are: each comes out of the export without having lost a property.</summary>
public sealed partial class PublishedExampleTests : IAsyncLifetime
{
    private const string Subscription = "00000000-0000-0000-0000-000000000000";

    private AccountServer _server = null!;
    private ExportRun _export = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AccountServer.StartAsync();
        _export = new ExportRun(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _export.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_example_of_a_list_or_a_reading_action_is_in_the_export()
    {
        string folder = Repository.Shared("reference/arm-api/examples");
        Assert.SkipUnless(Directory.Exists(folder), "the published examples (../shared/reference) are not on this machine");
        Account account = _server.Add(new Account(Subscription, "contoso", "contosomedia") { RetirementDate = "2024-06-30T00:00:00Z" });
        JsonNode Body(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name + ".json")))!["responses"]!["200"]!["body"]!;
        account.Body = Body("accounts-get-by-name");
        List<(string Kind, JsonNode Item)> served = [];
        void Serve(string example, string list, string kind)
        {
            foreach (JsonNode item in Body(example)["value"]!.AsArray().OfType<JsonNode>())
            {
                account.Add(list, item);
                served.Add((kind, item));
            }
        }

        Serve("assets-list-all", "assets", "assets");
        Serve("streaming-locators-list", "streamingLocators", "streamingLocators");
        Serve("streaming-policies-list", "streamingPolicies", "streamingPolicies");
        Serve("content-key-policies-list-all", "contentKeyPolicies", "contentKeyPolicies");
        Serve("accountFilters-list-all", "accountFilters", "accountFilters");
        Serve("transforms-list-all", "transforms", "transforms");
        Serve("liveevent-list-all", "liveEvents", "liveEvents");
        Serve("streamingendpoint-list-all", "streamingEndpoints", "streamingEndpoints");
        Serve("private-endpoint-connection-list", "privateEndpointConnections", "privateEndpointConnections");
        Serve("private-link-resources-list", "privateLinkResources", "privateLinkResources");
        string asset = account.Page("assets", 0, 100)!.Value.Items[0]["name"]!.GetValue<string>();
        Serve("assetFilters-list-all", $"assets/{asset}/assetFilters", "assetFilters");
        foreach (JsonNode track in JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "asset-tracks-list-all.body.json")))!["value"]!.AsArray().OfType<JsonNode>())
        {
            account.Add($"assets/{asset}/tracks", track);
            served.Add(("tracks", track));
        }

        string transform = account.Page("transforms", 0, 100)!.Value.Items[0]["name"]!.GetValue<string>();
        Serve("jobs-list-all", $"transforms/{transform}/jobs", "jobs");
        string live = account.Page("liveEvents", 0, 100)!.Value.Items[0]["name"]!.GetValue<string>();
        Serve("liveoutput-list-all", $"liveEvents/{live}/liveOutputs", "liveOutputs");
        account.Answer("listEdgePolicies", Body("accounts-list-media-edge-policies"));
        JsonNode paths = Body("streaming-locators-list-paths-streaming-and-download");
        JsonNode keys = Body("streaming-locators-list-content-keys");
        foreach (JsonNode locator in account.Page("streamingLocators", 0, 100)!.Value.Items)
        {
            // The examples' locators are of an asset that another example has.
            locator["properties"]!["assetName"] = asset;
            account.Answer($"streamingLocators/{locator["name"]}/listPaths", paths.DeepClone());
            account.Answer($"streamingLocators/{locator["name"]}/listContentKeys", keys.DeepClone());
        }

        foreach (JsonNode policy in account.Page("contentKeyPolicies", 0, 100)!.Value.Items)
        {
            account.Answer($"contentKeyPolicies/{policy["name"]}/getPolicyPropertiesWithSecrets", Body("content-key-policies-get-with-secrets"));
        }

        foreach (JsonNode item in account.Page("assets", 0, 100)!.Value.Items)
        {
            account.Answer($"assets/{item["name"]}/getEncryptionKey", Body("assets-get-encryption-keys"));
        }

        AmsExportSummary summary = await _export.RunAsync(account, new MetadataExportOptions { Secrets = new SecretsTarget { IsPlainText = true } });

        Assert.Empty(summary.Problems);
        Assert.InRange(served.Count, 25, 500);
        foreach ((string kind, JsonNode item) in served)
        {
            Assert.Contains(_export.Read(account, kind + ".json").AsArray(), kept => JsonNode.DeepEquals(item, kept));
        }

        Assert.True(JsonNode.DeepEquals(account.Body["properties"], _export.Read(account, "account.json")["properties"]));
        Assert.True(JsonNode.DeepEquals(Body("accounts-list-media-edge-policies"), _export.Read(account, "edgePolicies.json")));
        Assert.All(_export.Read(account, "streamingPaths.json").AsArray(), kept => Assert.True(JsonNode.DeepEquals(paths, kept!["answer"])));
        Assert.All(keys["contentKeys"]!.AsArray(), key => Assert.True(JsonNode.DeepEquals(key, _export.Read(account, $"keys/contentKeys/{key!["id"]}.json"))));
        Assert.True(JsonNode.DeepEquals(Body("content-key-policies-get-with-secrets"), _export.Read(account, "keys/contentKeyPolicies/PolicyWithMultipleOptions.json")));
        AmsAssetMetadata published = _export.Found.Single(found => found.AssetName == asset);
        Assert.Equal(3, published.Tracks.Count(track => track.Type != "Video"));
        Assert.Equal(3, published.Locators.SelectMany(locator => locator.ContentKeys).Select(key => key.KeyId).Distinct().Count());
        Assert.Contains(published.StreamingUrls, url => Manifest().IsMatch(url.Url));
    }

    [GeneratedRegex("^https://[^/]+/262a87b6-b538-4657-bac1-b6897924471d/videoManifest3\\.ism/manifest\\(format=m3u8-aapl\\)$")]
    private static partial Regex Manifest();
}
