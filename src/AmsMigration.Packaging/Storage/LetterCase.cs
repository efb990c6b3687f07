namespace AmsMigration.Packaging.Storage;

/// <summary>Whether names that differ in capital and small letters alone are one file: that goes with the file system, and on some with the folder.</summary>
internal static class LetterCase
{
    private const int MaxProbes = 16;

    /// <param name="folder">Full path; where it is not there yet, the nearest folder above it is asked.</param>
    public static bool IsFolded(string folder)
    {
        string? existing = folder;
        while (existing is not null && !Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing);
        }

        try
        {
            // What lies in the folder is asked first: at its own name another file system may begin.
            return existing is not null
                && Directory.EnumerateFileSystemEntries(existing).Take(MaxProbes).Append(existing).Select(IsFoundByOtherCase).FirstOrDefault(answer => answer is not null) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Null where its name has no letters.</summary>
    private static bool? IsFoundByOtherCase(string path)
    {
        string name = Path.GetFileName(path);
        string other = new([.. name.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))]);
        if (other == name || Path.GetDirectoryName(path) is not string folder)
        {
            return null;
        }

        string twin = Path.Combine(folder, other);
        return (File.Exists(twin) || Directory.Exists(twin)) && !Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) == other);
    }
}
