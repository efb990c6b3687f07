namespace AmsMigration.Packaging.Storage;

/// <summary>A file that is written in the work folder and moved to its place when it is whole.</summary>
internal sealed class LocalOutputFile : IOutputFile
{
    /// <summary>Bytes: single writes of 1 MiB and more were measured several times slower on Linux.</summary>
    private const int MaxWrite = 256 * 1024;

    private readonly LocalOutputStore _store;
    private readonly string _partial;
    private readonly string _path;
    private readonly long _length;
    private readonly bool _isKept;
    private readonly FileStream _stream;
    private bool _isCommitted;

    /// <param name="partial">Full path; its folder is there.</param>
    /// <param name="path">Relative to the output.</param>
    /// <param name="isKept">Keep what was written where it is not committed.</param>
    public LocalOutputFile(LocalOutputStore store, string partial, string path, long length, bool isKept)
    {
        _store = store;
        _partial = partial;
        _path = path;
        _length = length;
        _isKept = isKept;
        StagedLength = LocalWorkFolder.TrustedLength(partial, length);
        _stream = StagedLength > 0 ? Continue(partial) : Begin(partial, length);
    }

    public long StagedLength { get; }

    private string Folder => Path.GetDirectoryName(_store.Locate(_path))!;

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
            _store.Folders.CreateIn(Folder, Move);
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
        if (!_isCommitted)
        {
            try
            {
                Put();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The folder's name says what it is; there is nothing better to do while another error is on its way.
            }
        }

        _store.Work.RemoveIfEmpty();
        _store.Folders.RemoveIfEmpty(Folder);
    }

    /// <summary>Keeps what was written, without the room that was reserved behind it, or takes it away.</summary>
    private void Put()
    {
        bool isOpen = _stream.CanWrite;
        bool isWorth = _isKept && (!isOpen || _stream.Position > 0);
        if (isOpen && isWorth)
        {
            _stream.SetLength(_stream.Position);
        }

        _stream.Dispose();
        if (!isWorth)
        {
            File.Delete(_partial);
        }
    }

    private static FileStream Continue(string file)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, 1);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private bool Move()
    {
        string target = _store.Locate(_path);
#if NET
        File.Move(_partial, target, overwrite: true);
#else
        if (File.Exists(target))
        {
            File.Replace(_partial, target, null);
        }
        else
        {
            File.Move(_partial, target);
        }
#endif
        return true;
    }

#if NET
    /// <summary>Room is reserved at once, so that a disk that is too small says so before hours of copying.</summary>
    private static FileStream Begin(string file, long length) => new(file, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = 0,
        PreallocationSize = length,
    });
#else
    private static FileStream Begin(string file, long length) => new(file, FileMode.Create, FileAccess.Write, FileShare.None, 1);
#endif
}
