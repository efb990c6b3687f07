using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Conversion;

/// <summary>Outputs that lie inside what is looked at as an asset are no files of it.</summary>
public sealed class OwnOutputsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-own-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bare-mp4")]
    [InlineData("mbr-mp4")]
    public async Task An_output_in_the_assets_own_folder_is_none_of_its_files(string fixture)
    {
        string source = Path.Combine(_folder, "asset");
        CopyFixture(fixture, source);
        var options = new ConversionOptions { CopyNonStreamable = true };
        var destination = new LocalDestination(Path.Combine(source, "static"));
        AmsAsset before = await AssetCatalog.DescribeAsync(new LocalAssetStore(source), default);

        AmsConversionResult first = await ConvertAsync(source, destination, options);
        string[] made = Files();
        AmsConversionResult second = await ConvertAsync(source, destination, options);
        AmsConversionResult third = await ConvertAsync(source, destination, options with { Force = true });

        Assert.Equal(
            (AmsConversionStatus.Completed, AmsConversionStatus.Skipped, AmsConversionStatus.Completed), (first.Status, second.Status, third.Status));
        Assert.Equal(made, Files());
        AmsAsset after = await AssetCatalog.DescribeAsync(new LocalAssetStore(source), default);
        Assert.Equal((before.Format, before.FileCount, before.Length), (after.Format, after.FileCount, after.Length));
    }

    [Fact]
    public async Task A_destination_among_the_assets_is_no_asset()
    {
        string source = Path.Combine(_folder, "asset");
        CopyFixture("mbr-mp4", source);
        var destination = new LocalDestination(Path.Combine(_folder, "video"));
        await ConvertAsync(source, destination, new ConversionOptions());
        string[] made = Files();

        AmsConversionResult result = await ConvertAsync(destination.Location, destination, new ConversionOptions { CopyNonStreamable = true, Force = true });

        Assert.Equal(AmsConversionStatus.Skipped, result.Status);
        Assert.Contains("it is no asset", Assert.Single(result.Warnings, warning => warning.Contains("outputs")));
        Assert.Equal(made, Files());
        Assert.Equal(AmsMigrationStatus.Output, (await AssetCatalog.DescribeAsync(new LocalAssetStore(destination.Location), default)).MigrationStatus);
    }

    [Fact]
    public async Task An_output_that_is_asked_for_by_itself_is_copied()
    {
        string source = Path.Combine(_folder, "asset");
        CopyFixture("mbr-mp4", source);
        await ConvertAsync(source, new LocalDestination(Path.Combine(_folder, "video")), new ConversionOptions());

        AmsConversionResult result = await ConvertAsync(Path.Combine(_folder, "video", "asset"), new LocalDestination(Path.Combine(_folder, "copy")), new ConversionOptions());

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.True(File.Exists(result.HlsUri));
    }

    [Theory]
    [InlineData("event/_static.json|event/clip.ism|event/video/header|event/video/0", 4)]
    [InlineData("_static.json|clip.m3u8|clip/video.mp4", 3)]
    [InlineData("clip.mp4|2f0b/_aliases.json|2f0b/clip.ism/manifest", 1)]
    [InlineData("clip.mp4|a/_static.json|a/clip/video.mp4|ab/notes.txt", 2)]
    public void Only_folders_that_hold_a_record_and_no_archive_are_outputs(string paths, int own) =>
        Assert.Equal(own, OwnOutputs.Without([.. paths.Split('|').Select(path => new AssetFile(path, 1))]).Count);

    private static async Task<AmsConversionResult> ConvertAsync(string source, IDestination destination, ConversionOptions options) => await AssetConverter.ConvertAsync(
        await AssetCatalog.DescribeAsync(new LocalAssetStore(source), default), destination, options, null, default);

    private string[] Files() => [.. Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static void CopyFixture(string name, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "fixtures", "assets", name)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
