using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>Names what a conversion leaves where it is, before somebody deletes it there.</summary>
internal static class FilesLeftBehind
{
    private const int MostNames = 5;

    /// <summary>Nothing where there are no such files.</summary>
    /// <param name="isEncrypted">True where they would have been copied, were it not in the clear beside an encrypted output.</param>
    public static IEnumerable<PackagingWarning> Describe(IReadOnlyCollection<AssetFile> files, bool isEncrypted)
    {
        if (files.Count == 0)
        {
            yield break;
        }

        string names = string.Join(", ", files.Take(MostNames).Select(file => $"'{file.Path}'"));
        string more = files.Count > MostNames ? $" and {files.Count - MostNames} more" : "";
        string reason = isEncrypted ? "beside an encrypted output nothing is copied that may be media" : "-CopyNonStreamable copies such files";
        yield return new PackagingWarning("FilesLeftBehind", $"{(files.Count == 1 ? "A file is" : $"{files.Count} files are")} no part of what is converted, and left behind: {names}{more}; {reason}.");
    }
}
