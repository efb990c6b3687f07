using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.Runs;

/// <summary>Runs from folder to folder.</summary>
public sealed class LocalRunTests : ConversionRunContract, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-runs-").FullName;

    protected override IAssetStore Source => new LocalAssetStore(Path.Combine(_folder, "assets", "talk"));

    protected override IDestination Destination => new LocalDestination(Path.Combine(_folder, "out"));

    public async ValueTask InitializeAsync() => await PutFixtureAsync("mbr-mp4");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override Task PutSourceAsync(string path, byte[] content)
    {
        Directory.CreateDirectory(Source.Location);
        return File.WriteAllBytesAsync(Path.Combine(Source.Location, path), content);
    }

    protected override Task<IReadOnlyDictionary<string, byte[]>> ReadDestinationAsync() => Task.FromResult<IReadOnlyDictionary<string, byte[]>>(
        Directory.Exists(Destination.Location)
            ? Directory.GetFiles(Destination.Location, "*", SearchOption.AllDirectories)
                .ToDictionary(file => Path.GetRelativePath(Destination.Location, file).Replace('\\', '/'), File.ReadAllBytes)
            : []);
}
