using System.Text;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Conversion;

/// <summary>
/// Which files of an asset can lie in its output by the names that they have. A container takes what a folder does not: a blob <c>x</c> beside <c>x/y</c>, and
/// names that differ in letter case alone. What the output is made of comes first, then as many of the asset's files as there is room for.
/// </summary>
internal sealed class CopyNames
{
    private const string Code = "NameNotPossible";

    /// <summary>Of a part of a path: UTF-16 on Windows, UTF-8 elsewhere.</summary>
    private const int MaxPart = 255;

    private readonly bool _isFromContainer;
    private readonly bool _isFolder;
    private readonly StringComparer _comparer;
    private readonly HashSet<string> _planned;
    private readonly HashSet<string> _plannedFolders;

    private CopyNames(IReadOnlyList<string> planned, bool isFromContainer, bool isFolder, StringComparer comparer)
    {
        _isFromContainer = isFromContainer;
        _isFolder = isFolder;
        _comparer = comparer;
        _planned = new HashSet<string>([.. planned, OutputRecord.Path], comparer);
        _plannedFolders = new HashSet<string>(_planned.SelectMany(FoldersOf), comparer);
    }

    /// <param name="planned">Paths of the files that the output is made of.</param>
    public static (IReadOnlyList<AssetFile> Possible, IReadOnlyList<PackagingWarning> Refused) Choose(
        IEnumerable<AssetFile> files, IReadOnlyList<string> planned, IAssetStore source, IOutputStore output) => Choose(
        [.. files], planned, source is IRemoteStore, output is not IRemoteStore, () => output is LocalOutputStore { FoldsCase: true });

    /// <param name="foldsCase">Asked only where it matters.</param>
    internal static (IReadOnlyList<AssetFile> Possible, IReadOnlyList<PackagingWarning> Refused) Choose(
        IReadOnlyList<AssetFile> files, IReadOnlyList<string> planned, bool isFromContainer, bool isFolder, Func<bool> foldsCase)
    {
        bool isFolded = HaveTwins([.. files.Select(file => file.Path), .. planned]) && foldsCase();
        var names = new CopyNames(planned, isFromContainer, isFolder, isFolded ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        return names.Choose([.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }

    private (IReadOnlyList<AssetFile> Possible, IReadOnlyList<PackagingWarning> Refused) Choose(IReadOnlyList<AssetFile> files)
    {
        ILookup<string?, AssetFile> judged = files.ToLookup(file => Refuse(file.Path));
        List<PackagingWarning> refused = [.. judged.Where(group => group.Key is not null).SelectMany(group => group.Select(file => Warn(file, group.Key!)))];
        var folders = new HashSet<string>(_isFolder ? judged[null].SelectMany(file => FoldersOf(file.Path)) : [], _comparer);
        var taken = new Dictionary<string, string>(_comparer);
        List<AssetFile> possible = [];
        foreach (AssetFile file in judged[null])
        {
            if (folders.Contains(file.Path))
            {
                refused.Add(Warn(file, "The output is a folder, and can have no file of this name beside those that lie below it"));
            }
            else if (taken.TryGetValue(file.Path, out string? twin))
            {
                refused.Add(Warn(file, $"To the output's file system this is the name of '{twin}'"));
            }
            else
            {
                taken.Add(file.Path, file.Path);
                possible.Add(file);
            }
        }

        return (possible, refused);
    }

    /// <summary>Null where the file can be there, as far as other copies let it.</summary>
    private string? Refuse(string path) =>
        !RelativePath.IsNameOf(path, _isFromContainer && !_isFolder) || (_isFolder && path.Split('/').Any(IsTooLong)) ? "The output can have no file of this name"
        : _planned.Contains(path) ? "The output has a file of its own by this name (-ManifestName changes it)"
        : !_isFolder ? null
        : IsWorkFolder(path.Split('/')[0]) ? "The folder of this name in the output is the run's own"
        : _plannedFolders.Contains(path) ? "The output has a folder of its own by this name (-ManifestName changes it)"
        : FoldersOf(path).Any(_planned.Contains) ? "The output has a file of its own where this has a folder"
        : null;

    private bool IsWorkFolder(string part) => _comparer.Equals(part, LocalOutputStore.WorkFolder);

    private static PackagingWarning Warn(AssetFile file, string why) => new(Code, $"{why}; it is not copied.", file.Path);

    /// <summary>Names, of folders too, that differ in letter case alone.</summary>
    private static bool HaveTwins(IReadOnlyCollection<string> paths)
    {
        HashSet<string> names = [.. paths, .. paths.SelectMany(FoldersOf)];
        return new HashSet<string>(names, StringComparer.OrdinalIgnoreCase).Count < names.Count;
    }

    private static bool IsTooLong(string part) => (Path.DirectorySeparatorChar == '\\' ? part.Length : Encoding.UTF8.GetByteCount(part)) > MaxPart;

    /// <summary>The folders that a path lies in, the outermost first.</summary>
    private static IEnumerable<string> FoldersOf(string path)
    {
        for (int end = path.IndexOf('/'); end >= 0; end = path.IndexOf('/', end + 1))
        {
            yield return path.Substring(0, end);
        }
    }
}
