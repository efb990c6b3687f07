using System.Diagnostics;
using System.Globalization;

namespace AmsMigration.Packaging.Storage;

/// <summary>
/// A lock file that is held open, so that the system lets go of it when the process dies, however it does. Another run asks for the output by a file beside it;
/// whoever holds the claim looks for that once a second.
/// </summary>
internal sealed class LocalOutputClaim : IOutputClaim
{
    private const string LockName = "lock";
    private const int MaxNumber = 1 << 20;
    private const int LookInterval = 1000;

    private readonly CancellationTokenSource _lost = new();
    private readonly LocalWorkFolder _work;
    private readonly FileStream _lock;
    private readonly Timer _look;
    private int _isReleased;

    private LocalOutputClaim(LocalWorkFolder work, FileStream @lock, long number)
    {
        Mark = new AssetFile($"{LocalWorkFolder.Name}/{LockName}", number);
        _work = work;
        _lock = @lock;
        Attempt(() => File.Delete(AskOf(work)));
        Attempt(() => File.WriteAllText(HolderOf(work), Describe()));
        Lost = _lost.Token;
        _look = new Timer(_ => Look(), null, LookInterval, LookInterval);
    }

    public CancellationToken Lost { get; }

    public bool IsOutOfReach => false;

    public AssetFile Mark { get; }

    /// <summary>Null where another process, or another run in this one, holds it.</summary>
    public static LocalOutputClaim? TryTake(LocalWorkFolder work)
    {
        FileStream? file = null;
        try
        {
            file = work.Create(() => new FileStream(
                LockOf(work), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
            int number = new Random(Guid.NewGuid().GetHashCode()).Next(1, MaxNumber);
            if (IsInPlace(work, file, number))
            {
                return new LocalOutputClaim(work, file, number);
            }
        }
        catch (IOException e) when (IsInUse(e))
        {
            // Somebody has it.
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Who holds it, as they wrote it down; null where that cannot be read.</summary>
    public static string? ReadHolder(LocalWorkFolder work)
    {
        try
        {
            return File.ReadAllText(HolderOf(work));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Asks whoever holds it to let go.</summary>
    public static void Ask(LocalWorkFolder work) => Attempt(() => File.WriteAllText(AskOf(work), ""));

    public Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            using (var ended = new ManualResetEvent(false))
            {
                if (_look.Dispose(ended))
                {
                    ended.WaitOne();
                }
            }

            Attempt(() => File.Delete(HolderOf(_work)));
            Attempt(() => File.Delete(AskOf(_work)));
            _lock.Dispose();
            _work.RemoveIfEmpty();
            _lost.Dispose();
        }

        return Task.CompletedTask;
    }

    private static string LockOf(LocalWorkFolder work) => Path.Combine(work.Location, LockName);

    private static string HolderOf(LocalWorkFolder work) => Path.Combine(work.Location, "holder.txt");

    private static string AskOf(LocalWorkFolder work) => Path.Combine(work.Location, "break");

    /// <summary>
    /// On Unix the file may have been opened by its name just before its last holder removed that, and locked just after: then it is not the one that others
    /// find. Nobody can read a locked file, but everybody can see its length.
    /// </summary>
    private static bool IsInPlace(LocalWorkFolder work, FileStream file, int number)
    {
        file.SetLength(number);
        var found = new FileInfo(LockOf(work));
        return found.Exists && found.Length == number;
    }

    /// <summary>ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION; EWOULDBLOCK of Linux and of macOS.</summary>
    private static bool IsInUse(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;

    private static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Format(CultureInfo.InvariantCulture, "process {0} on {1} since {2:u}", process.Id, Environment.MachineName, DateTime.UtcNow);
    }

    /// <summary>The lock alone decides; what lies beside it is for messages, and for asking.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder went away with the lock, or the disk is full.
        }
    }

    private void Look()
    {
        if (File.Exists(AskOf(_work)))
        {
            _lost.Cancel();
        }
    }
}
