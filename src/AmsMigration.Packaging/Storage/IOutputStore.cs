namespace AmsMigration.Packaging.Storage;

/// <summary>
/// Where the output of one asset goes: a folder, or a container (or a folder in one). Safe for use by several threads. Two runs that write to the same output
/// keep apart by <see cref="TryClaimAsync"/>; the store itself does not.
/// </summary>
public interface IOutputStore
{
    /// <summary>The full path or URI, without any secret.</summary>
    string Location { get; }

    /// <summary>What a user opens to play <paramref name="path"/>: a file path or an http(s) URI, without any secret.</summary>
    string Locate(string path);

    /// <summary>The lengths of those of the named files that are committed.</summary>
    Task<IReadOnlyDictionary<string, long>> GetLengthsAsync(IReadOnlyCollection<string> paths, CancellationToken cancellation);

    /// <summary>The content of a small committed file; null where there is none.</summary>
    /// <param name="maxLength">Bytes.</param>
    /// <exception cref="PackagingException"><c>OutputUnreadable</c>: it is longer, or cannot be read.</exception>
    Task<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellation);

    /// <summary>Starts a file. Nothing is visible at <paramref name="path"/> until it is committed; an older file stays until then.</summary>
    /// <param name="length">Bytes that will be written; a store may use it to reserve room and to choose its block size.</param>
    /// <param name="fingerprint">
    /// Lower-case hexadecimal digits, at least 32, that name the exact content. What is written and not committed, because the run fails or its process dies,
    /// is kept, and the next call with the same path and fingerprint goes on from there. Null where nothing is worth keeping.
    /// </param>
    /// <exception cref="PackagingException"><c>OutputUnwritable</c>, <c>OutputFull</c>.</exception>
    Task<IOutputFile> CreateAsync(string path, long length, string contentType, string? fingerprint, CancellationToken cancellation);

    /// <summary>Deletes a committed file; nothing happens where there is none.</summary>
    Task DeleteAsync(string path, CancellationToken cancellation);

    /// <summary>
    /// Removes what was staged and not committed, by this run or by dead ones, and will not be asked for again. Only for who holds the claim, and for nobody
    /// while a file is open. A store whose service forgets such bytes by itself may leave them to it.
    /// </summary>
    /// <param name="keep">Fingerprints whose staged bytes stay.</param>
    Task DiscardStagedAsync(IReadOnlyCollection<string> keep, CancellationToken cancellation);

    /// <summary>Takes the output for one run. Never waits for the one who has it: that is the caller's choice.</summary>
    /// <param name="breakOther">Take it from a run that has it; that run's <see cref="IOutputClaim.Lost"/> is cancelled, if it still lives.</param>
    /// <exception cref="PackagingException"><c>OutputUnwritable</c>; <c>ClaimNotBroken</c>: the other run does not let go.</exception>
    Task<ClaimAttempt> TryClaimAsync(bool breakOther, CancellationToken cancellation);
}

/// <summary>A file being written from its first byte to its last. Disposed without <see cref="CommitAsync"/>, it leaves nothing that can be seen.</summary>
public interface IOutputFile : IDisposable
{
    /// <summary>Bytes from its start that an earlier run has staged under the same fingerprint. The first write goes on behind them.</summary>
    long StagedLength { get; }

    /// <summary>Appends; the buffer may be reused when the task is done.</summary>
    Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation);

    /// <summary>Makes the whole content visible under its path at once.</summary>
    Task CommitAsync(CancellationToken cancellation);
}

/// <summary>What came of an attempt to take an output.</summary>
/// <param name="Claim">Null where another run has it.</param>
/// <param name="HeldBy">Who has it, in words for a message, e.g. <c>process 4711 on host7 since 2026-11-23 10:02:11Z</c>; null where that is not known.</param>
public sealed record ClaimAttempt(IOutputClaim? Claim, string? HeldBy = null);

/// <summary>An output that belongs to one run, until it is released or the run's process dies.</summary>
public interface IOutputClaim
{
    /// <summary>Cancelled when somebody else has taken the output, or when the claim could not be renewed in time.</summary>
    CancellationToken Lost { get; }

    /// <summary>True where it was lost because the store could not be reached: nobody is known to have taken it, and it may be taken again.</summary>
    bool IsOutOfReach { get; }

    /// <summary>
    /// The file that it is made by, as a listing shows it while the claim lasts: its path below the output, with an ETag or, where the store has none, a length
    /// that it was given at random.
    /// </summary>
    AssetFile Mark { get; }

    /// <summary>Lets go; leaves nothing behind. Never throws; a second call does nothing.</summary>
    Task ReleaseAsync();
}
