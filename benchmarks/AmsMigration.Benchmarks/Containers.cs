using System.Diagnostics;
using System.Globalization;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;

namespace AmsMigration.Benchmarks;

/// <summary>From container to container of Azurite, beside the way that takes a disk: download, shaka-packager, upload. And a listing of many assets.</summary>
internal static class Containers
{
    private const int Assets = 2000;
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING";

    public static async Task RunAsync(Table table, Material material, int megabytes, int rounds, string? packager)
    {
        if (Azurite.Program is null)
        {
            table.AddMissing("Azurite to Azurite", "azurite is not in tests/node");
            return;
        }

        await using var azurite = new Azurite();
        await azurite.InitializeAsync();
        Environment.SetEnvironmentVariable(ConnectionString, azurite.ConnectionString);
        var service = new BlobServiceClient(azurite.ConnectionString);
        await ConvertAsync(table, material, service, megabytes, rounds, packager);
        await ListAsync(table, service);
        Environment.SetEnvironmentVariable(ConnectionString, null);
    }

    private static async Task ConvertAsync(Table table, Material material, BlobServiceClient service, int megabytes, int rounds, string? packager)
    {
        string asset = await material.FilmAsync(megabytes);
        BlobContainerClient source = service.GetBlobContainerClient("film");
        await source.CreateAsync();
        await source.GetBlobClient("film.mp4").UploadAsync(Path.Combine(asset, "film.mp4"));
        List<Measured> ours = [];
        List<double> theirs = [];
        for (int i = 0; i < rounds; i++)
        {
            BlobContainerClient output = service.GetBlobContainerClient($"ours-{i}");
            ours.Add(await Measured.RunAsync("dotnet", Conversion.Worker(), "convert", source.Uri.ToString(), output.Uri.ToString()));
            await output.DeleteAsync();
            if (packager is not null)
            {
                theirs.Add(await TheirWayAsync(material, source, service.GetBlobContainerClient($"theirs-{i}"), packager));
            }
        }

        Measured worker = Measured.Median(ours);
        double[] sorted = [.. theirs.Order()];
        table.Add($"worker, {megabytes} MB, Azurite to Azurite", worker);
        if (packager is null)
        {
            table.AddMissing("download, shaka-packager, upload", "no `--packager`");
        }
        else
        {
            double middle = sorted[sorted.Length / 2];
            table.AddMissing(
                $"download, shaka-packager, upload, {megabytes} MB",
                string.Create(CultureInfo.InvariantCulture, $"{middle:0.00} s; the worker takes {worker.Seconds / middle:0.0} x it"));
        }
    }

    /// <summary>Seconds.</summary>
    private static async Task<double> TheirWayAsync(Material material, BlobContainerClient source, BlobContainerClient output, string packager)
    {
        await output.CreateAsync();
        string folder = material.Folder("their-way");
        long started = Stopwatch.GetTimestamp();
        string film = Path.Combine(folder, "film.mp4");
        await source.GetBlobClient("film.mp4").DownloadToAsync(film);
        string made = material.Folder("their-way/made");
        await Measured.RunAsync(
            packager,
            "--quiet", $"in={film},stream=video,output={made}/video.mp4", $"in={film},stream=audio,output={made}/audio.mp4",
            "--mpd_output", $"{made}/film.mpd", "--hls_master_playlist_output", $"{made}/film.m3u8");
        foreach (string file in Directory.GetFiles(made))
        {
            await output.GetBlobClient(Path.GetFileName(file)).UploadAsync(file);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Directory.Delete(folder, recursive: true);
        await output.DeleteAsync();
        return seconds;
    }

    private static async Task ListAsync(Table table, BlobServiceClient service)
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

        Measured listed = await Measured.RunAsync("dotnet", Conversion.Worker(), "list", service.Uri.ToString());
        table.Add(
            $"worker, `list` of {Assets} assets in one account", listed,
            string.Create(CultureInfo.InvariantCulture, $"{listed.Seconds / Assets * 1000:0.0} ms an asset"));
    }
}
