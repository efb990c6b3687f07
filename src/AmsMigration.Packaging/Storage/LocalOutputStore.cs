using System.Globalization;

namespace AmsMigration.Packaging.Storage;

/// <summary>An output in a folder, made with the first file.</summary>
public sealed class LocalOutputStore : IOutputStore
{
    private readonly LocalOutputFolders _folders = new();

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
        cancellation.ThrowIfCancellationRequested();
        string file = RelativePath.Resolve(Location, path);
        string folder = Path.GetDirectoryName(file)!;
        try
        {
            return Task.FromResult<IOutputFile>(_folders.CreateIn(folder, () => new LocalOutputFile(_folders, file, path, length)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _folders.RemoveIfEmpty(folder);
            throw Explain(e, path, length, e is IOException && GetFreeBytes(folder) < length);
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancellation)
    {
        string file = RelativePath.Resolve(Location, path);
        try
        {
            File.Delete(file);
            _folders.RemoveIfEmpty(Path.GetDirectoryName(file)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing to delete.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, path, 0);
        }

        return Task.CompletedTask;
    }

    /// <param name="length">Bytes that the file was to have.</param>
    /// <param name="isFull">True where that is known; the error itself may say it, too.</param>
    internal static PackagingException Explain(Exception e, string path, long length, bool isFull = false)
    {
        if (!isFull && !IsFull(e))
        {
            return new PackagingException("OutputUnwritable", e.Message, path, inner: e);
        }

        string message = string.Format(CultureInfo.InvariantCulture, "there is no room for its {0:N0} bytes: {1}", length, e.Message);
        return new PackagingException("OutputFull", message, path, inner: e);
    }

    /// <summary>ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL; ENOSPC, EDQUOT, EFBIG.</summary>
    private static bool IsFull(Exception e) => e.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027) or 28 or 122 or 27;

    /// <summary>The framework gives no error code when room cannot be reserved, so the disk has to be asked.</summary>
    private static long GetFreeBytes(string folder)
    {
        try
        {
            string? existing = folder;
            while (existing is not null && !Directory.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing);
            }

            return existing is null ? long.MaxValue : new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A network path has no drive: its error stays what it was.
            return long.MaxValue;
        }
    }
}
