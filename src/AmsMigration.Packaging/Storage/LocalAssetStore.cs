using System.Globalization;

namespace AmsMigration.Packaging.Storage;

/// <summary>An asset in a folder. Links to other folders are not followed.</summary>
public sealed class LocalAssetStore : IAssetStore
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

    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            List<AssetFile> files = [];
            List(new DirectoryInfo(Location), "", 0, files, cancellation);
            files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
            return Task.FromResult<IReadOnlyList<AssetFile>>(files);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new PackagingException("FolderNotFound", $"there is no folder '{Location}'", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("FolderUnreadable", $"'{Location}' cannot be listed: {e.Message}", inner: e);
        }
    }

    public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        string file = RelativePath.Resolve(Location, path);
        try
        {
            return Task.FromResult<IByteSource>(new LocalByteSource(path, file));
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

    private static void List(DirectoryInfo folder, string prefix, int depth, List<AssetFile> files, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            string tag = string.Format(CultureInfo.InvariantCulture, "{0:x}-{1:x}", file.LastWriteTimeUtc.Ticks, file.Length);
            files.Add(new AssetFile(prefix + file.Name, file.Length, tag, file.LastWriteTimeUtc));
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories())
        {
            if ((child.Attributes & FileAttributes.ReparsePoint) == 0 && depth < MaxDepth)
            {
                List(child, $"{prefix}{child.Name}/", depth + 1, files, cancellation);
            }
        }
    }
}
