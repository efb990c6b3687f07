using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Xunit;

namespace AmsMigration.TestSupport;

/// <summary>Outputs that lie where their asset does, by another name: no file of the asset is lost, whoever asked for it. Each kind of store derives from this.</summary>
public abstract class SamePlaceContract
{
    private const string AssetName = "clip";

    private static ConversionOptions AtRoot { get; } = new() { PathTemplate = PathTemplate.None, Force = true };

    /// <summary>A folder, made where it is missing, by the name that assets have.</summary>
    protected abstract IAssetStore OpenAsset(string folder);

    /// <summary>A folder by the other name; empty for the root of all.</summary>
    protected abstract IDestination OpenDestination(string folder);

    protected abstract Task PutAsync(string path, byte[] content);

    /// <summary>Everything in the place, with what changes when a file does.</summary>
    protected abstract Task<Dictionary<string, string>> ListAsync();

    [Theory]
    [InlineData("clip", "", "{0}|more.mp4")]
    [InlineData("clip/again", "", "{0}|again/{0}")]
    [InlineData("", "", "{0}|video.mp4|clip/video.mp4")]
    [InlineData("", "clip.m3u8", "{0}|video.mp4|clip/video.mp4")]
    public async Task No_file_of_the_asset_is_written_over(string destination, string missing, string files)
    {
        await PutStaticAsync(files, missing);
        Dictionary<string, string> before = await ListAsync();

        AmsConversionResult result = await ConvertAsync(destination, AtRoot);

        Assert.Equal("DestinationIsSource", Assert.IsType<PackagingException>(result.Error).Code);
        Assert.Equal(before, await ListAsync());
    }

    [Fact]
    public async Task Nothing_is_written_beside_an_asset_that_is_its_own_destination()
    {
        await PutAsync($"{AssetName}/film.mp4", FixtureFile());
        Dictionary<string, string> before = await ListAsync();

        AmsConversionResult result = await ConvertAsync(AssetName, AtRoot with { Force = false });

        Assert.Equal("DestinationIsSource", Assert.IsType<PackagingException>(result.Error).Code);
        Assert.Equal(before, await ListAsync());
    }

    [Theory]
    [InlineData("clip/static")]
    [InlineData("")]
    [InlineData("other")]
    public async Task An_output_that_touches_no_file_of_it_is_written_again_and_again(string destination)
    {
        await PutAsync($"{AssetName}/film.mp4", FixtureFile());
        Dictionary<string, string> before = await ListAsync();

        AmsConversionResult first = await ConvertAsync(destination, AtRoot);
        AmsConversionResult second = await ConvertAsync(destination, AtRoot);

        Assert.True(second.Status == AmsConversionStatus.Completed, second.Error?.ToString());
        Assert.Equal((first.Status, first.BytesWritten), (second.Status, second.BytesWritten));
        Dictionary<string, string> after = await ListAsync();
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
    }

    private async Task<AmsConversionResult> ConvertAsync(string destination, ConversionOptions options) => await AssetConverter.ConvertAsync(
        await AssetCatalog.DescribeAsync(OpenAsset(AssetName), default), OpenDestination(destination), options, null, default);

    /// <summary>HLS and DASH that are static already, with other files beside them.</summary>
    /// <param name="files">Of the asset, separated by '|'; <c>{0}</c> for all files of the static output below a folder.</param>
    private async Task PutStaticAsync(string files, string missing)
    {
        var made = new MemoryOutputStore();
        AmsAsset film = await AssetCatalog.DescribeAsync(new MemoryAssetStore(AssetName).With("clip.mp4", FixtureFile()), default);
        await AssetConverter.ConvertAsync(film, new MemoryDestination(made), new ConversionOptions(), null, default);
        foreach (string file in files.Split('|'))
        {
            if (!file.EndsWith("{0}", StringComparison.Ordinal))
            {
                await PutAsync($"{AssetName}/{file}", FixtureFile());
                continue;
            }

            foreach ((string path, byte[] content) in made.Files.Where(entry => entry.Key != "_static.json" && entry.Key != missing))
            {
                await PutAsync($"{AssetName}/{file.Replace("{0}", path)}", content);
            }
        }
    }

    private static byte[] FixtureFile() => File.ReadAllBytes(
        Directory.GetFiles(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "bare-mp4"), "*.mp4").Order(StringComparer.Ordinal).First());

    private sealed class MemoryDestination(MemoryOutputStore store) : IDestination
    {
        public string Location => store.Location;

        public IOutputStore Open(string relativePath) => store;
    }
}
