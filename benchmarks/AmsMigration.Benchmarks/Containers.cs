using System.Globalization;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace AmsMigration.Benchmarks;

/// <summary>
/// From a container of one account to a container of another, each played by an Azurite of its own, beside the way that takes a disk and beside its upload
/// alone, which no way does without; what the largest asset takes of memory; and a listing of many assets.
/// </summary>
internal static class Containers
{
    private const int Assets = 2000;
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";

    /// <param name="large">Megabytes of the asset that memory is measured with.</param>
    public static async Task RunAsync(Table table, Material material, int megabytes, int large, int rounds, string? packager)
    {
        if (Azurite.Program is null)
        {
            table.AddMissing("Azurite to Azurite", "azurite is not in tests/node");
            return;
        }

        await CompareInMemoryAsync(table, material, megabytes, rounds, packager);
        await using var from = new Azurite();
        await from.InitializeAsync();
        await using var to = new Azurite();
        await to.InitializeAsync();
        var source = new BlobServiceClient(from.ConnectionString);
        var destination = new BlobServiceClient(to.ConnectionString);
        Uri film = await UploadAsync(material, source, megabytes);
        var comparison = new Comparison();
        for (int i = 0; i < rounds; i++)
        {
            await comparison.RunAsync(material, film, destination, megabytes, packager);
        }

        comparison.Report(table, megabytes, "Azurite to Azurite", packager);
        await ConvertLargeAsync(table, material, source, destination, large);
        await ListAsync(table, source, from.ConnectionString);
    }

    /// <summary>
    /// With emulators that write to no disk, as accounts elsewhere do not: the disk is then that of the way that takes one. What is deleted stays in their
    /// memory for a while, so that each round has a destination of its own.
    /// </summary>
    private static async Task CompareInMemoryAsync(Table table, Material material, int megabytes, int rounds, string? packager)
    {
        await using var from = new Azurite { InMemory = true };
        await from.InitializeAsync();
        Uri film = await UploadAsync(material, new BlobServiceClient(from.ConnectionString), megabytes);
        var comparison = new Comparison();
        for (int i = 0; i < rounds; i++)
        {
            await using var to = new Azurite { InMemory = true };
            await to.InitializeAsync();
            await comparison.RunAsync(material, film, new BlobServiceClient(to.ConnectionString), megabytes, packager);
        }

        comparison.Report(table, megabytes, "Azurite to Azurite in memory", packager);
    }

    private static async Task ConvertLargeAsync(Table table, Material material, BlobServiceClient source, BlobServiceClient destination, int megabytes)
    {
        Uri film = await UploadAsync(material, source, megabytes);
        table.Add(
            $"worker, {megabytes} MB, Azurite to Azurite",
            await IntoAsync(destination, output => Conversion.WorkerAsync(film.AbsoluteUri, output.AbsoluteUri)));
        if (Module.Staged is not string staged)
        {
            table.AddMissing("`Convert-AmsAssetToStatic`", Module.Missing);
            return;
        }

        table.Add(
            $"`Convert-AmsAssetToStatic`, {megabytes} MB, Azurite to Azurite",
            await IntoAsync(destination, output => Module.PowerShellAsync(
                $"Import-Module '{staged}'; $r = Convert-AmsAssetToStatic '{film.AbsoluteUri}' '{output.AbsoluteUri}'; if ($r.Status -ne 'Completed') {{ throw $r.Status }}")));
    }

    private static async Task<Uri> UploadAsync(Material material, BlobServiceClient source, int megabytes)
    {
        string folder = await material.FilmAsync(megabytes);
        BlobContainerClient container = source.GetBlobContainerClient($"film-{megabytes}");
        await container.CreateAsync();
        await container.GetBlobClient("film.mp4").UploadAsync(Path.Combine(folder, "film.mp4"));
        return container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddDays(1));
    }

    public static async Task<Measured> IntoAsync(BlobServiceClient destination, Func<Uri, Task<Measured>> run)
    {
        BlobContainerClient container = await destination.CreateBlobContainerAsync($"output-{Guid.NewGuid():N}");
        try
        {
            return await run(container.GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddDays(1)));
        }
        finally
        {
            await container.DeleteAsync();
        }
    }

    private static async Task ListAsync(Table table, BlobServiceClient service, string connectionString)
    {
        string fixture = Path.Combine(Repository.Root, "tests", "fixtures", "assets", "video-only");
        (string Name, BinaryData Content)[] files =
            [.. Directory.GetFiles(fixture).Select(file => (Path.GetFileName(file), BinaryData.FromBytes(File.ReadAllBytes(file))))];
        await Parallel.ForAsync(0, Assets, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            BlobContainerClient container = service.GetBlobContainerClient($"asset-{i:00000}");
            await container.CreateAsync(cancellationToken: cancellation);
            foreach ((string name, BinaryData content) in files)
            {
                await container.GetBlobClient(name).UploadAsync(content, overwrite: true, cancellation);
            }
        });

        Environment.SetEnvironmentVariable(ConnectionString, connectionString);
        Measured listed = await Conversion.RunWorkerAsync(["list", service.Uri.ToString()]);
        Environment.SetEnvironmentVariable(ConnectionString, null);
        table.Add(
            $"worker, `list` of {Assets} assets in one account", listed,
            string.Create(CultureInfo.InvariantCulture, $"{listed.Seconds / Assets * 1000:0.0} ms an asset"));
    }
}
