using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace AmsMigration.Runs;

/// <summary>
/// What runs that share a log take turns by, for to find a file's end and to write there are two steps: a lock on the file itself, which holds for other users
/// and by any name of the file, and a mutex of its path, where a system or a network drive has no such lock (macOS). Safe for use by several threads.
/// </summary>
internal sealed class LogTurn : IDisposable
{
    private const long LockedByte = long.MaxValue - 1;
    private const int PollInterval = 1;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The lock on a file holds against other processes alone, and is lost where any of this one's closes the file.</summary>
    private static readonly object Process = new();

    private readonly FileStream _file;
    private readonly Mutex? _mutex;
    private bool _hasLocks = true;

    public LogTurn(FileStream file)
    {
        _file = file;
        _mutex = TryOpen(file.Name);
    }

    /// <exception cref="IOException">Another run keeps the turn.</exception>
    public void Run(Action action)
    {
        lock (Process)
        {
            bool hasMutex = TakeMutex();
            bool isLocked = false;
            try
            {
                isLocked = TakeLock();
                action();
            }
            finally
            {
                if (isLocked)
                {
                    Unlock();
                }

                if (hasMutex)
                {
                    _mutex!.ReleaseMutex();
                }
            }
        }
    }

    /// <summary>Closes the file, too.</summary>
    public void Dispose()
    {
        lock (Process)
        {
            _file.Dispose();
            _mutex?.Dispose();
        }
    }

    private static Mutex? TryOpen(string path)
    {
        using var hash = SHA256.Create();
        string name = Fingerprint.Hexadecimal(hash.ComputeHash(Encoding.UTF8.GetBytes(path)));
        try
        {
            return new Mutex(false, $@"Global\AmsMigration.{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException or WaitHandleCannotBeOpenedException)
        {
            return null;
        }
    }

    /// <summary>False where the lock alone has to do.</summary>
    private bool TakeMutex()
    {
        try
        {
            return _mutex?.WaitOne(Limit) == true;
        }
        catch (AbandonedMutexException)
        {
            // A run died in its turn, and this one has the next.
            return true;
        }
    }

    /// <summary>False where there is no such lock.</summary>
    private bool TakeLock()
    {
        var waited = Stopwatch.StartNew();
        while (_hasLocks)
        {
            try
            {
#pragma warning disable CA1416 // macOS says so.
                _file.Lock(LockedByte, 1);
#pragma warning restore CA1416
                return true;
            }
            catch (IOException e) when (IsHeld(e) && waited.Elapsed < Limit)
            {
                Thread.Sleep(PollInterval);
            }
            catch (Exception e) when ((e is IOException && !IsHeld(e)) || e is UnauthorizedAccessException or PlatformNotSupportedException)
            {
                _hasLocks = false;
            }
        }

        return false;
    }

    private void Unlock()
    {
#pragma warning disable CA1416 // It was locked.
        _file.Unlock(LockedByte, 1);
#pragma warning restore CA1416
    }

    /// <summary>EAGAIN of Linux; ERROR_LOCK_VIOLATION.</summary>
    private static bool IsHeld(Exception e) => e.HResult is 11 or unchecked((int)0x80070021);
}
