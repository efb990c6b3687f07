namespace AmsMigration.Packaging.Storage;

/// <summary>A file that is written beside its place under another name and moved there when it is whole.</summary>
internal sealed class LocalOutputFile : IOutputFile
{
    /// <summary>Bytes: single writes of 1 MiB and more were measured several times slower on Linux.</summary>
    private const int MaxWrite = 256 * 1024;

    /// <summary>The partial file's name is cut so that a long one still fits the 255 bytes that file systems give a name.</summary>
    private const int MaxStem = 40;

    private readonly LocalOutputFolders _folders;
    private readonly string _target;
    private readonly string _partial;
    private readonly string _path;
    private readonly long _length;
    private readonly FileStream _stream;
    private bool _isCommitted;

    /// <param name="target">Full path; its folder is there.</param>
    /// <param name="path">The same as the store was asked for it, for messages.</param>
    public LocalOutputFile(LocalOutputFolders folders, string target, string path, long length)
    {
        _folders = folders;
        _target = target;
        _path = path;
        _length = length;
        string name = Path.GetFileName(target);
        string stem = name.Length > MaxStem ? name.Substring(0, MaxStem) : name;
        _partial = Path.Combine(Folder, $".{stem}.{Guid.NewGuid():N}.partial");
        _stream = Open(_partial, length);
    }

    private string Folder => Path.GetDirectoryName(_target)!;

    public Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        try
        {
            for (int end = index + count; index < end; index += MaxWrite)
            {
                cancellation.ThrowIfCancellationRequested();
                _stream.Write(buffer, index, Math.Min(MaxWrite, end - index));
            }

            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalOutputStore.Explain(e, _path, _length);
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
            throw LocalOutputStore.Explain(e, _path, _length);
        }
    }

    public void Dispose()
    {
        if (_isCommitted)
        {
            return;
        }

        try
        {
            _stream.Dispose();
            File.Delete(_partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name says what it is; there is nothing better to do while another error is on its way.
        }

        _folders.RemoveIfEmpty(Folder);
    }

#if NET
    /// <summary>Room is reserved at once, so that a disk that is too small says so before hours of copying.</summary>
    private static FileStream Open(string file, long length) => new(file, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        BufferSize = 0,
        PreallocationSize = length,
    });

    private void Move() => File.Move(_partial, _target, overwrite: true);
#else
    private static FileStream Open(string file, long length) => new(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);

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
