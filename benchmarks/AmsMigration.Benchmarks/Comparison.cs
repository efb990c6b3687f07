using System.Globalization;
using Azure.Storage.Blobs;

namespace AmsMigration.Benchmarks;

/// <summary>
/// The worker beside the way that takes a disk, and beside its upload alone, which no way does without; in turns, so that what else the machine does hits all alike.
/// </summary>
internal sealed class Comparison
{
    private readonly List<Measured> _ours = [], _theirs = [], _uploads = [];

    /// <summary>One turn of each.</summary>
    public async Task RunAsync(Material material, Uri film, BlobServiceClient destination, int megabytes, string? packager)
    {
        _ours.Add(await Containers.IntoAsync(destination, output => Conversion.WorkerAsync(film.AbsoluteUri, output.AbsoluteUri)));
        _uploads.Add(await Containers.IntoAsync(
            destination, output => TheirWayAsync(TheirWay.UploadName, output.AbsoluteUri, material.Folder($"film-{megabytes}"))));
        if (packager is not null)
        {
            _theirs.Add(await Containers.IntoAsync(
                destination, output => TheirWayAsync(TheirWay.Name, film.AbsoluteUri, output.AbsoluteUri, packager, material.Folder("their-way"))));
        }
    }

    /// <param name="way">Between what, in a few words.</param>
    public void Report(Table table, int megabytes, string way, string? packager)
    {
        table.Add($"worker, {megabytes} MB, {way}", Measured.Median(_ours));
        table.AddSeconds($"upload of as much from a disk, and nothing else, {megabytes} MB", Measured.Median(_uploads).Seconds, WorkerTakes(_uploads));
        if (packager is null)
        {
            table.AddMissing("download, shaka-packager, upload", "no `--packager`");
            return;
        }

        table.AddSeconds($"download, shaka-packager, upload, {megabytes} MB", Measured.Median(_theirs).Seconds, WorkerTakes(_theirs));
    }

    private static Task<Measured> TheirWayAsync(params string[] arguments) =>
        Measured.RunAsync("dotnet", [typeof(Comparison).Assembly.Location, .. arguments]);

    /// <summary>Turn by turn, the median and the ends.</summary>
    private string WorkerTakes(List<Measured> others)
    {
        double[] ratios = [.. _ours.Zip(others, (one, other) => one.Seconds / other.Seconds).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"the worker takes {ratios[ratios.Length / 2]:0.00} x it ({ratios[0]:0.00} to {ratios[^1]:0.00})");
    }
}
