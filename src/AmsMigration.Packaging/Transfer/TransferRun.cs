using System.Diagnostics;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>What the lanes of one transfer share: the output, buffers, the count of bytes, and what earlier transfers left.</summary>
internal sealed class TransferRun
{
    /// <summary>Bytes of the buffer in which the small pieces of a lane gather; larger ones go by it, so reads from afar need none as large as theirs.</summary>
    public const int GatherSize = 256 * 1024;

    private const int ReportIntervalMilliseconds = 100;
    private const int MaxPiecesUnderWay = 32;
    private static readonly SemaphoreSlim _piecesUnderWay = new(MaxPiecesUnderWay);
    private static readonly TimeSpan _commitPatience = TimeSpan.FromSeconds(10);

    private readonly IOutputStore _output;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly TransferContinuation? _continuation;
    private readonly bool _isCopying;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _manifests = [];
    private readonly object _reporting = new();
    private long _bytesWritten;
    private long _bytesRead;
    private long _bytesReused;
    private int _filesWritten;
    private long _nextReport;
    private volatile string? _currentFile;

    /// <param name="isCopying">Services copy between each other: what is staged has other limits then, and is not gone on with.</param>
    public TransferRun(
        IOutputStore output, TransferContinuation? continuation, BufferPool buffers, bool isCopying, IProgress<TransferProgress>? progress)
    {
        _isCopying = isCopying;
        _output = output;
        _continuation = continuation;
        _progress = progress;
        Buffers = buffers;
        Gathering = new BufferPool(Math.Min(buffers.Size, GatherSize) + TransformChain.Headroom);
    }

    /// <summary>What is written goes over a network.</summary>
    public bool IsRemote => _output is IRemoteStore;

    /// <summary>For reading.</summary>
    public BufferPool Buffers { get; }

    /// <summary>For small pieces on their way to an output.</summary>
    public BufferPool Gathering { get; }

    /// <summary>One is taken for each buffer that waits to be changed or written. Shared by all runs: this much memory, however many go on at once.</summary>
    public SemaphoreSlim PiecesUnderWay => _piecesUnderWay;

    public TransferResult Result =>
        new(Interlocked.Read(ref _bytesRead), Interlocked.Read(ref _bytesWritten), _filesWritten, Interlocked.Read(ref _bytesReused));

    public bool IsCommitted(OutputFile file) => _continuation?.Committed.Contains(file.Path) ?? false;

    /// <param name="isKept">Keep what is written of it where the run ends early.</param>
    public Task<IOutputFile> CreateAsync(OutputFile file, bool isKept, CancellationToken cancellation)
    {
        _currentFile = file.Path;
        string? fingerprint = isKept && !_isCopying ? _continuation?.FingerprintOf(file.Path) : null;
        return _output.CreateAsync(file.Path, file.Length, file.ContentType, fingerprint, cancellation);
    }

    /// <param name="isKept">False for a file that goes again where the run ends early.</param>
    public async Task CommitAsync(OutputFile file, IOutputFile written, bool isKept, CancellationToken cancellation)
    {
        if (_continuation is not null)
        {
            await _continuation.BeforeCommit().ConfigureAwait(false);
        }

        if (isKept)
        {
            await written.CommitAsync(cancellation).ConfigureAwait(false);
        }
        else
        {
            lock (_manifests)
            {
                _manifests.Add(file.Path);
            }

            await CommitPatientlyAsync(written, cancellation).ConfigureAwait(false);
        }

        Interlocked.Increment(ref _filesWritten);
        _continuation?.AfterCommit(file);
    }

    /// <summary>Deletes what must not be seen of an output that is not complete. Never throws; an error is on its way already.</summary>
    public async Task UndoAsync()
    {
        for (int i = _manifests.Count - 1; i >= 0; i--)
        {
            try
            {
                await _output.DeleteAsync(_manifests[i], CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // What it names is there: it plays, though other manifests are missing.
            }
        }
    }

    /// <summary>A store may finish what it was asked for and nobody waits for any more, and so after it is deleted again: the answer gets some time to come.</summary>
    private static async Task CommitPatientlyAsync(IOutputFile written, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource();
        using (cancellation.Register(() => patience.CancelAfter(_commitPatience)))
        {
            await written.CommitAsync(patience.Token).ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    public void Read(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    /// <summary>Counts bytes that an earlier run has written.</summary>
    public void Reuse(long bytes)
    {
        Interlocked.Add(ref _bytesReused, bytes);
        Report();
    }

    public void Wrote(long bytes)
    {
        Interlocked.Add(ref _bytesWritten, bytes);
        Report();
    }

    private void Report()
    {
        if (_progress is null || _clock.ElapsedMilliseconds < Interlocked.Read(ref _nextReport) || !Monitor.TryEnter(_reporting))
        {
            return;
        }

        try
        {
            Interlocked.Exchange(ref _nextReport, _clock.ElapsedMilliseconds + ReportIntervalMilliseconds);
            long written = Interlocked.Read(ref _bytesWritten);
            _progress.Report(new TransferProgress(written + Interlocked.Read(ref _bytesReused), written, _currentFile));
        }
        finally
        {
            Monitor.Exit(_reporting);
        }
    }
}
