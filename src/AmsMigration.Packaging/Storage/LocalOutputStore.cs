using System.Diagnostics;
using System.Globalization;

namespace AmsMigration.Packaging.Storage;

/// <summary>An output in a folder, made with the first file.</summary>
public sealed class LocalOutputStore : IOutputStore
{
    /// <summary>Name of the folder in an output that belongs to the run.</summary>
    public const string WorkFolder = LocalWorkFolder.Name;

    private const int BreakPollInterval = 200;
    private static readonly TimeSpan BreakLimit = TimeSpan.FromSeconds(30);

    public LocalOutputStore(string folder)
    {
        Location = Path.GetFullPath(folder);
        Work = new LocalWorkFolder(Folders, Location);
    }

    public string Location { get; }

    /// <summary>Names in it that differ in letter case alone are one file.</summary>
    public bool FoldsCase => LetterCase.IsFolded(Location);

    internal LocalOutputFolders Folders { get; } = new();

    internal LocalWorkFolder Work { get; }

    public string Locate(string path) => RelativePath.Resolve(Location, path);

    public Task<IReadOnlyDictionary<string, long>> GetLengthsAsync(IReadOnlyCollection<string> paths, CancellationToken cancellation)
    {
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            cancellation.ThrowIfCancellationRequested();
            var file = new FileInfo(RelativePath.Resolve(Location, path));
            if (file.Exists)
            {
                lengths[path] = file.Length;
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, long>>(lengths);
    }

    public Task<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string file = RelativePath.Resolve(Location, path);
        try
        {
            long length = new FileInfo(file) is { Exists: true } found ? found.Length : 0;
            return length <= maxLength
                ? Task.FromResult<byte[]?>(File.ReadAllBytes(file))
                : throw new PackagingException(
                    "OutputUnreadable", string.Format(CultureInfo.InvariantCulture, "it has {0:N0} bytes, and no more than {1:N0} make sense", length, maxLength), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        {
            return Task.FromResult<byte[]?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("OutputUnreadable", e.Message, path, inner: e);
        }
    }

    public Task<IOutputFile> CreateAsync(string path, long length, string contentType, string? fingerprint, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string folder = Path.GetDirectoryName(RelativePath.Resolve(Location, path))!;
        string partial = Work.PartialOf(fingerprint ?? Guid.NewGuid().ToString("N"));
        try
        {
            // The folder is not needed before the end, but what stands in its way is better known now.
            return Task.FromResult<IOutputFile>(Folders.CreateIn(folder, () =>
                Work.Create(() => new LocalOutputFile(this, partial, path, length, isKept: fingerprint is not null))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Work.RemoveIfEmpty();
            Folders.RemoveIfEmpty(folder);
            throw Explain(e, path, length, e is IOException && GetFreeBytes(Work.Location) < length);
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancellation)
    {
        string file = RelativePath.Resolve(Location, path);
        try
        {
            File.Delete(file);
            Folders.RemoveIfEmpty(Path.GetDirectoryName(file)!);
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

    public Task DiscardStagedAsync(IReadOnlyCollection<string> keep, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            Work.Discard(keep);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, LocalWorkFolder.Name, 0);
        }
    }

    public async Task<ClaimAttempt> TryClaimAsync(bool breakOther, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (LocalOutputClaim.TryTake(Work) is LocalOutputClaim claim)
                {
                    return new ClaimAttempt(claim);
                }

                string? holder = LocalOutputClaim.ReadHolder(Work);
                if (!breakOther)
                {
                    return new ClaimAttempt(null, holder);
                }

                if (waited.Elapsed > BreakLimit)
                {
                    throw new PackagingException("ClaimNotBroken", $"'{Location}' is held by {holder ?? "another process"}, which does not let go");
                }

                LocalOutputClaim.Ask(Work);
                await Task.Delay(BreakPollInterval, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, LocalWorkFolder.Name, 0);
        }
    }

    /// <param name="length">Bytes that the file was to have.</param>
    /// <param name="isFull">True where that is known; the error itself may say it, too.</param>
    internal static PackagingException Explain(Exception e, string path, long length, bool isFull = false)
    {
        if (e is PathTooLongException)
        {
            return new PackagingException("OutputPathTooLong", "the file system takes no path as long as that of this file", path, inner: e);
        }

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
