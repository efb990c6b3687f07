using System.Text.Json.Nodes;
using AmsMigration.Accounts;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Infrastructure.Tests.Accounts;
using AmsMigration.Metadata;
using AmsMigration.TestAccounts;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Tests.Metadata;

/// <summary>Exports of the tests' server into a folder of their own.</summary>
internal sealed class ExportRun : IDisposable
{
    private readonly AccountServer _server;
    private readonly SecretClientOptions? _vault;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("export-");

    public ExportRun(AccountServer server, SecretClientOptions? vault = null)
    {
        _server = server;
        _vault = vault;
    }

    public string Root => _folder.FullName;

    public List<AmsAssetMetadata> Found { get; private set; } = [];

    public async Task<AmsExportSummary> RunAsync(
        Account account, MetadataExportOptions? options = null, IProgress<ExportProgress>? progress = null, CancellationToken cancellation = default,
        Func<AmsAssetMetadata, Task>? found = null)
    {
        Found = [];
        var exporter = new MetadataExporter(
            TestClient.Endpoints(_server), TestClient.Token(_server), new LocalDestination(Root), TestClient.Options(_server), _vault);
        return await exporter.ExportAsync(
            TestClient.Id(account), options ?? new MetadataExportOptions(),
            metadata =>
            {
                Found.Add(metadata);
                return found?.Invoke(metadata) ?? Task.CompletedTask;
            },
            progress, cancellation);
    }

    public string PathOf(Account account, string file) => Path.Combine(Root, account.Name, file);

    public JsonNode Read(Account account, string file) => JsonNode.Parse(File.ReadAllText(PathOf(account, file)))!;

    /// <summary>Items of the file of a kind, by name.</summary>
    public Dictionary<string, JsonNode> Items(Account account, string kind) =>
        Read(account, kind + ".json").AsArray().ToDictionary(item => (item!["id"] ?? item["resource"] ?? item["name"])!.GetValue<string>(), item => item!);

    /// <summary>The text of every file.</summary>
    public IEnumerable<(string Path, string Text)> Texts() =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(Root, file), File.ReadAllText(file)));

    public void Dispose() => _folder.Delete(recursive: true);
}
