using System.Diagnostics;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>What the lanes of one transfer share: the output, the count of bytes, and the list of what has to go if it fails.</summary>
internal sealed class TransferRun(IOutputStore output, IProgress<TransferProgress>? progress)
{
    private const int ReportIntervalMilliseconds = 100;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _committed = [];
    private readonly object _reporting = new();
    private long _bytesWritten;
    private long _bytesRead;
    private long _nextReport;
    private string? _currentFile;

    public IOutputStore Output { get; } = output;

    public TransferResult Result => new(_bytesRead, Interlocked.Read(ref _bytesWritten), _committed.Count);

    public void Begin(string path) => _currentFile = path;

    public void Wrote(int bytes)
    {
        long total = Interlocked.Add(ref _bytesWritten, bytes);
        if (progress is null || _clock.ElapsedMilliseconds < Interlocked.Read(ref _nextReport) || !Monitor.TryEnter(_reporting))
        {
            return;
        }

        try
        {
            Interlocked.Exchange(ref _nextReport, _clock.ElapsedMilliseconds + ReportIntervalMilliseconds);
            progress.Report(new TransferProgress(total, _currentFile));
        }
        finally
        {
            Monitor.Exit(_reporting);
        }
    }

    public void Read(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    public void Committed(string path)
    {
        lock (_committed)
        {
            _committed.Add(path);
        }
    }

    /// <summary>Deletes what this run has committed: without its manifests it is of no use to anybody. Never throws; an error is on its way already.</summary>
    public async Task UndoAsync()
    {
        foreach (string path in _committed)
        {
            try
            {
                await Output.DeleteAsync(path, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or PackagingException)
            {
                // It stays as a file that no manifest names.
            }
        }
    }
}
