using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests;

/// <summary>What only some machines have: a test without it is skipped and says so.</summary>
internal static class Needs
{
    public static string Shared(string path) => Existing(Repository.Shared(path), $"../shared/{path} is not on this machine");

    public static string NodePackage(string package, string path) =>
        Existing(Repository.NodePackage(package, path), $"the npm package {package} is not installed in tests/node");

    private static string Existing(string path, string otherwise)
    {
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), otherwise);
        return path;
    }
}
