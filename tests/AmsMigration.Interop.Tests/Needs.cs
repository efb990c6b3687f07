using AmsMigration.TestSupport;

namespace AmsMigration.Interop.Tests;

/// <summary>What only some machines have: a test without it is skipped and says so.</summary>
internal static class Needs
{
    public static string Ffmpeg() => Existing(Tools.Ffmpeg, "ffmpeg is not on this machine");

    /// <summary>Chromium with what drives it.</summary>
    public static void Browser()
    {
        Existing(Tools.Chromium, "Chromium is not on this machine");
        Node();
        NodeScripts();
    }

    public static string Node() => Existing(Tools.Node, "node is not on this machine");

    public static string NodeScripts() => Existing(Tools.NodeScripts, "the npm packages of tests/node are not installed (npm ci)");

    public static string ShakaPackager() => Existing(Tools.ShakaPackager, "shaka-packager of tests/node is not installed for this machine (npm ci)");

    public static string Shared(string path)
    {
        string full = Repository.Shared(path);
        Assert.SkipUnless(File.Exists(full) || Directory.Exists(full), $"../shared/{path} is not on this machine");
        return full;
    }

    /// <summary>Runs ffmpeg, which must have nothing to complain about, and returns what it prints.</summary>
    public static async Task<string> FfmpegAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await ProcessRunner.RunAsync(Ffmpeg(), ["-v", "error", "-nostdin", .. arguments], TimeSpan.FromMinutes(2));
        Assert.True(exitCode == 0 && error.Length == 0, error);
        return output;
    }

    private static string Existing(string? path, string otherwise)
    {
        Assert.SkipWhen(path is null, otherwise);
        return path!;
    }
}
