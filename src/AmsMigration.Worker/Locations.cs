using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Worker;

/// <summary>Turns the command line's SOURCE and DESTINATION into stores.</summary>
internal static class Locations
{
    /// <exception cref="UsageException">Nothing is there.</exception>
    public static IReadOnlyList<IAssetStore> Sources(string source)
    {
        string path = Path.GetFullPath(source);
        if (!Path.Exists(path))
        {
            throw new UsageException($"There is no file or folder '{source}'.");
        }

        return [.. LocalAssets.Find(path)];
    }

    public static IDestination Destination(string destination) => new LocalDestination(Path.GetFullPath(destination));
}

/// <summary>The command line asks for something that cannot be.</summary>
internal sealed class UsageException(string message) : Exception(message);
