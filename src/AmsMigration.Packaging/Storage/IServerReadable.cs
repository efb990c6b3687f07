namespace AmsMigration.Packaging.Storage;

/// <summary>A file that a storage service can read by itself, so that its bytes need not come to this machine and go again.</summary>
public interface IServerReadable : IByteSource
{
    /// <summary>What such a service needs, asked for anew before each range: what opens it may end. Null where nothing opens it that may be handed on.</summary>
    Task<ServerAddress?> FindAddressAsync(CancellationToken cancellation);
}

/// <summary>Where a service reads a file, and by what right. Holds secrets and prints none.</summary>
/// <param name="uri">Whole, with its signature where it has one.</param>
/// <param name="bearerToken">Null where the address opens the file.</param>
/// <param name="etag">Of the version that is meant; null where the store has none.</param>
public sealed class ServerAddress(Uri uri, string? bearerToken, string? etag)
{
    public Uri Uri { get; } = uri;

    public string? BearerToken { get; } = bearerToken;

    public string? ETag { get; } = etag;

    public override string ToString() => Uri.GetLeftPart(UriPartial.Path);
}

/// <summary>A file in a store whose service can fetch ranges from other services (Put Block From URL).</summary>
public interface IServerCopyFile : IOutputFile
{
    /// <summary>
    /// Appends a range of a source that the service fetches by itself. Where it does not, the range is read and written as any other, now or when the service
    /// has said no; <paramref name="copies"/> is told.
    /// </summary>
    Task CopyAsync(IServerReadable source, long offset, long length, ServerCopies copies, CancellationToken cancellation);
}

/// <summary>Wanted where services are to copy between each other, and what came of it. Safe for use by several threads.</summary>
public sealed class ServerCopies
{
    private long _bytes;
    private string? _refusal;

    /// <summary>Bytes of the shortest range that is worth a request of its own.</summary>
    public long Threshold { get; init; } = 512 * 1024;

    /// <summary>Bytes that did not pass this machine.</summary>
    public long BytesCopied => Interlocked.Read(ref _bytes);

    /// <summary>Why it was not done, or not to the end; null where nothing stood in its way.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Nobody tries again.</summary>
    public void Refuse(string reason) => Interlocked.CompareExchange(ref _refusal, reason, null);
}
