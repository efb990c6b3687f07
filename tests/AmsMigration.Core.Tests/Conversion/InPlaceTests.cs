using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;
using AmsMigration.Verification;

namespace AmsMigration.Core.Tests.Conversion;

/// <summary>What lets players play an archive is written beside it, and nothing of the archive is touched.</summary>
public sealed class InPlaceTests : IDisposable
{
    private static readonly ConversionOptions InPlace = new() { InPlace = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-core-").FullName;
    private readonly LocalAssetStore _archive;
    private readonly Dictionary<string, byte[]> _before;

    public InPlaceTests()
    {
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, 90_000, 90_000 * 1000L);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, 48_000, 48_000 * 1000L);
        _archive = new LiveArchiveMaker("vod-cmaf") { Streams = [video, audio] }.ToStore().WriteTo(_folder);
        _before = Files();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_run_skips_a_changed_archive_is_done_again_and_no_file_of_it_ever_changes()
    {
        AmsConversionResult first = await ConvertAsync(InPlace);
        Assert.Equal((AmsConversionStatus.Completed, _folder), (first.Status, first.Destination));
        Assert.Equal(first.BytesWritten, Files().Where(file => !_before.ContainsKey(file.Key)).Sum(file => (long)file.Value.Length));
        Assert.True(first.BytesWritten < 64 * 1024, $"{first.BytesWritten} bytes were written");
        Assert.Equal(AmsConversionStatus.Skipped, (await ConvertAsync(InPlace)).Status);
        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(InPlace with { Force = true })).Status);
        AssertUntouched();

        string last = Directory.GetFiles(Path.Combine(_folder, "video_1000000")).Where(file => !file.EndsWith("header", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Last();
        File.Delete(last);
        _before.Remove(Path.GetRelativePath(_folder, last));
        AmsConversionResult shorter = await ConvertAsync(InPlace);

        Assert.Equal(AmsConversionStatus.Completed, shorter.Status);
        Assert.Empty((await OutputCheck.RunAsync(_archive, _archive, default)).Findings);
        AssertUntouched();
    }

    [Theory]
    [InlineData("event.m3u8")]
    [InlineData("event/audio_128k.m3u8")]
    public async Task A_file_of_the_asset_is_never_written_over_even_by_force(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        File.WriteAllText(Path.Combine(_folder, path), "mine");

        AmsConversionResult result = await ConvertAsync(InPlace with { Force = true });

        Assert.Equal("InPlaceNameTaken", Assert.IsType<PackagingException>(result.Error).Code);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, path)));
        AmsConversionResult renamed = await ConvertAsync(InPlace with { Packaging = new PackagingOptions { ManifestName = "again" } });
        Assert.Equal(AmsConversionStatus.Completed, renamed.Status);
        AssertUntouched();
    }

    [Fact]
    public async Task A_record_that_claims_files_of_the_asset_deletes_none_of_them()
    {
        await ConvertAsync(InPlace);
        string record = Path.Combine(_folder, "_static.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("event.mpd", "event.ism", StringComparison.Ordinal));

        AmsConversionResult result = await ConvertAsync(InPlace with { Force = true });

        Assert.Equal("InPlaceNameTaken", Assert.IsType<PackagingException>(result.Error).Code);
        AssertUntouched();
    }

    [Fact]
    public async Task What_is_no_archive_is_refused()
    {
        var store = new LocalAssetStore(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "video-only"));
        AmsConversionResult result = await AssetConverter.ConvertAsync(await AssetCatalog.DescribeAsync(store, default), null, InPlace, null, default);

        Assert.Equal("NotPlayableInPlace", Assert.IsType<PackagingException>(result.Error).Code);
    }

    private async Task<AmsConversionResult> ConvertAsync(ConversionOptions options) =>
        await AssetConverter.ConvertAsync(await AssetCatalog.DescribeAsync(_archive, default), null, options, null, default);

    private Dictionary<string, byte[]> Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(_folder, file), File.ReadAllBytes);

    private void AssertUntouched()
    {
        Dictionary<string, byte[]> now = Files();
        Assert.All(_before, file => Assert.Equal(file.Value, now[file.Key]));
    }
}
