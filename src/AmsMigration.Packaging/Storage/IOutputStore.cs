namespace AmsMigration.Packaging.Storage;

/// <summary>Where the output of one asset goes: a folder, or a container (or a folder in one). Safe for use by several threads.</summary>
public interface IOutputStore
{
    /// <summary>The full path or URI, without any secret.</summary>
    string Location { get; }

    /// <summary>What a user opens to play <paramref name="path"/>: a file path or an http(s) URI, without any secret.</summary>
    string Locate(string path);

    /// <summary>The length of a committed file; null where there is none.</summary>
    Task<long?> GetLengthAsync(string path, CancellationToken cancellation);

    /// <summary>Starts a file. Nothing is visible at <paramref name="path"/> until it is committed; an older file stays until then.</summary>
    /// <param name="length">Bytes that will be written; a store may use it to reserve room and to choose its block size.</param>
    /// <exception cref="PackagingException"><c>OutputUnwritable</c>, <c>OutputFull</c>.</exception>
    Task<IOutputFile> CreateAsync(string path, long length, string contentType, CancellationToken cancellation);

    Task DeleteAsync(string path, CancellationToken cancellation);
}

/// <summary>A file being written from its first byte to its last. Disposed without <see cref="CommitAsync"/>, it leaves nothing behind.</summary>
public interface IOutputFile : IDisposable
{
    /// <summary>Appends; the buffer may be reused when the task is done.</summary>
    Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation);

    /// <summary>Makes the whole content visible under its path at once.</summary>
    Task CommitAsync(CancellationToken cancellation);
}
