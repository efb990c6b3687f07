using System.Globalization;
using System.Text;
using AmsMigration.Conversion;
using AmsMigration.Packaging;

namespace AmsMigration.Runs;

/// <summary>
/// A file that gets one line of JSON for each event of a run, appended and flushed at once. Safe for use by several threads, and by
/// several runs, <see cref="LogTurn"/>. A log that can no longer be written stops no conversion; <see cref="Failure"/> says why it ended.
/// </summary>
public sealed class RunLog : IDisposable
{
    private readonly object _lock = new();
    private readonly FileStream _file;
    private readonly LogTurn? _turn;
    private readonly Func<string, string> _reword;

    /// <param name="path">Full path; the folder is made where it is missing. It may be a pipe or a terminal, as containers collect logs.</param>
    /// <param name="reword">Says messages as the program does whose log it is; null where they are right as they are.</param>
    /// <exception cref="IOException">The file cannot be opened; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public RunLog(string path, Func<string, string>? reword = null)
    {
        _reword = reword ?? (message => message);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? path);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, 1);
        _turn = _file.CanSeek ? new LogTurn(_file) : null;
    }

    /// <summary>What ended the log early; null where nothing did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>A run begins.</summary>
    public void Start(string destination) => Write("start", json => json.Add("tool", $"AmsMigration {Fingerprint.ToolVersion}").Add("destination", destination));

    /// <summary>It is known what an asset becomes.</summary>
    public void Plan(ConversionPlan plan) => Write("plan", json => json
        .Add("asset", plan.Asset.AssetName).Add("source", plan.Asset.Location).Add("destination", plan.Destination)
        .Add("files", plan.Files.LongCount()).Add("bytes", plan.TotalBytes));

    /// <summary>A file of an output has become visible.</summary>
    public void File(string assetName, string path, long length) => Write("file", json => json.Add("asset", assetName).Add("path", path).Add("length", length));

    /// <summary>A request to a store failed and is made again.</summary>
    public void Retry(StoreRetry retry) => Write("retry", json => json
        .Add("request", retry.Request).Add("attempt", retry.Attempt).Add("reason", retry.Reason));

    /// <summary>An asset is done with: its warnings, its error, and what became of it.</summary>
    public void Result(AmsConversionResult result)
    {
        foreach (string warning in result.Warnings)
        {
            Write("warning", json => json.Add("asset", result.AssetName).Add("message", _reword(warning)));
        }

        if (result.Error is Exception error)
        {
            Error(result.AssetName, error);
        }

        Write("asset", json => json
            .Add("asset", result.AssetName).Add("status", result.Status.ToString()).Add("destination", result.Destination)
            .Add("bytesRead", result.BytesRead).Add("bytesWritten", result.BytesWritten).Add("bytesReused", result.BytesReused)
            .Add("milliseconds", (long)result.Elapsed.TotalMilliseconds));
    }

    /// <summary>Something failed.</summary>
    /// <param name="target">What it is about: an asset's name or location.</param>
    public void Error(string target, Exception error) => Write("error", json => json
        .Add("asset", target).Add("code", error is PackagingException packaging ? packaging.Code : error.GetType().Name).Add("message", _reword(error.Message)));

    /// <summary>The run has ended.</summary>
    public void End(AmsRunSummary summary) => Write("end", json => json
        .Add("completed", summary.Completed).Add("skipped", summary.Skipped).Add("failed", summary.Failed)
        .Add("bytesRead", summary.BytesRead).Add("bytesWritten", summary.BytesWritten).Add("bytesReused", summary.BytesReused)
        .Add("milliseconds", (long)summary.Elapsed.TotalMilliseconds));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _turn?.Dispose();
            _file.Dispose();
        }
    }

    private void Write(string name, Action<JsonBuilder> members)
    {
        var json = new JsonBuilder();
        json.Add("time", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Add("event", name);
        members(json);
        byte[] line = Encoding.UTF8.GetBytes(Secrets.Hide(json.Build()) + "\n");
        lock (_lock)
        {
            try
            {
                Append(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Failure ??= e;
            }
        }
    }

    private void Append(byte[] line)
    {
        if (_turn is null)
        {
            _file.Write(line, 0, line.Length);
            return;
        }

        _turn.Run(() =>
        {
            long end = _file.Seek(0, SeekOrigin.End);
            try
            {
                _file.Write(line, 0, line.Length);
            }
            catch (IOException)
            {
                // Half a line on a full disk would spoil the next one, too.
                _file.SetLength(end);
                throw;
            }
        });
    }
}

/// <summary>A request to a store that failed and is made again.</summary>
/// <param name="Request">Method and address, without any secret.</param>
/// <param name="Attempt">1 for the first repetition.</param>
/// <param name="Reason">What the attempt before it came to.</param>
public sealed record StoreRetry(string Request, int Attempt, string Reason);
