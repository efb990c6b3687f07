using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>What every output store owes a run, of blobs in a container that is not there at first.</summary>
public sealed class BlobOutputStoreTests : OutputStoreContract
{
    private readonly BlobContainerClient _container;

    public BlobOutputStoreTests(Azurite azurite)
    {
        azurite.Need();
        _container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"out-{Guid.NewGuid():N}");
    }

    /// <summary>Two blocks and something.</summary>
    protected override int StagedBytes => 17 << 20;

    protected override IOutputStore Open() => new BlobOutputStore(new BlobPlace(_container, "videos/talk/"), new BlockBudget(4));

    protected override async Task<IReadOnlyList<string>> ListAsync() =>
        await _container.ExistsAsync()
            ? [.. _container.GetBlobs().Select(blob => blob.Name["videos/talk/".Length..])]
            : [];
}
