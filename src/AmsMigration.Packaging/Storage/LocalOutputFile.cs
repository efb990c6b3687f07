using System.Globalization;

namespace AmsMigration.Packaging.Storage;

/// <summary>A file that is written beside its place under another name and moved there when it is whole.</summary>
internal sealed class LocalOutputFile : IOutputFile
{
    private readonly string _target;
    private readonly string _partial;
    private readonly string _path;
    private readonly long _length;
    private readonly FileStream _stream;
    private bool _isCommitted;

    public LocalOutputFile(string target, string path, long length)
    {
        _target = target;
        _path = path;
        _length = length;
        string folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);

        // The name is cut so that a long one still fits the 255 bytes that file systems give a name.
        string name = Path.GetFileName(target);
        string stem = name.Length > 40 ? name.Substring(0, 40) : name;
        _partial = Path.Combine(folder, $".{stem}.{Guid.NewGuid():N}.partial");
        _stream = Open(_partial, length);
    }

    public Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            _stream.Write(buffer, index, count);
            return Task.CompletedTask;
        }
        catch (IOException e)
        {
            throw Explain(e, _path, _length);
        }
    }

    public Task CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            _stream.Dispose();
            Move();
            _isCommitted = true;
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, _path, _length);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_isCommitted)
        {
            return;
        }

        try
        {
            File.Delete(_partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name says what it is; there is nothing better to do while another error is on its way.
        }
    }

    internal static PackagingException Explain(Exception e, string path, long length) => IsFull(e)
        ? new PackagingException(
            "OutputFull", string.Format(CultureInfo.InvariantCulture, "there is no room for its {0:N0} bytes: {1}", length, e.Message), path, inner: e)
        : new PackagingException("OutputUnwritable", e.Message, path, inner: e);

    /// <summary>ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL; ENOSPC, EDQUOT, EFBIG.</summary>
    private static bool IsFull(Exception e) => e.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027) or 28 or 122 or 27;

#if NET
    /// <summary>Room is reserved at once, so that a disk that is too small says so before hours of copying.</summary>
    private static FileStream Open(string file, long length) => new(file, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = 0,
        PreallocationSize = length,
    });

    private void Move() => File.Move(_partial, _target, overwrite: true);
#else
    private static FileStream Open(string file, long length) => new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);

    private void Move()
    {
        if (File.Exists(_target))
        {
            File.Replace(_partial, _target, null);
        }
        else
        {
            File.Move(_partial, _target);
        }
    }
#endif
}
