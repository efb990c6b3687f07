#if NET
using Microsoft.Win32.SafeHandles;
#endif

namespace AmsMigration.Packaging.Storage;

/// <summary>A local file. Reads are done on the caller's thread: from the page cache they take less time than a switch of threads.</summary>
internal sealed class LocalByteSource : IByteSource
{
    private readonly DateTime _lastWrite;
#if NET
    private readonly SafeFileHandle _handle;
#else
    private readonly string _file;
    private readonly FileStream _stream;
#endif

    public LocalByteSource(string path, string file)
    {
        Path = path;
#if NET
        _handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        Length = RandomAccess.GetLength(_handle);
#else
        _file = file;
        _stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        Length = _stream.Length;
#endif
        _lastWrite = GetLastWrite();
    }

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="PackagingException"><c>SourceChanged</c>: somebody wrote to the file since it was opened; <c>FileUnreadable</c>.</exception>
    public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            int read = Read(offset, buffer, index, count);
            return GetLastWrite() == _lastWrite
                ? Task.FromResult(read)
                : throw new PackagingException("SourceChanged", "the file was written to while it was read", Path, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("FileUnreadable", e.Message, Path, offset, e);
        }
    }

#if NET
    public void Dispose() => _handle.Dispose();

    private DateTime GetLastWrite() => File.GetLastWriteTimeUtc(_handle);

    private int Read(long offset, byte[] buffer, int index, int count) => RandomAccess.Read(_handle, buffer.AsSpan(index, count), offset);
#else
    public void Dispose() => _stream.Dispose();

    private DateTime GetLastWrite() => File.GetLastWriteTimeUtc(_file);

    private int Read(long offset, byte[] buffer, int index, int count)
    {
        lock (_stream)
        {
            _stream.Position = offset;
            return _stream.Read(buffer, index, count);
        }
    }
#endif
}
