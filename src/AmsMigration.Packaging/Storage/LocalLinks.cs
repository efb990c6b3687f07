namespace AmsMigration.Packaging.Storage;

/// <summary>Symbolic links in a folder that somebody else may have filled: none may lead a reader out of it.</summary>
internal static class LocalLinks
{
#if NET
    /// <summary>Placeholders of cloud folders and deduplicated files are reparse points, too, but no links.</summary>
    public static bool IsLink(FileSystemInfo entry) => entry.Exists && (entry.Attributes & FileAttributes.ReparsePoint) != 0 && entry.LinkTarget is not null;

    /// <summary>The file, or what it links to, which need not be there; null where it does not lie below the root or links to folders lead to it.</summary>
    public static FileInfo? Resolve(string root, FileInfo file)
    {
        string prefix = root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        FileSystemInfo? target = IsLink(file) ? file.ResolveLinkTarget(returnFinalTarget: true) : file;
        if (target is not FileInfo real || !real.FullName.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        DirectoryInfo? folder = real.Directory;
        for (; folder is not null && folder.FullName.Length > prefix.Length; folder = folder.Parent)
        {
            if (IsLink(folder))
            {
                return null;
            }
        }

        return real;
    }
    /// <summary>The folder's path without links; the path itself where they lead nowhere.</summary>
    public static string FindReal(string folder)
    {
        try
        {
            string? parent = Path.GetDirectoryName(folder);
            if (parent is null)
            {
                return folder;
            }

            var here = new DirectoryInfo(Path.Combine(FindReal(parent), Path.GetFileName(folder)));
            return IsLink(here) && here.ResolveLinkTarget(returnFinalTarget: true) is FileSystemInfo target ? FindReal(target.FullName) : here.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return folder;
        }
    }
#else
    public static bool IsLink(FileSystemInfo entry) => entry.Exists && (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    /// <summary>This framework cannot tell where a link leads, nor a link to a file from other reparse points: only folders are looked at.</summary>
    public static FileInfo? Resolve(string root, FileInfo file)
    {
        DirectoryInfo? folder = file.Directory;
        for (; folder is not null && folder.FullName.Length > root.Length; folder = folder.Parent)
        {
            if (IsLink(folder))
            {
                return null;
            }
        }

        return file;
    }

    public static string FindReal(string folder) => folder;
#endif
}
