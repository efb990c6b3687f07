using Azure.Storage.Blobs;

namespace AmsMigration.Benchmarks;

/// <summary>The way that takes a disk: download, shaka-packager, upload. A program of its own, as the worker is: both start cold.</summary>
internal static class TheirWay
{
    /// <summary>First argument of the program that does it.</summary>
    public const string Name = "their-way";

    /// <summary>The same of the one that does no more than the last third of it.</summary>
    public const string UploadName = "upload";

    /// <param name="arguments">Addresses of the containers with <c>film.mp4</c> and for the output, with signatures; the packager; a folder for the files.</param>
    public static async Task RunAsync(string[] arguments)
    {
        (string from, string to, string packager, string folder) = (arguments[0], arguments[1], arguments[2], arguments[3]);
        string film = Path.Combine(folder, "film.mp4");
        string made = Directory.CreateDirectory(Path.Combine(folder, "made")).FullName;
        await new BlobContainerClient(new Uri(from)).GetBlobClient("film.mp4").DownloadToAsync(film);
        await Measured.RunAsync(
            packager,
            "--quiet", $"in={film},stream=video,output={made}/video.mp4", $"in={film},stream=audio,output={made}/audio.mp4",
            "--mpd_output", $"{made}/film.mpd", "--hls_master_playlist_output", $"{made}/film.m3u8");
        await UploadAsync([to, made]);
        Directory.Delete(folder, recursive: true);
    }

    /// <param name="arguments">Address of the container for the output, with signature, and the folder with the files.</param>
    public static async Task UploadAsync(string[] arguments)
    {
        (string to, string made) = (arguments[0], arguments[1]);
        var output = new BlobContainerClient(new Uri(to));
        await Task.WhenAll(Directory.GetFiles(made).Select(file => output.GetBlobClient(Path.GetFileName(file)).UploadAsync(file)));
    }
}
