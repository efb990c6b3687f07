namespace AmsMigration.Packaging.Storage;

/// <summary>An output in a folder, made with the first file.</summary>
public sealed class LocalOutputStore : IOutputStore
{
    public LocalOutputStore(string folder) => Location = Path.GetFullPath(folder);

    public string Location { get; }

    public string Locate(string path) => RelativePath.Resolve(Location, path);

    public Task<long?> GetLengthAsync(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(RelativePath.Resolve(Location, path));
        return Task.FromResult<long?>(file.Exists ? file.Length : null);
    }

    public Task<IOutputFile> CreateAsync(string path, long length, string contentType, CancellationToken cancellation)
    {
        string file = RelativePath.Resolve(Location, path);
        try
        {
            return Task.FromResult<IOutputFile>(new LocalOutputFile(file, path, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalOutputFile.Explain(e, path, length);
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancellation)
    {
        string file = RelativePath.Resolve(Location, path);
        try
        {
            File.Delete(file);
            RemoveEmptyFolders(Path.GetDirectoryName(file)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing to delete.
        }

        return Task.CompletedTask;
    }

    /// <summary>Folders that a cancelled run made and left empty, up to and with the output's own.</summary>
    private void RemoveEmptyFolders(string folder)
    {
        while (folder.Length >= Location.Length && folder.StartsWith(Location, StringComparison.Ordinal)
            && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            folder = Path.GetDirectoryName(folder)!;
        }
    }
}
