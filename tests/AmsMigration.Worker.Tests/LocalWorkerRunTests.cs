using AmsMigration.TestSupport;

namespace AmsMigration.Worker.Tests;

/// <summary>From folder to folder.</summary>
public sealed class LocalWorkerRunTests : WorkerRunContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-kill-").FullName;

    protected override WorkerProgram Worker { get; } = new(typeof(LocalWorkerRunTests).Assembly);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override string SourceOf(string asset) => Path.Combine(_folder, "assets", asset);

    protected override string DestinationOf(string asset) => Path.Combine(_folder, "out", asset);

    protected override async Task PutSourceAsync(string asset, string path, Func<Stream, Task> write)
    {
        Directory.CreateDirectory(SourceOf(asset));
        await using FileStream file = File.Create(Path.Combine(SourceOf(asset), path));
        await write(file);
    }

    protected override Task<long> MeasureOutputAsync(string asset) =>
        Task.FromResult(Files(DestinationOf(asset)).Sum(file => new FileInfo(file) is { Exists: true } there ? there.Length : 0));

    protected override Task<IReadOnlyList<string>> ListDestinationAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. Files(DestinationOf("")).Select(file => Path.GetRelativePath(DestinationOf(""), file))]);

    /// <summary>Folders come and go while they are looked at.</summary>
    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
