namespace AmsMigration.Packaging.Transfer;

/// <summary>How bytes are moved; what is moved is the plan's affair.</summary>
public sealed record TransferOptions
{
    /// <summary>Bytes read and written at once. 256 KiB is right for local disks; remote sources want 4 to 8 MiB.</summary>
    public int BufferSize { get; init; } = 256 * 1024;

    /// <summary>Source files, or groups of them that feed the same rendition, that are copied at once.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>
    /// Buffers that are read in advance for each group. Remote sources want 1 to 3: their answers take long to come. A local read is a copy from the page
    /// cache, and to hand it to another thread costs as much as it saves.
    /// </summary>
    public int ReadAhead { get; init; }

    /// <summary>Bytes that the output's store gathers of a file before it sends them; 0 for one that writes what it gets.</summary>
    public int BlockSize { get; init; }

    /// <summary>
    /// What large buffers and blocks may take together over all transfers that share it: those of each group that is copied, and buffers that are read in advance
    /// as far as there is room. This is what keeps memory where it is, however many assets are converted beside each other. Null for no limit.
    /// </summary>
    public MemoryGate? Gate { get; init; }

    /// <summary>Set where services are to copy long ranges between each other, which takes the bytes off this machine's network; null otherwise.</summary>
    public Storage.ServerCopies? ServerCopies { get; init; }

    /// <summary>
    /// Bytes that go to or from a remote store in one request. Larger ones make requests fewer, which each cost the service a fixed time; and a read of up to
    /// 4 MiB may be given with a checksum (Get Blob, x-ms-range-get-content-md5), which Azurite makes whether it is asked or not.
    /// </summary>
    public const int RemoteSize = 8 << 20;

    /// <summary>What suits a pair of stores.</summary>
    public static TransferOptions For(Storage.IAssetStore source, Storage.IOutputStore output)
    {
        bool isTo = output is Storage.IRemoteStore;
        return source is Storage.IRemoteStore
            ? new TransferOptions { BufferSize = RemoteSize, ReadAhead = 1, Parallelism = isTo ? 3 : 2, BlockSize = isTo ? RemoteSize : 0, Gate = Remote }
            : isTo ? new TransferOptions { Parallelism = 4, BlockSize = RemoteSize, Gate = Remote } : new TransferOptions();
    }

    /// <summary>Of <see cref="RemoteSize"/>, for reading and for blocks.</summary>
    public static BufferPool RemoteBuffers => Remote.Buffers;

    private static MemoryGate Remote { get; } = new(8 * RemoteSize, RemoteSize);
}

/// <summary>What ties a transfer to earlier ones of the same conversion; without it nothing is kept and nothing reused.</summary>
public sealed record TransferContinuation
{
    /// <summary>Names the exact content of the file at a path; see <see cref="Storage.IOutputStore.CreateAsync"/>.</summary>
    public required Func<string, string> FingerprintOf { get; init; }

    /// <summary>Files that an earlier run committed with the content that is planned now.</summary>
    public required ISet<string> Committed { get; init; }

    /// <summary>Awaited before each commit: the first has an older output to take away.</summary>
    public required Func<Task> BeforeCommit { get; init; }

    /// <summary>Told of each file that has become visible, on any thread.</summary>
    public required Action<Planning.OutputFile> AfterCommit { get; init; }
}

/// <summary>Where a transfer stands.</summary>
/// <param name="BytesDone">Written now or earlier.</param>
/// <param name="BytesWritten">Written now.</param>
/// <param name="CurrentFile">The output file last begun.</param>
public sealed record TransferProgress(long BytesDone, long BytesWritten, string? CurrentFile);

/// <summary>What a transfer did.</summary>
/// <param name="BytesRead">From the source; bytes that two renditions share count once.</param>
/// <param name="BytesReused">Of the output, written by an earlier run.</param>
public sealed record TransferResult(long BytesRead, long BytesWritten, int FilesWritten, long BytesReused = 0);
