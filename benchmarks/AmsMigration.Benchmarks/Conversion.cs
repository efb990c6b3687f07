using System.Globalization;
using AmsMigration.TestSupport;

namespace AmsMigration.Benchmarks;

/// <summary>The worker beside a plain copy and beside shaka-packager, in turns, so that what else the machine does hits all alike.</summary>
internal static class Conversion
{
    public static async Task RunAsync(Table table, Material material, int megabytes, int rounds, string? packager)
    {
        string asset = await material.FilmAsync(megabytes);
        string part = await material.FilmAsync(megabytes / 8);
        string lasting = await material.LongFilmAsync();
        string film = Path.Combine(asset, "film.mp4");
        List<Measured> copy = [], ours = [], shaka = [], eighth = [], eleven = [];
        for (int i = 0; i < rounds; i++)
        {
            copy.Add(await IntoAsync(material, output => Measured.RunAsync("cp", film, output)));
            ours.Add(await IntoAsync(material, output => WorkerAsync(asset, output)));
            if (packager is not null)
            {
                shaka.Add(await IntoAsync(material, output => Measured.RunAsync(
                    packager,
                    "--quiet",
                    $"in={film},stream=video,output={output}/video.mp4",
                    $"in={film},stream=audio,output={output}/audio.mp4",
                    "--mpd_output", $"{output}/film.mpd",
                    "--hls_master_playlist_output", $"{output}/film.m3u8")));
            }

            eighth.Add(await IntoAsync(material, output => WorkerAsync(part, output)));
            eleven.Add(await IntoAsync(material, output => WorkerAsync(lasting, output)));
        }

        Measured cp = Measured.Median(copy);
        Measured worker = Measured.Median(ours);
        Measured small = Measured.Median(eighth);
        table.Add($"`cp`, {megabytes} MB", cp);
        table.Add($"worker, {megabytes} MB", worker, Table.Ratio(worker, "`cp`", cp));
        if (packager is null)
        {
            table.AddMissing("shaka-packager", "no `--packager`");
        }
        else
        {
            Measured other = Measured.Median(shaka);
            table.Add($"shaka-packager, {megabytes} MB", other, Table.Ratio(other, "the worker", worker));
        }

        table.Add($"worker, {megabytes / 8} MB", small, string.Create(CultureInfo.InvariantCulture, $"8 x the input takes {(double)worker.PeakBytes / small.PeakBytes:0.00} x the memory"));
        table.Add("worker, a film of 11 h", Measured.Median(eleven));
    }

    public static Task<Measured> WorkerAsync(string asset, string output, params string[] options) =>
        RunWorkerAsync(["convert", asset, output, .. options]);

    public static Task<Measured> RunWorkerAsync(params string[] arguments) =>
        Measured.RunAsync(Worker.FileName, Worker.Arguments(arguments));

    /// <summary>The worker's program: the one that was built with this one, unless another is named.</summary>
    public static WorkerProgram Worker { get; set; } = new(Path.Combine(
        Repository.Root, "src", "AmsMigration.Worker", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "amsmigrate-static.dll"));

    public static async Task<Measured> IntoAsync(Material material, Func<string, Task<Measured>> run)
    {
        string output = material.Folder("output");
        try
        {
            return await run(output);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }
}
