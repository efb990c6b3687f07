using System.Diagnostics;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>What the lanes of one transfer share: the output, buffers, the count of bytes, and the list of what has to go if it fails.</summary>
internal sealed class TransferRun
{
    private const int ReportIntervalMilliseconds = 100;

    private readonly IOutputStore _output;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly Lazy<Task> _retirement;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _committed = [];
    private readonly object _reporting = new();
    private long _bytesWritten;
    private long _bytesRead;
    private long _nextReport;
    private volatile string? _currentFile;

    /// <param name="last">Files whose being there says that the output is complete.</param>
    public TransferRun(
        IOutputStore output, IReadOnlyList<OutputFile> last, int bufferSize, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        _output = output;
        _progress = progress;
        _retirement = new Lazy<Task>(() => RetireAsync(last, cancellation));
        Buffers = new BufferPool(bufferSize);
    }

    public BufferPool Buffers { get; }

    public TransferResult Result => new(Interlocked.Read(ref _bytesRead), Interlocked.Read(ref _bytesWritten), _committed.Count);

    public Task<IOutputFile> CreateAsync(OutputFile file, CancellationToken cancellation)
    {
        _currentFile = file.Path;
        return _output.CreateAsync(file.Path, file.Length, file.ContentType, cancellation);
    }

    public async Task CommitAsync(OutputFile file, IOutputFile written, CancellationToken cancellation)
    {
        await _retirement.Value.ConfigureAwait(false);
        await written.CommitAsync(cancellation).ConfigureAwait(false);
        lock (_committed)
        {
            _committed.Add(file.Path);
        }
    }

    public void Read(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    public void Wrote(int bytes)
    {
        Interlocked.Add(ref _bytesWritten, bytes);
        if (_progress is null || _clock.ElapsedMilliseconds < Interlocked.Read(ref _nextReport) || !Monitor.TryEnter(_reporting))
        {
            return;
        }

        try
        {
            Interlocked.Exchange(ref _nextReport, _clock.ElapsedMilliseconds + ReportIntervalMilliseconds);
            _progress.Report(new TransferProgress(Interlocked.Read(ref _bytesWritten), _currentFile));
        }
        finally
        {
            Monitor.Exit(_reporting);
        }
    }

    /// <summary>Deletes what this run has committed: without its manifests it is of no use to anybody. Never throws; an error is on its way already.</summary>
    public async Task UndoAsync()
    {
        for (int i = _committed.Count - 1; i >= 0; i--)
        {
            try
            {
                await _output.DeleteAsync(_committed[i], CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // It stays as a file that no manifest names.
            }
        }
    }

    /// <summary>An older output stops looking complete when its first file is replaced: what leads to it goes first, what everything starts from before all.</summary>
    private async Task RetireAsync(IReadOnlyList<OutputFile> last, CancellationToken cancellation)
    {
        foreach (OutputFile file in last.Reverse())
        {
            if (await _output.GetLengthAsync(file.Path, cancellation).ConfigureAwait(false) is not null)
            {
                await _output.DeleteAsync(file.Path, cancellation).ConfigureAwait(false);
            }
        }
    }
}
