using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Conversion;

/// <summary>A folder and a link to it.</summary>
public sealed class LocalSamePlaceTests : SamePlaceContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-same-").FullName;

    public LocalSamePlaceTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "real"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_folder, "real"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("https://contoso.blob.core.windows.net/asset-1", "https://contoso-secondary.blob.core.windows.net/asset-1", true)]
    [InlineData("http://contoso.blob.core.windows.net/asset-1/", "HTTPS://Contoso.blob.core.windows.net/asset-1", true)]
    [InlineData("https://contoso.blob.core.windows.net/asset-1", "https://contoso.blob.core.windows.net/asset-1-secondary", false)]
    [InlineData("https://contoso.blob.core.windows.net/asset-1", "https://contosoblob.core.windows.net/asset-1", false)]
    public void Names_that_lead_to_one_place_are_known(string output, string source, bool isSame) => Assert.Equal(isSame, SourceGuard.IsSame(output, source));

    protected override IAssetStore OpenAsset(string folder) => new LocalAssetStore(Path.Combine(_folder, "real", folder));

    protected override IDestination OpenDestination(string folder) => new LocalDestination(Path.Combine(_folder, "link", folder));

    protected override Task PutAsync(string path, byte[] content)
    {
        string file = Path.Combine(_folder, "real", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.WriteAllBytesAsync(file, content);
    }

    protected override Task<Dictionary<string, string>> ListAsync() => Task.FromResult(
        Directory.GetFiles(Path.Combine(_folder, "real"), "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(_folder, file), file => $"{File.GetLastWriteTimeUtc(file).Ticks} {new FileInfo(file).Length}"));
}
