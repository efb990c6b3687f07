using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>A container by two addresses of its account.</summary>
public sealed class BlobSamePlaceTests(Azurite azurite) : SamePlaceContract, IAsyncLifetime
{
    private readonly string _container = $"same-{Guid.NewGuid():N}";

    private FaultyProxy? _otherWay;

    private BlobContainerClient Container => new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient(_container);

    public async ValueTask InitializeAsync()
    {
        azurite.Need();
        _otherWay = new FaultyProxy(azurite.Port, (_, _) => Fault.None);
        await Container.CreateAsync();
    }

    public ValueTask DisposeAsync() => _otherWay?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override IAssetStore OpenAsset(string folder) =>
        new StorageLocations(new StorageSignIn { ConnectionString = azurite.ConnectionString }).OpenAsset(new Uri($"{azurite.Service}/{_container}/{folder}"));

    protected override IDestination OpenDestination(string folder) =>
        new StorageLocations(new StorageSignIn { ConnectionString = Azurite.ConnectionStringAt(_otherWay!.Port) }).OpenDestination(
            new Uri($"http://127.0.0.1:{_otherWay.Port}/{Azurite.AccountName}/{_container}/{folder}"));

    protected override Task PutAsync(string path, byte[] content) => Container.GetBlobClient(path).UploadAsync(BinaryData.FromBytes(content));

    protected override async Task<Dictionary<string, string>> ListAsync()
    {
        Dictionary<string, string> blobs = [];
        await foreach (BlobItem blob in Container.GetBlobsAsync())
        {
            blobs[blob.Name] = blob.Properties.ETag.ToString()!;
        }

        return blobs;
    }
}
