using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>Where a run's outputs go: a folder or a container that holds one folder an asset.</summary>
public interface IDestination
{
    /// <summary>The full path or URI, without any secret.</summary>
    string Location { get; }

    /// <summary>The output of one asset. Creates nothing until something is written.</summary>
    /// <param name="relativePath">Parts separated by '/', already legal; empty for the destination itself.</param>
    IOutputStore Open(string relativePath);
}

/// <summary>A folder on a file system.</summary>
public sealed class LocalDestination : IDestination
{
    /// <param name="folder">Full path.</param>
    public LocalDestination(string folder) => Location = folder;

    public string Location { get; }

    public IOutputStore Open(string relativePath) =>
        new LocalOutputStore(relativePath.Length == 0 ? Location : Path.Combine(Location, relativePath.Replace('/', Path.DirectorySeparatorChar)));
}
