using System.Text.Json;
using AmsMigration.TestSupport;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace AmsMigration.Worker.Tests;

/// <summary>From a container to a container, and from a folder of many assets to a container.</summary>
public sealed class BlobWorkerRunTests : WorkerRunContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-blobs-").FullName;
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly BlobServiceClient _service;
    private readonly BlobContainerClient _destination;

    public BlobWorkerRunTests(Azurite azurite)
    {
        azurite.Need();
        _service = new BlobServiceClient(azurite.ConnectionString);
        _destination = _service.GetBlobContainerClient($"out-{_run}");
        Environment = new Dictionary<string, string> { ["AZURE_STORAGE_CONNECTION_STRING"] = azurite.ConnectionString };
    }

    protected override WorkerProgram Worker { get; } = new(typeof(BlobWorkerRunTests).Assembly);

    protected override IReadOnlyDictionary<string, string> Environment { get; }

    protected override int LargeMegabytes => 40;

    /// <summary>A lease ends a minute after the process that had it.</summary>
    protected override string[] TakeOver(bool isPatient) => isPatient ? ["--wait-for-other", "90"] : ["--break-lease"];

    /// <summary>Blocks that were on their way when the process died.</summary>
    protected override long Slack => 48 << 20;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_asset_that_storage_does_not_give_has_failed_and_is_no_crash()
    {
        byte[] media = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "video-only", "silent.mp4"));
        BlobContainerClient container = ContainerOf("archived");
        await container.CreateAsync();
        await container.UploadBlobAsync("silent.mp4", BinaryData.FromBytes(media));
        await container.GetBlobClient("silent.mp4").SetAccessTierAsync(AccessTier.Archive);

        (int exitCode, string output, _) = await RunAsync("convert", container.Uri.AbsoluteUri, _folder);
        (int listed, _, string told) = await RunAsync("list", container.Uri.AbsoluteUri);
        (int planned, _, string toldOfPlan) = await RunAsync("convert", container.Uri.AbsoluteUri, _folder, "--what-if");

        JsonElement result = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal((1, "Failed"), (exitCode, result.GetProperty("Status").GetString()));
        Assert.Equal("SourceArchived", result.GetProperty("Error").GetProperty("Code").GetString());
        Assert.Equal((1, 1), (listed, planned));
        Assert.All(new[] { told, toldOfPlan }, text => Assert.StartsWith($"{container.Name}: SourceArchived: ", text, StringComparison.Ordinal));

        Task<(int, string, string)> RunAsync(params string[] arguments) =>
            ProcessRunner.RunAsync(Worker.FileName, Worker.Arguments(arguments), TimeSpan.FromMinutes(2), environment: Environment);
    }

    [Theory]
    [InlineData("list", "https://contoso.blob.core.windows.net")]
    [InlineData("test", "https://contoso.blob.core.windows.net/video")]
    public async Task A_machine_without_an_identity_is_told_so_in_a_line(params string[] arguments)
    {
        // What answers at this address gives no token.
        var environment = new Dictionary<string, string> { ["IDENTITY_ENDPOINT"] = _destination.Uri.AbsoluteUri, ["IDENTITY_HEADER"] = "none" };

        (int exitCode, _, string error) = await ProcessRunner.RunAsync(Worker.FileName, Worker.Arguments(arguments), TimeSpan.FromMinutes(2), environment: environment);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("The managed identity gave no token", error, StringComparison.Ordinal);
        Assert.Contains("AZURE_CLIENT_ID", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    protected override string SourceOf(string asset) => asset.Length == 0 ? _folder : ContainerOf(asset).Uri.AbsoluteUri;

    protected override string DestinationOf(string asset) => $"{_destination.Uri.AbsoluteUri}/{asset}";

    protected override async Task PutSourceAsync(string asset, string path, Func<Stream, Task> write)
    {
        if (asset != "large")
        {
            await using FileStream file = File.Create(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, asset)).FullName, path));
            await write(file);
            return;
        }

        await ContainerOf(asset).CreateIfNotExistsAsync();
        await using Stream stream = await ContainerOf(asset).GetBlockBlobClient(path).OpenWriteAsync(overwrite: true);
        await write(stream);
    }

    protected override async Task<long> MeasureOutputAsync(string asset)
    {
        long bytes = 0;
        try
        {
            await foreach (BlobItem blob in _destination.GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, $"{asset}/", default))
            {
                BlockList blocks = await _destination.GetBlockBlobClient(blob.Name).GetBlockListAsync(BlockListTypes.All);
                bytes += blocks.CommittedBlocks.Concat(blocks.UncommittedBlocks).Sum(block => block.SizeLong);
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // There is no container yet, or a blob has just gone.
        }

        return bytes;
    }

    protected override async Task<IReadOnlyList<string>> ListDestinationAsync()
    {
        List<string> paths = [];
        await foreach (BlobItem blob in _destination.GetBlobsAsync())
        {
            paths.Add(blob.Name);
        }

        return paths;
    }

    private BlobContainerClient ContainerOf(string asset) => _service.GetBlobContainerClient($"asset-{_run}-{asset}");
}
