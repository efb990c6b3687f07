namespace AmsMigration.TestSupport;

/// <summary>Places that tests read from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where a file or folder of the reference material would lie, beside the repository.</summary>
    public static string Shared(string path) => Path.Combine(Path.GetDirectoryName(Root)!, "shared", path);

    /// <summary>Where a file or folder of an npm package would lie that tests/node installs.</summary>
    public static string NodePackage(string package, string path) => Path.Combine(Root, "tests", "node", "node_modules", package, path);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AmsMigration.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("AmsMigration.sln is in no folder above the tests.");
    }
}
