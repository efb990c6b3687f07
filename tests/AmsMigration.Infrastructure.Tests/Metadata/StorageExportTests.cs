using System.Text.Json.Nodes;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Metadata;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public sealed class StorageExportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("export-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Storage_alone_knows_ids_manifests_tracks_and_what_an_asset_was_made_from()
    {
        MemoryAssetStore store = OfFixture("asset-8cb39104-122c-496e-9ac5-7f9e2c2547b8")
            .With("e6c7ee55_metadata.json", """{ "InputFiles": [ { "Uri": "https://contoso.blob.core.windows.net/asset-1b648c1a/ignite.mp4?sv=2020&sig=secret" } ] }""")
            .With("broken_metadata.json", "{");

        AmsAssetMetadata metadata = await ExportAsync(store);

        Assert.Equal("8cb39104-122c-496e-9ac5-7f9e2c2547b8", metadata.AssetId);
        Assert.Equal("nb:cid:UUID:8cb39104-122c-496e-9ac5-7f9e2c2547b8", metadata.Version2?.AssetId);
        Assert.Equal(["https://contoso.blob.core.windows.net/asset-1b648c1a/ignite.mp4"], metadata.MadeFrom);
        Assert.Contains(metadata.Tracks, track => track.Type == "Video");
        JsonNode kind = Assert.Single(JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "local", "assets.json")))!.AsArray())!;
        Assert.Equal("asset-8cb39104-122c-496e-9ac5-7f9e2c2547b8", kind["properties"]!["container"]!.GetValue<string>());
        Assert.NotEmpty(kind["properties"]!["storage"]!["manifests"]!.AsArray());
        Assert.All(Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("sig=secret", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_run_adds_and_deletes_nothing()
    {
        await ExportAsync(OfFixture("one"));
        await ExportAsync(OfFixture("two"));

        JsonArray kind = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "local", "assets.json")))!.AsArray();
        Assert.Equal(["one", "two"], kind.Select(item => item!["name"]!.GetValue<string>()).Order());
    }

    private static MemoryAssetStore OfFixture(string name)
    {
        MemoryAssetStore store = new(name);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4")))
        {
            store.With(Path.GetFileName(file), File.ReadAllBytes(file));
        }

        return store;
    }

    private async Task<AmsAssetMetadata> ExportAsync(MemoryAssetStore store)
    {
        var exporter = new MetadataExporter(AzureEndpoints.Public, new GivenToken("none"), new LocalDestination(_folder.FullName));
        var options = new MetadataExportOptions { Formats = [MetadataFormat.Json, MetadataFormat.Csv] };
        AmsAssetMetadata metadata = await exporter.ExportAsync(await AssetCatalog.DescribeAsync(store, default), options, default);
        AmsExportSummary summary = Assert.Single(await exporter.CompleteStorageAsync(options, default));
        Assert.Equal("local", summary.AccountName);
        return metadata;
    }
}
