using System.Reflection;

namespace AmsMigration.Module.Tests;

/// <summary>Where the build has put what the tests look at.</summary>
internal static class StagedModule
{
    public static string Folder { get; } = Path.GetFullPath(Metadata("ModuleFolder"));

    public static string Manifest => Path.Combine(Folder, "AmsMigration.psd1");

    public static string Worker { get; } = Path.GetFullPath(Metadata("WorkerPath"));

    /// <param name="edition"><c>core</c> or <c>desktop</c>.</param>
    public static string Assembly(string edition, string name) =>
        Path.Combine(Folder, edition, name == "AmsMigration.Infrastructure" ? "dependencies" : "", name + ".dll");

    private static string Metadata(string key) =>
        typeof(StagedModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
