using AmsMigration.TestSupport;

namespace AmsMigration.Benchmarks;

/// <summary>Assets to measure with, made by ffmpeg.</summary>
internal sealed class Material(string folder)
{
    private const int SeedSeconds = 10;

    /// <summary>A folder that is made by the first who asks for it.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    /// <summary>An asset of one MP4 file, 8 Mbit/s of H.264 with GOPs of 2 s, and AAC.</summary>
    public async Task<string> FilmAsync(int megabytes)
    {
        string seed = Path.Combine(folder, "seed.mp4");
        if (!File.Exists(seed))
        {
            await FfmpegAsync(
                "-f", "lavfi", "-i", $"testsrc2=s=640x360:r=25:d={SeedSeconds},noise=alls=40:allf=t", "-f", "lavfi", "-i", $"sine=440:d={SeedSeconds}",
                "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-bf", "0",
                "-b:v", "8M", "-maxrate", "8M", "-bufsize", "8M", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k", seed);
        }

        long times = Math.Max(1, megabytes * 1_000_000L / new FileInfo(seed).Length);
        return await RepeatAsync(seed, times, $"film-{megabytes}");
    }

    /// <summary>An asset of one MP4 file of eleven hours at a few kbit/s: all index, hardly any media.</summary>
    public Task<string> LongFilmAsync() =>
        RepeatAsync(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "bare-mp4", "holiday.mp4"), 11 * 3600 / 6, "long");

    /// <summary>A folder with copies of a small asset of four files.</summary>
    public string Assets(int count)
    {
        string all = Folder("assets");
        string fixture = Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4");
        for (int i = 0; i < count; i++)
        {
            string asset = Directory.CreateDirectory(Path.Combine(all, $"asset-{i:0000}")).FullName;
            foreach (string file in Directory.GetFiles(fixture))
            {
                File.Copy(file, Path.Combine(asset, Path.GetFileName(file)));
            }
        }

        return all;
    }

    private async Task<string> RepeatAsync(string file, long times, string name)
    {
        string asset = Folder(name);
        await FfmpegAsync("-stream_loop", $"{times - 1}", "-i", file, "-map", "0", "-c", "copy", Path.Combine(asset, "film.mp4"));
        return asset;
    }

    private static async Task FfmpegAsync(params string[] arguments) =>
        await Measured.RunAsync(Tools.Ffmpeg ?? throw new InvalidOperationException("ffmpeg is not on this machine"), ["-v", "error", "-nostdin", "-y", .. arguments]);
}
