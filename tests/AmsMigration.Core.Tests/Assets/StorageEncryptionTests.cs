using System.Security.Cryptography;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Assets;

public sealed class StorageEncryptionTests : IDisposable
{
    private static readonly byte[] Key = Convert.FromHexString("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-encrypted-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>openssl enc -aes-256-ctr -iv f0f1f2f3f4f5f6f70000000000000000 of the bytes 0 to 39.</summary>
    [Fact]
    public async Task A_file_reads_as_openssl_decrypts_it_from_any_place()
    {
        byte[] encrypted = Convert.FromHexString("b4b1354cbb3392cf79e8d89bc9b71da8024e3aaf793102caff80b8e90ad2419d5acef8fe20eba03d");
        IAssetStore store = Open(new MemoryAssetStore("a").With("a.mp4", encrypted), ("a.mp4", 0xf0f1f2f3f4f5f6f7));
        using IByteSource source = await store.OpenAsync("a.mp4", default);
        for (int start = 0; start < encrypted.Length; start++)
        {
            for (int count = 0; count <= encrypted.Length - start; count++)
            {
                byte[] buffer = [99, .. new byte[count], 99];
                Assert.Equal(count, await source.ReadAsync(start, buffer, 1, count, default));
                Assert.Equal([99, .. Enumerable.Range(start, count).Select(i => (byte)i), 99], buffer);
            }
        }
    }

    [Fact]
    public async Task Long_reads_far_into_a_file_are_the_same_as_short_ones()
    {
        byte[] clear = new byte[300_001];
        new Random(5).NextBytes(clear);
        IAssetStore store = Open(new MemoryAssetStore("a").With("a.mp4", Encrypt(clear, 7)), ("a.mp4", 7));
        using IByteSource source = await store.OpenAsync("a.mp4", default);
        byte[] buffer = new byte[clear.Length];

        Assert.Equal(clear.Length - 12_345, await source.ReadAsync(12_345, buffer, 0, clear.Length, default));
        Assert.Equal(clear.AsSpan(12_345), buffer.AsSpan(0, clear.Length - 12_345));
    }

    [Fact]
    public async Task Known_problems_80_and_95_an_encrypted_asset_converts_to_the_same_files_as_a_clear_one()
    {
        MemoryAssetStore clear = MemoryAssetStore.OfFolder(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4"));
        var encrypted = new MemoryAssetStore("mbr-mp4");
        var vectors = new Dictionary<string, ulong>();
        foreach (AssetFile file in await clear.ListAsync(default))
        {
            vectors[file.Path] = unchecked((ulong)-(988929866L + vectors.Count));
            encrypted.With(file.Path, Encrypt(await ReadAsync(clear, file), vectors[file.Path]));
        }

        AmsAsset asset = await AssetCatalog.DescribeAsync(encrypted, default, Metadata(new StorageEncryptionKey(Key, vectors)));

        Assert.Equal(("talk", "10000000-0000-4000-8000-000000000001"), (asset.AssetName, asset.LocatorId));
        Assert.Equal(await ConvertAsync(await AssetCatalog.DescribeAsync(clear, default), "clear"), await ConvertAsync(asset, "encrypted"));
    }

    [Fact]
    public async Task Fragments_have_the_vector_of_their_track_s_folder_and_begin_at_counter_0_each()
    {
        byte[] clear = new byte[100];
        new Random(6).NextBytes(clear);
        MemoryAssetStore stored = new MemoryAssetStore("a").With("video_1000/0", Encrypt(clear, 3)).With("video_1000/20000", Encrypt(clear, 3)).With("event.ismc", clear);

        IAssetStore store = Open(stored, ("VIDEO_1000", 3));

        foreach (AssetFile file in await store.ListAsync(default))
        {
            Assert.Equal(clear, await ReadAsync(store, file));
        }
    }

    [Fact]
    public async Task Without_its_key_an_encrypted_asset_says_what_is_missing()
    {
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(
            () => AssetCatalog.DescribeAsync(MemoryAssetStore.OfFolder(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4")), default, Metadata(null)));

        Assert.Equal("EncryptionKeyMissing", e.Code);
        Assert.Contains("'talk'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_length_is_refused_and_no_key_is_ever_printed()
    {
        Assert.Equal("EncryptionKeyWrong", Assert.Throws<PackagingException>(() => new StorageEncryptionKey(new byte[16], new Dictionary<string, ulong>())).Code);
        Assert.Equal("(storage encryption key)", $"{new StorageEncryptionKey(Key, new Dictionary<string, ulong>())}");
    }

    private static IAssetStore Open(MemoryAssetStore store, params (string Name, ulong Vector)[] vectors) =>
        DecryptingAssetStore.Over(store, new StorageEncryptionKey(Key, vectors.ToDictionary(v => v.Name, v => v.Vector)));

    private static AmsAssetMetadata Metadata(StorageEncryptionKey? key) => new()
    {
        AssetName = "talk",
        ContainerName = "mbr-mp4",
        Location = "memory:mbr-mp4",
        IsStorageEncrypted = true,
        Locators = [new AmsStreamingLocator { Name = "l", LocatorId = "10000000-0000-4000-8000-000000000001" }],
        StorageKey = key,
    };

    /// <summary>Block by block, as the standard has it.</summary>
    private static byte[] Encrypt(byte[] clear, ulong vector)
    {
        using var aes = Aes.Create();
        aes.Key = Key;
        byte[] result = new byte[clear.Length];
        byte[] block = new byte[16];
        for (int i = 0; i < clear.Length; i += 16)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(block, vector);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(8), i / 16);
            byte[] stream = aes.EncryptEcb(block, PaddingMode.None);
            for (int j = i; j < Math.Min(i + 16, clear.Length); j++)
            {
                result[j] = (byte)(clear[j] ^ stream[j - i]);
            }
        }

        return result;
    }

    private static async Task<byte[]> ReadAsync(IAssetStore store, AssetFile file)
    {
        using IByteSource source = await store.OpenAsync(file.Path, default);
        byte[] content = new byte[source.Length];
        Assert.Equal(content.Length, await source.ReadAsync(0, content, 0, content.Length, default));
        return content;
    }

    private async Task<Dictionary<string, string>> ConvertAsync(AmsAsset asset, string name)
    {
        var destination = new LocalDestination(Path.Combine(_folder, name));
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, destination, new ConversionOptions { PathTemplate = PathTemplate.None }, null, default);
        Assert.Null(result.Error);
        return Directory.EnumerateFiles(destination.Location, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "_static.json")
            .ToDictionary(file => Path.GetRelativePath(destination.Location, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
    }
}
