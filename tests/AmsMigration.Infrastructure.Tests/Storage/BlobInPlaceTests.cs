using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;
using AmsMigration.Verification;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>An archive in a container that is played where it lies.</summary>
public sealed class BlobInPlaceTests(Azurite azurite)
{
    [Fact]
    public async Task A_container_gets_headers_and_manifests_beside_its_fragments()
    {
        azurite.Need();
        BlobContainerClient container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"asset-{Guid.NewGuid():N}");
        await container.CreateAsync();
        MemoryAssetStore made = new LiveArchiveMaker("ll-cmaf")
        {
            Streams = [MadeStream.Of("live.mp4", TrackKind.Video, 90_000, 90_000 * 1000L), MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, 48_000 * 1000L)],
            ChunkSamples = 5,
        }.ToStore();
        foreach (AssetFile file in await made.ListAsync(default))
        {
            using IByteSource source = await made.OpenAsync(file.Path, default);
            var bytes = new byte[file.Length];
            await source.ReadAsync(0, bytes, 0, bytes.Length, default);
            await container.GetBlobClient(file.Path).UploadAsync(BinaryData.FromBytes(bytes));
        }

        Dictionary<string, string> before = await ListAsync(container);
        Uri address = container.GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1));
        IAssetStore store = new StorageLocations(new StorageSignIn()).OpenAsset(address);
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);

        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, null, new ConversionOptions { InPlace = true }, null, default);

        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        Assert.Equal($"{container.Uri}/event.mpd", result.DashUri);
        Dictionary<string, string> after = await ListAsync(container);
        Assert.All(before, blob => Assert.Equal(blob.Value, after[blob.Key]));
        Assert.All(after.Keys.Except(before.Keys), path => Assert.Matches(@"^(event/.+|event\.(m3u8|mpd)|_static\.json)$", path));
        Assert.Empty((await OutputCheck.RunAsync(store, store, default)).Findings);
        AmsConversionResult again = await AssetConverter.ConvertAsync(asset, null, new ConversionOptions { InPlace = true }, null, default);
        Assert.Equal(AmsConversionStatus.Skipped, again.Status);
    }

    /// <summary>Names and versions.</summary>
    private static async Task<Dictionary<string, string>> ListAsync(BlobContainerClient container)
    {
        Dictionary<string, string> blobs = [];
        await foreach (BlobItem blob in container.GetBlobsAsync())
        {
            blobs[blob.Name] = blob.Properties.ETag.ToString()!;
        }

        return blobs;
    }
}
