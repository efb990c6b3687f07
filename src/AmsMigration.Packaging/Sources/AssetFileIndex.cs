using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>Finds the files that a manifest names among those that are there.</summary>
internal sealed class AssetFileIndex
{
    private readonly Dictionary<string, AssetFile> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AssetFile> _anyCase = new(StringComparer.OrdinalIgnoreCase);

    public AssetFileIndex(IEnumerable<AssetFile> files)
    {
        foreach (AssetFile file in files)
        {
            _exact[file.Path] = file;
            if (!_anyCase.ContainsKey(file.Path))
            {
                _anyCase[file.Path] = file;
            }
        }
    }

    /// <summary>
    /// The file that a manifest names: as it stands, else URL-decoded, else in another letter case. Null, with a warning, where there is
    /// none or where the name leads out of the asset.
    /// </summary>
    /// <param name="manifest">Path of the manifest; names are relative to its folder.</param>
    public AssetFile? Find(string name, string manifest, List<PackagingWarning> warnings)
    {
        string decoded = Uri.UnescapeDataString(name);
        if (!IsInside(name) || !IsInside(decoded))
        {
            warnings.Add(new PackagingWarning(
                "UnsafeFileName", $"'{Shorten(name)}' is no name of a file in the asset; it is not used.", manifest));
            return null;
        }

        string folder = manifest.Substring(0, manifest.LastIndexOf('/') + 1);
        foreach (string candidate in (string[])[Normalise(name), Normalise(decoded)])
        {
            if (_exact.TryGetValue(folder + candidate, out AssetFile? file))
            {
                return file;
            }
        }

        foreach (string candidate in (string[])[Normalise(name), Normalise(decoded)])
        {
            if (_anyCase.TryGetValue(folder + candidate, out AssetFile? file))
            {
                warnings.Add(new PackagingWarning(
                    "FileNameCase", $"'{Shorten(name)}' is called '{file.Path}' in the asset; that is taken.", manifest));
                return file;
            }
        }

        warnings.Add(new PackagingWarning("FileNotFound", $"'{Shorten(name)}' is not in the asset; what needs it is left out.", manifest));
        return null;
    }

    private static bool IsInside(string name) =>
        name.Length > 0
        && name[0] != '/'
        && !(name.Length > 1 && name[1] == ':')
        && !name.Any(letter => letter is < ' ' or '\\')
        && !name.Split('/').Contains("..");

    private static string Normalise(string name) => string.Join("/", name.Split('/').Where(part => part is not ("" or ".")));

    private static string Shorten(string name)
    {
        string printable = string.Concat(name.Select(letter => letter < ' ' ? '?' : letter));
        return printable.Length <= 200 ? printable : printable.Substring(0, 200) + "…";
    }
}
