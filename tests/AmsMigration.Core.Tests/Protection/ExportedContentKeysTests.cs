using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;
using AmsMigration.Protection;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Protection;

public sealed class ExportedContentKeysTests
{
    private const string FirstKey = "9259eb06-eeee-4f77-987f-48f4ea5c649f";
    private const string SecondKey = "06bfeff1-2bb6-4f58-af27-a2767f058bca";

    [Fact]
    public async Task The_key_of_the_scheme_keeps_its_id()
    {
        AmsAsset asset = await AssetAsync(Locator("a", (FirstKey, "EnvelopeEncryption"), (SecondKey, "CommonEncryptionCbcs")));

        ContentKey cbcs = Assert.Single(await new ExportedContentKeys(ProtectionScheme.Cbcs).FindAsync(asset, default));
        ContentKey aes = Assert.Single(await new ExportedContentKeys(ProtectionScheme.Aes128).FindAsync(asset, default));

        Assert.Equal((SecondKey, FirstKey), (cbcs.ToString(), aes.ToString()));
        Assert.Equal(Value(SecondKey), cbcs.GetBytes());
        Assert.Empty(await new ExportedContentKeys(ProtectionScheme.Cenc).FindAsync(asset, default));
    }

    [Fact]
    public async Task Of_several_locators_the_first_with_keys_is_taken_or_the_one_that_is_named()
    {
        AmsAsset asset = await AssetAsync(
            Locator("clear"), Locator("a", (FirstKey, "CommonEncryptionCenc")), Locator("b", (SecondKey, "CommonEncryptionCenc")));

        Assert.Equal(FirstKey, Assert.Single(await new ExportedContentKeys(ProtectionScheme.Cenc).FindAsync(asset, default)).ToString());
        Assert.Equal(SecondKey, Assert.Single(await new ExportedContentKeys(ProtectionScheme.Cenc, "B").FindAsync(asset, default)).ToString());
    }

    [Fact]
    public async Task A_key_without_its_value_and_a_choice_that_nobody_made_are_refused()
    {
        AmsAsset unknown = await AssetAsync([Locator("a", (FirstKey, "CommonEncryptionCenc"))], values: []);
        AmsAsset ambiguous = await AssetAsync(Locator("a", (FirstKey, "CommonEncryptionCenc"), (SecondKey, "CommonEncryptionCenc")));

        Assert.Equal("ContentKeyUnavailable", (await RefusedAsync(unknown)).Code);
        Assert.Equal("ContentKeyAmbiguous", (await RefusedAsync(ambiguous)).Code);
    }

    [Fact]
    public async Task Of_storage_alone_there_are_no_keys() =>
        Assert.Empty(await new ExportedContentKeys(ProtectionScheme.Cenc).FindAsync(await AssetCatalog.DescribeAsync(new MemoryAssetStore("a"), default), default));

    private static Task<PackagingException> RefusedAsync(AmsAsset asset) =>
        Assert.ThrowsAsync<PackagingException>(() => new ExportedContentKeys(ProtectionScheme.Cenc).FindAsync(asset, default));

    private static AmsStreamingLocator Locator(string id, params (string Id, string Type)[] keys) => new()
    {
        Name = id,
        LocatorId = id,
        ContentKeys = [.. keys.Select(key => new AmsContentKey { KeyId = key.Id, Type = key.Type })],
    };

    private static byte[] Value(string keyId) => Guid.Parse(keyId).ToByteArray();

    private static Task<AmsAsset> AssetAsync(params AmsStreamingLocator[] locators) =>
        AssetAsync(locators, [.. locators.SelectMany(locator => locator.ContentKeys).Select(key => new ContentKeyValue(key, Value(key.KeyId)))]);

    private static Task<AmsAsset> AssetAsync(AmsStreamingLocator[] locators, IReadOnlyList<ContentKeyValue> values) => AssetCatalog.DescribeAsync(
        new MemoryAssetStore("a"), default,
        new AmsAssetMetadata { AssetName = "talk", ContainerName = "a", Location = "memory:a", Locators = locators, ContentKeys = values });
}
