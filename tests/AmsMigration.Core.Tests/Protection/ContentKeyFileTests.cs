using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;
using AmsMigration.Protection;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Protection;

public sealed class ContentKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-keys-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "keys.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_asset_has_a_key_of_its_own_and_keeps_it()
    {
        AmsAsset first = await AssetAsync("first");
        AmsAsset odd = await AssetAsync("a \"quoted\", odd name");
        ContentKeyFile file = ContentKeyFile.Open(Path);
        ContentKey key = await KeyAsync(file, first);
        ContentKey other = await KeyAsync(file, odd);
        Assert.False(File.Exists(Path), "a key that nothing was encrypted with is not kept");
        await file.KeepAsync(first, default);
        await file.KeepAsync(odd, default);
        await file.KeepAsync(first, default);

        ContentKeyFile again = ContentKeyFile.Open(Path);

        Assert.NotEqual(key.Id, other.Id);
        Assert.NotEqual(key.GetBytes(), other.GetBytes());
        Assert.Equal((key.Id, other.Id), ((await KeyAsync(again, first)).Id, (await KeyAsync(again, odd)).Id));
        Assert.Equal(other.GetBytes(), (await KeyAsync(again, odd)).GetBytes());
        Assert.Equal(3, File.ReadAllLines(Path).Length);
    }

    [Theory]
    [InlineData("Asset,KeyId,Key\nonly one field")]
    [InlineData("Asset,KeyId,Key\n\"a\",no guid,AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("Asset,KeyId,Key\n\"a\",9259eb06-eeee-4f77-987f-48f4ea5c649f,c2VjcmV0")]
    [InlineData("Asset,KeyId,Key\n\"a\",9259eb06-eeee-4f77-987f-48f4ea5c649f,not base 64 at all")]
    public void Another_file_is_refused_without_being_quoted(string content)
    {
        File.WriteAllText(Path, content);

        PackagingException e = Assert.ThrowsAny<PackagingException>(() => ContentKeyFile.Open(Path));

        Assert.Equal("KeyFileUnreadable", e.Code);
        Assert.DoesNotContain("c2VjcmV0", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_kept_ends_the_conversion_before_it_begins()
    {
        AmsAsset asset = await AssetAsync("first");
        ContentKeyFile file = ContentKeyFile.Open(System.IO.Path.Combine(_folder, "no", "such", "folder", "keys.csv"));
        await KeyAsync(file, asset);

        Assert.Equal("KeyFileUnwritable", (await Assert.ThrowsAsync<PackagingException>(() => file.KeepAsync(asset, default))).Code);
    }

    private static async Task<ContentKey> KeyAsync(ContentKeyFile file, AmsAsset asset) => Assert.Single(await file.FindAsync(asset, default));

    private static Task<AmsAsset> AssetAsync(string name) => AssetCatalog.DescribeAsync(new MemoryAssetStore(name), default);
}
