using System.Globalization;

namespace AmsMigration.Packaging.Storage;

/// <summary>An asset in a folder. Links to folders, and links to files that lie elsewhere, are not followed.</summary>
public sealed class LocalAssetStore : IAssetStore, IInPlaceStore, IOutputWitness
{
    private const int MaxDepth = 32;

    /// <param name="folder">Need not exist until it is read.</param>
    public LocalAssetStore(string folder)
    {
        Location = Path.GetFullPath(folder);
        Name = Path.GetFileName(Location.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar));
    }

    public string Name { get; }

    public string Location { get; }

    /// <exception cref="PackagingException"><c>FolderNotFound</c>; <c>FolderUnreadable</c>, which names the folder below the root.</exception>
    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation)
    {
        List<AssetFile> files = [];
        List(new DirectoryInfo(Location), "", 0, files, cancellation);
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return Task.FromResult<IReadOnlyList<AssetFile>>(files);
    }

    public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        string file = RelativePath.Resolve(Location, path);
        try
        {
            return LocalLinks.Resolve(Location, new FileInfo(file)) is not null
                ? Task.FromResult<IByteSource>(new LocalByteSource(path, file))
                : throw new PackagingException("FileUnreadable", $"it is a link that leaves '{Location}'", path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PackagingException("FileNotFound", $"it is not in '{Location}'", path, inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("FileUnreadable", e.Message, path, inner: e);
        }
    }

    public IOutputStore OpenOutput() => new LocalOutputStore(Location);

    public async Task<CommonPlace?> FindAsync(AssetFile mark, bool isDeep, CancellationToken cancellation)
    {
        if (Has(Location, mark))
        {
            return new CommonPlace("", "");
        }

        if (!isDeep)
        {
            return null;
        }

        string own = LocalLinks.FindReal(Location);
        for (string? folder = Path.GetDirectoryName(own); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Has(folder, mark))
            {
                return new CommonPlace("", own.Substring(folder.Length).Trim(Path.DirectorySeparatorChar).Replace(Path.DirectorySeparatorChar, '/'));
            }
        }

        string end = "/" + mark.Path;
        AssetFile? found = (await ListAsync(cancellation).ConfigureAwait(false)).FirstOrDefault(
            file => file.Length == mark.Length && file.Path.EndsWith(end, StringComparison.Ordinal));
        return found is null ? null : new CommonPlace(found.Path.Substring(0, found.Path.Length - end.Length), "");
    }

    private static bool Has(string folder, AssetFile mark) => new FileInfo(RelativePath.Resolve(folder, mark.Path)) is { Exists: true } file && file.Length == mark.Length;

    private void List(DirectoryInfo folder, string prefix, int depth, List<AssetFile> files, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            foreach (FileInfo file in folder.EnumerateFiles())
            {
                if (LocalLinks.Resolve(Location, file) is { Exists: true } real)
                {
                    string tag = string.Format(CultureInfo.InvariantCulture, "{0:x}-{1:x}", real.LastWriteTimeUtc.Ticks, real.Length);
                    files.Add(new AssetFile(prefix + file.Name, real.Length, tag, real.LastWriteTimeUtc));
                }
            }

            foreach (DirectoryInfo child in folder.EnumerateDirectories())
            {
                if (depth < MaxDepth && !LocalLinks.IsLink(child))
                {
                    List(child, $"{prefix}{child.Name}/", depth + 1, files, cancellation);
                }
            }
        }
        catch (DirectoryNotFoundException e) when (depth == 0)
        {
            throw new PackagingException("FolderNotFound", $"there is no folder '{Location}'", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("FolderUnreadable", $"'{folder.FullName}' cannot be listed: {e.Message}", prefix.TrimEnd('/'), inner: e);
        }
    }
}
