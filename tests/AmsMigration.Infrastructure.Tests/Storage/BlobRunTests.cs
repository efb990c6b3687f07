using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>Runs from container to container.</summary>
public sealed class BlobRunTests : ConversionRunContract, IAsyncLifetime
{
    private readonly BlobContainerClient _source;
    private readonly BlobContainerClient _destination;

    public BlobRunTests(Azurite azurite)
    {
        azurite.Need();
        var service = new BlobServiceClient(azurite.ConnectionString);
        _source = service.GetBlobContainerClient($"asset-{Guid.NewGuid():N}");
        _destination = service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
    }

    protected override IAssetStore Source => new BlobAssetStore(new BlobPlace(_source, ""), new BlockBudget(8));

    protected override IDestination Destination => new BlobDestination(new BlobPlace(_destination, "static/"), new BlockBudget(4));

    /// <summary>A lease is renewed every ten seconds.</summary>
    protected override TimeSpan BreakTime => TimeSpan.FromSeconds(14);

    public async ValueTask InitializeAsync()
    {
        await _source.CreateIfNotExistsAsync();
        await PutFixtureAsync("mbr-mp4");
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DeleteIfExistsAsync();
        await _destination.DeleteIfExistsAsync();
    }

    protected override Task PutSourceAsync(string path, byte[] content) =>
        _source.GetBlobClient(path).UploadAsync(BinaryData.FromBytes(content), overwrite: true);

    protected override async Task<IReadOnlyDictionary<string, byte[]>> ReadDestinationAsync()
    {
        var files = new Dictionary<string, byte[]>();
        if (await _destination.ExistsAsync())
        {
            await foreach (BlobItem blob in _destination.GetBlobsAsync(prefix: "static/"))
            {
                files[blob.Name["static/".Length..]] = (await _destination.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
            }
        }

        return files;
    }
}
