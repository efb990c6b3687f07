using System.Text.Json.Nodes;
using AmsMigration.Accounts;
using AmsMigration.Infrastructure.Catalogue;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Recommendations;
using AmsMigration.TestAccounts;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public sealed class AccountExportTests : IAsyncLifetime
{
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
    public async Task Each_kind_has_a_file_with_the_service_s_json_as_it_came()
    {
        _server.Options.PageSize = 2;
        Account account = _server.Add(MadeAccount.Create("active", 5));

        AmsExportSummary summary = await _export.RunAsync(account, new MetadataExportOptions { Secrets = new SecretsTarget { IsPlainText = true } });

        Assert.Empty(summary.Problems);
        foreach (string kind in new[] { "assets", "streamingLocators", "streamingPolicies", "contentKeyPolicies", "accountFilters", "streamingEndpoints", "liveEvents", "transforms" })
        {
            AssertSame(account.Page(kind, 0, 100)!.Value.Items, _export.Items(account, kind), kind);
        }

        AssertSame(account.Page("transforms/adaptive/jobs", 0, 100)!.Value.Items, _export.Items(account, "jobs"), "jobs");
        AssertSame(account.Page("liveEvents/studio/liveOutputs", 0, 100)!.Value.Items, _export.Items(account, "liveOutputs"), "liveOutputs");
        AssertSame(
            Enumerable.Range(1, 5).SelectMany(i => account.Page($"assets/asset {i}/tracks", 0, 100)!.Value.Items), _export.Items(account, "tracks"), "tracks");
        AssertSame(
            Enumerable.Range(1, 5).SelectMany(i => account.Page($"assets/asset {i}/assetFilters", 0, 100)!.Value.Items), _export.Items(account, "assetFilters"), "assetFilters");
        Assert.True(JsonNode.DeepEquals(account.Body["properties"], _export.Read(account, "account.json")["properties"]));
        Assert.Equal((5, 0, 5), (summary.Assets, summary.Unchanged, summary.Resources["streamingLocators"]));
        Assert.Equal(_server.Requests.Count, summary.Requests);
    }

    [Fact]
    public async Task Each_asset_has_an_index_with_every_address_that_played_it()
    {
        Account account = _server.Add(MadeAccount.Create("active", 3));

        await _export.RunAsync(account);

        AmsAssetMetadata asset = _export.Found.Single(found => found.AssetName == "asset 2");
        AmsStreamingLocator locator = Assert.Single(asset.Locators);
        Assert.Equal("10000000-0000-4000-8000-000000000002", locator.LocatorId);
        Assert.Null(locator.EndTime);
        Assert.Equal(["Aes128"], locator.Protection);
        Assert.Equal(["mobile"], locator.Filters);
        Assert.Equal("tokens", locator.ContentKeyPolicyName);
        string[] hosts = ["active-euwe.streaming.media.azure.net", "video.example.com", "premium-active-euwe.streaming.media.azure.net"];
        string[] manifests = ["manifest(format=m3u8-cmaf,encryption=cbc)", "manifest(format=mpd-time-cmaf,encryption=cbc)", "manifest(encryption=cbc)"];
        Assert.Equal(
            hosts.SelectMany(host => manifests.Select(manifest => $"https://{host}/{locator.LocatorId}/talk.ism/{manifest}")).Order(),
            asset.StreamingUrls.Select(url => url.Url).Order());
        Assert.Equal(["default", "premium"], asset.StreamingUrls.Select(url => url.StreamingEndpoint).Distinct());
        Assert.Equal(["adaptive/job 2"], asset.Jobs);
        Assert.Equal(["input 2"], asset.MadeFrom);
        Assert.Equal(["intro"], asset.Filters);
        Assert.Equal(("audio", "Audio", "en"), (asset.Tracks[0].Name, asset.Tracks[0].Type, asset.Tracks[0].Language));
        Assert.Equal("https://activestore.blob.core.windows.net/asset-00000000-0000-4000-8000-000000000002", asset.Location);
        Assert.Equal(("alt-2", "00000000-0000-4000-8000-000000000002", true), (asset.AlternateId, asset.AssetId, asset.IsStorageEncrypted));
        Assert.True(File.Exists(asset.MetadataPath));
        Assert.Equal("asset 2", _export.Read(account, "assets/asset 2.json")["metadata"]!["assetName"]!.GetValue<string>());
    }

    [Fact]
    public async Task Version_2_is_recognised_and_mapped()
    {
        Account account = _server.Add(MadeAccount.Create("active", 2));

        await _export.RunAsync(account);

        AmsVersion2Identity identity = _export.Found.Single(found => found.AssetName == "asset 2").Version2!;
        Assert.Equal("nb:cid:UUID:00000000-0000-4000-8000-000000000002", identity.AssetId);
        Assert.StartsWith("Asset number 2", identity.Name, StringComparison.Ordinal);
        Assert.Equal(2, identity.Evidence.Length);
        Assert.Contains(identity.Entities, entity => (entity.V2, entity.V2Id, entity.V3, entity.V3Name)
            == ("Locator", "nb:lid:UUID:10000000-0000-4000-8000-000000000002", "StreamingLocator", "locator 2"));
        Assert.Contains(identity.Entities, entity => (entity.V2, entity.V3Name) == ("AssetDeliveryPolicy", "Predefined_ClearKey"));
        Assert.Contains(identity.Entities, entity => (entity.V2, entity.V3Name) == ("ContentKeyAuthorizationPolicy", "tokens"));
    }

    [Fact]
    public async Task The_guide_s_table_says_how_many_resources_each_entity_became()
    {
        Account account = _server.Add(MadeAccount.Create("active", 3));
        VersionGuide guide = CatalogueFile.Read(Path.Combine(Repository.Root, "data", "migration-options.yaml")).VersionGuide;

        await _export.RunAsync(account, new MetadataExportOptions { VersionGuide = guide });

        JsonNode map = _export.Read(account, "version2.json");
        Assert.Equal(guide.Entities.Count, map["entities"]!.AsArray().Count);
        Assert.Equal(3, map["assets"]!.GetValue<int>());
        Assert.Equal(("StreamingPolicy", 2), (Entity("AssetDeliveryPolicy")["v3"]!.GetValue<string>(), Entity("AssetDeliveryPolicy")["count"]!.GetValue<int>()));
        Assert.Equal(3, Entity("Locator")["count"]!.GetValue<int>());
        Assert.Contains("17 April 2021", Entity("MediaReservedUnit")["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("etired", map["statement"]!.GetValue<string>(), StringComparison.Ordinal);

        JsonNode Entity(string v2) => map["entities"]!.AsArray().Single(entity => entity!["v2"]!.GetValue<string>() == v2)!;
    }

    [Fact]
    public async Task A_killed_run_is_gone_on_with_and_nothing_is_asked_twice()
    {
        Account account = _server.Add(MadeAccount.Create("active", 20));
        using var kill = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _export.RunAsync(
            account, new MetadataExportOptions { ThrottleLimit = 2 }, cancellation: kill.Token, found: _ =>
            {
                if (_export.Found.Count == 8)
                {
                    kill.Cancel();
                }

                return Task.CompletedTask;
            }));
        string[] saved = [.. Directory.EnumerateFiles(_export.PathOf(account, "assets")).Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        Assert.InRange(saved.Length, 8, 12);
        Assert.False(File.Exists(_export.PathOf(account, "assets.json")));
        _server.ForgetRequests();

        AmsExportSummary summary = await _export.RunAsync(account);

        Assert.Equal((20, saved.Length), (summary.Assets, summary.Unchanged));
        Assert.Equal(20, _export.Found.Count);
        foreach (string name in saved)
        {
            Assert.DoesNotContain(_server.Requests, request => request.Contains($"/assets/{name}/", StringComparison.Ordinal));
        }

        Assert.Equal(20 - saved.Length, _server.Requests.Count(request => request.EndsWith("/tracks", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("active", 3)]
    [InlineData("expired", 0)]
    public async Task A_second_run_asks_again_only_where_something_can_have_changed(string name, int asked)
    {
        Account account = _server.Add(MadeAccount.Create(name, 3));
        account.AnswersReadingPosts = true;
        await _export.RunAsync(account);
        _server.ForgetRequests();

        AmsExportSummary second = await _export.RunAsync(account);

        Assert.Equal(asked, _server.Requests.Count(request => request.EndsWith("/tracks", StringComparison.Ordinal)));
        Assert.Equal(3 - asked, second.Unchanged);
        Assert.Equal(3, _export.Found.Count);
    }

    [Fact]
    public async Task What_is_gone_from_the_account_stays_in_the_export()
    {
        Account full = _server.Add(MadeAccount.Create("active", 4));
        await _export.RunAsync(full);
        _server.Remove(full);
        Account less = _server.Add(MadeAccount.Create("active", 2));

        AmsExportSummary summary = await _export.RunAsync(less);

        Assert.Equal(4, summary.Assets);
        Assert.Equal(2, _export.Found.Count);
        AssertSame(full.Page("assets", 0, 100)!.Value.Items, _export.Items(full, "assets"), "assets");
        AssertSame(full.Page("streamingLocators", 0, 100)!.Value.Items, _export.Items(full, "streamingLocators"), "streamingLocators");
        Assert.Equal(4, _export.Items(full, "streamingPaths").Count);
        Assert.True(File.Exists(_export.PathOf(full, "assets/asset 4.json")));
    }

    [Fact]
    public async Task What_is_refused_is_recorded_the_rest_goes_on_and_the_next_run_asks_again()
    {
        Account account = _server.Add(MadeAccount.Create("expired", 3));
        _server.Options.Forbidden = "/assets/asset 2/tracks";

        AmsExportSummary first = await _export.RunAsync(account);

        AmsExportProblem problem = Assert.Single(first.Problems);
        Assert.Equal(("assets/asset 2/tracks", "AccountForbidden"), (problem.Resource, problem.Code));
        Assert.Equal(problem.Message, Assert.Single(_export.Found.Single(found => found.AssetName == "asset 2").Problems).Message);
        Assert.Equal(3, first.Assets);
        _server.Options.Forbidden = null;
        AmsExportSummary second = await _export.RunAsync(account);
        Assert.Equal((2, 0), (second.Unchanged, second.Problems.Length));
        Assert.Equal("audio", _export.Found.Single(found => found.AssetName == "asset 2").Tracks.Single().Name);
    }

    [Fact]
    public async Task A_refused_list_of_locators_is_made_up_for_asset_by_asset()
    {
        Account account = _server.Add(MadeAccount.Create("active", 2));
        account.Answer("assets/asset 1/listStreamingLocators", JsonNode.Parse("""
            { "streamingLocators": [ { "name": "locator 1", "assetName": "asset 1", "streamingLocatorId": "10000000-0000-4000-8000-000000000001", "streamingPolicyName": "Predefined_ClearStreamingOnly" } ] }
            """)!);
        _server.Options.Forbidden = "/streamingLocators";

        AmsExportSummary summary = await _export.RunAsync(account);

        Assert.Equal(["assets/asset 2/listStreamingLocators", "streamingLocators"], summary.Problems.Select(problem => problem.Resource).Order());
        Assert.Equal("10000000-0000-4000-8000-000000000001", _export.Found.Single(found => found.AssetName == "asset 1").Locators.Single().LocatorId);
        Assert.NotEmpty(_export.Found.Single(found => found.AssetName == "asset 1").StreamingUrls);
    }

    [Fact]
    public async Task An_account_that_refuses_every_post_is_exported_as_far_as_it_can_be()
    {
        Account account = _server.Add(MadeAccount.Create("expired", 2));
        account.AnswersReadingPosts = false;

        AmsExportSummary summary = await _export.RunAsync(account);

        Assert.Equal(2, summary.Assets);
        Assert.All(summary.Problems, problem => Assert.Equal("AccountReadOnly", problem.Code));
        Assert.Equal(
            ["listEdgePolicies", "streamingLocators/locator 1/listPaths", "streamingLocators/locator 2/listPaths"],
            summary.Problems.Select(problem => problem.Resource).Order());
        Assert.All(_export.Found, found => Assert.Empty(found.StreamingUrls));
    }

    [Fact]
    public async Task A_throttled_failing_cut_service_gives_the_same_export()
    {
        Account account = _server.Add(MadeAccount.Create("expired", 6));
        await _export.RunAsync(account);
        using var rough = new ExportRun(_server);
        _server.Options.ThrottleEvery = 3;
        _server.Options.FailEvery = 7;
        _server.Options.CutEvery = 5;

        AmsExportSummary summary = await rough.RunAsync(account, new MetadataExportOptions { ThrottleLimit = 1 });

        Assert.Empty(summary.Problems);
        foreach (string kind in summary.Resources.Keys)
        {
            Assert.True(JsonNode.DeepEquals(_export.Read(account, kind + ".json"), rough.Read(account, kind + ".json")), kind);
        }
    }

    [Fact]
    public async Task A_token_that_ends_ends_the_run_which_can_be_gone_on_with()
    {
        Account account = _server.Add(MadeAccount.Create("active", 6));

        AccountException e = await Assert.ThrowsAsync<AccountException>(() => _export.RunAsync(account, new MetadataExportOptions { ThrottleLimit = 1 }, found: _ =>
        {
            _server.Options.Token = _export.Found.Count == 3 ? "another" : _server.Options.Token;
            return Task.CompletedTask;
        }));

        Assert.Equal("AccountUnauthorized", e.Code);
        Assert.False(File.Exists(_export.PathOf(account, "assets.json")));
        AmsExportSummary second = await _export.RunAsync(account);
        Assert.Equal((6, true), (second.Assets, second.Unchanged >= 3));
    }

    [Fact]
    public async Task Two_runs_do_not_write_the_same_export()
    {
        Account account = _server.Add(MadeAccount.Create("active", 2));
        PackagingException? refused = null;

        await _export.RunAsync(account, found: async _ =>
        {
            List<AmsAssetMetadata> found = _export.Found;
            refused ??= await Assert.ThrowsAsync<PackagingException>(() => _export.RunAsync(account));
        });

        Assert.Equal("OutputInUse", refused?.Code);
    }

    [Fact]
    public async Task Names_that_no_file_may_have_get_files_of_their_own()
    {
        Account account = _server.Add(MadeAccount.Create("active", 0));
        string[] names = ["a:b", "a?b", "con", "..", "Ünï", new string('x', 200), new string('x', 199) + "y"];
        foreach (string name in names)
        {
            account.Add("assets", new JsonObject { ["name"] = name, ["properties"] = new JsonObject { ["container"] = "c" } });
        }

        await _export.RunAsync(account);

        Assert.Equal(names.Length, _export.Found.Select(found => found.MetadataPath).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(_export.Found, found => Assert.Equal(_export.PathOf(account, "assets"), Path.GetDirectoryName(found.MetadataPath)));
    }

    private static void AssertSame(IEnumerable<JsonNode> expected, Dictionary<string, JsonNode> actual, string kind)
    {
        JsonNode[] items = [.. expected];
        Assert.Equal(items.Length, actual.Count);
        foreach (JsonNode item in items)
        {
            Assert.True(JsonNode.DeepEquals(item, actual[item["id"]!.GetValue<string>()]), $"{kind}: {item["name"]}");
        }
    }
}
