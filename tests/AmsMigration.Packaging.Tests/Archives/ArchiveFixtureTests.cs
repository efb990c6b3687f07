using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>
/// The archive that tests of commands use, which cannot make one themselves, is what the maker lays out. With RECORD_GOLDEN=1 in the environment it is
/// written anew.
/// </summary>
public class ArchiveFixtureTests
{
    [Fact]
    public async Task The_archive_among_the_fixtures_is_that_of_the_maker()
    {
        string folder = Path.Combine(Repository.Root, "tests", "fixtures", "archives", "live-cmaf");
        (MadeStream video, MadeStream audio) = Read.Streams(90_000, 48_000, 1_544_716_459);
        (video.Chunks, audio.Chunks) = (video.Chunks[..6], audio.Chunks[..6]);
        MemoryAssetStore made = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore("live-cmaf");
        if (Environment.GetEnvironmentVariable("RECORD_GOLDEN") == "1")
        {
            made.WriteTo(folder);
        }

        MemoryAssetStore there = MemoryAssetStore.OfFolder(folder);

        IReadOnlyList<AssetFile> files = await made.ListAsync(default);
        Assert.Equal(files.Select(file => (file.Path, file.Length)), (await there.ListAsync(default)).Select(file => (file.Path, file.Length)));
        foreach (AssetFile file in files)
        {
            Assert.Equal(await ReadAsync(made, file), await ReadAsync(there, file));
        }
    }

    private static async Task<byte[]> ReadAsync(MemoryAssetStore store, AssetFile file)
    {
        using IByteSource source = await store.OpenAsync(file.Path, default);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, await source.ReadAsync(0, bytes, 0, bytes.Length, default));
        return bytes;
    }
}
