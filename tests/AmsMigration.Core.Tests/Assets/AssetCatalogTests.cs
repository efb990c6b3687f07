using AmsMigration.Assets;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Assets;

public class AssetCatalogTests
{
    [Fact]
    public async Task An_asset_is_listed_once_and_not_at_all_where_its_list_is_at_hand()
    {
        var store = new ListedStore(new LocalAssetStore(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4")));

        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
        Assert.Equal(1, store.Lists);

        AmsAsset again = await AssetCatalog.DescribeAsync(store, default, files: await store.ListAsync(default));
        Assert.Equal(2, store.Lists);
        Assert.Equal((asset.FileCount, asset.Length, asset.Created), (again.FileCount, again.Length, again.Created));
    }

    private sealed class ListedStore(IAssetStore inner) : IAssetStore
    {
        public int Lists { get; private set; }

        public string Name => inner.Name;

        public string Location => inner.Location;

        public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation)
        {
            Lists++;
            return inner.ListAsync(cancellation);
        }

        public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => inner.OpenAsync(path, cancellation);
    }
}
