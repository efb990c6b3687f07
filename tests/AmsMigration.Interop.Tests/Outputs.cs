using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

[assembly: AssemblyFixture(typeof(AmsMigration.Interop.Tests.Outputs))]

namespace AmsMigration.Interop.Tests;

/// <summary>The fixture assets, each converted once in each layout, for all tests of the assembly.</summary>
public sealed class Outputs : IDisposable
{
    private readonly Dictionary<(string, OutputLayout), Task<AmsConversionResult>> _results = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("amsmigration-interop-").FullName;

    public static string AssetFolder(string asset) => Path.Combine(Repository.Root, "tests", "fixtures", "assets", asset);

    public Task<AmsConversionResult> GetAsync(string asset, OutputLayout layout)
    {
        lock (_results)
        {
            if (!_results.TryGetValue((asset, layout), out Task<AmsConversionResult>? result))
            {
                result = _results[(asset, layout)] = ConvertAsync(asset, layout);
            }

            return result;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task<AmsConversionResult> ConvertAsync(string asset, OutputLayout layout)
    {
        AmsAsset source = await AssetCatalog.DescribeAsync(new LocalAssetStore(AssetFolder(asset)), default);
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            PathTemplate = PathTemplate.Parse($"{layout}/{{AssetName}}"),
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(source, new LocalDestination(Folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        return result;
    }
}
