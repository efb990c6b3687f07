using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Conversion;

/// <summary>
/// Outputs that lie inside what is looked at as an asset: below it, as where a destination is in the asset's own folder, or the destination of a whole account is
/// one of its containers. Converting them again would go on for ever, and take away what it reads.
/// </summary>
internal static class OwnOutputs
{
    /// <summary>
    /// The files that are the asset's own. So are those beside a record in the root, where an output is asked for by itself, and those of archives, which may have
    /// been made to play in place: no output has a folder with a track's header.
    /// </summary>
    public static IReadOnlyList<AssetFile> Without(IReadOnlyList<AssetFile> files)
    {
        var outputs = new HashSet<string>(files.Where(IsRecord).Select(file => FolderOf(file.Path)), StringComparer.Ordinal);
        outputs.Remove("");
        if (outputs.Count > 0)
        {
            outputs.ExceptWith(files.Where(file => NameOf(file.Path) == AssetReader.TrackHeader).Select(file => FolderOf(FolderOf(file.Path))));
        }

        return outputs.Count == 0 ? files : [.. files.Where(file => !FoldersOf(file.Path).Any(outputs.Contains))];
    }

    private static bool IsRecord(AssetFile file) => NameOf(file.Path) is OutputRecord.Path or AliasFolder.RecordPath;

    private static string NameOf(string path) => path.Substring(path.LastIndexOf('/') + 1);

    /// <summary>Empty for the root.</summary>
    private static string FolderOf(string path) => path.Substring(0, Math.Max(0, path.LastIndexOf('/')));

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path.Substring(0, slash);
        }
    }
}
