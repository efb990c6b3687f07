using System.Runtime.InteropServices;

namespace AmsMigration.TestSupport;

/// <summary>Programs of the machine that tests use where they are there.</summary>
public static class Tools
{
    public static string? Node { get; } = Find("node");

    public static string? Ffmpeg { get; } = Find("ffmpeg");

    public static string? Chromium { get; } = Find("chromium") ?? Find("google-chrome") ?? Find("chromium-browser");

    public static string? PowerShell { get; } = Find("pwsh");

    /// <summary>The folder of tests/node where its packages are installed; null where they are not.</summary>
    public static string? NodeScripts { get; } = Directory.Exists(Path.Combine(Repository.Root, "tests", "node", "node_modules", "mediabunny"))
        ? Path.Combine(Repository.Root, "tests", "node")
        : null;

    /// <summary>The program of the npm package; null where it has none for this machine, or is not installed.</summary>
    public static string? ShakaPackager { get; } = FindShakaPackager();

    /// <summary>Full path of a program on the PATH; null where there is none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, program), Path.Combine(folder, program + ".exe") })
            .FirstOrDefault(File.Exists);

    private static string? FindShakaPackager()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string path = Path.Combine(
            Repository.Root, "tests", "node", "node_modules", "shaka-packager", "bin", $"packager-{system}-{architecture}{(system == "win" ? ".exe" : "")}");
        return File.Exists(path) ? path : null;
    }
}
