using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using AmsMigration.Conversion;

namespace AmsMigration.Pipeline;

/// <summary>
/// One bar for the run and one for each asset in flight, with ids that are used again: PowerShell draws all bars that were ever shown on each update.
/// Work reports to it from any thread; the pipeline thread shows it a few times a second.
/// </summary>
internal sealed class ProgressBoard(PSCmdlet cmdlet, string activity)
{
    private const int ParentId = 0x414d53;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly object _lock = new();
    private readonly List<Slot?> _slots = [];
    private readonly HashSet<int> _shown = [];
    private long _bytesDone;
    private int _assetsDone;
    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>A place for one asset; disposed when it is done.</summary>
    public Slot Begin(string name)
    {
        lock (_lock)
        {
            int place = _slots.IndexOf(null);
            if (place < 0)
            {
                place = _slots.Count;
                _slots.Add(null);
            }

            return _slots[place] = new Slot(this, place, name);
        }
    }

    /// <summary>Draws what has changed, at most five times a second. Pipeline thread only.</summary>
    public void Show()
    {
        if (_elapsed.Elapsed < _next)
        {
            return;
        }

        _next = _elapsed.Elapsed + Interval;
        List<Slot> running;
        long bytes;
        int done;
        lock (_lock)
        {
            running = [.. _slots.OfType<Slot>()];
            bytes = _bytesDone + running.Sum(slot => slot.BytesWritten);
            done = _assetsDone;
        }

        double seconds = Math.Max(0.001, _elapsed.Elapsed.TotalSeconds);
        Write(ParentId, -1, activity, string.Format(
            CultureInfo.CurrentCulture, "{0} done, {1} in flight, {2:0.0} MB written, {3:0.0} MB/s", done, running.Count, bytes / 1e6, bytes / 1e6 / seconds), -1);
        foreach (Slot slot in running)
        {
            int percent = slot.BytesTotal > 0 ? (int)Math.Min(100, slot.BytesWritten * 100 / slot.BytesTotal) : -1;
            Write(ParentId + 1 + slot.Place, ParentId, slot.Name, slot.CurrentFile ?? "planning", percent);
        }

        HashSet<int> alive = [ParentId, .. running.Select(slot => ParentId + 1 + slot.Place)];
        foreach (int id in _shown.Where(id => !alive.Contains(id)).ToList())
        {
            Complete(id);
        }
    }

    /// <summary>Takes every bar away. Pipeline thread only.</summary>
    public void Complete()
    {
        foreach (int id in _shown.OrderByDescending(id => id).ToList())
        {
            Complete(id);
        }
    }

    private void Write(int id, int parent, string title, string status, int percent)
    {
        _shown.Add(id);
        cmdlet.WriteProgress(new ProgressRecord(id, title, status) { ParentActivityId = parent, PercentComplete = percent });
    }

    private void Complete(int id)
    {
        _shown.Remove(id);
        cmdlet.WriteProgress(new ProgressRecord(id, activity, "done") { RecordType = ProgressRecordType.Completed });
    }

    private void End(Slot slot)
    {
        lock (_lock)
        {
            _bytesDone += slot.BytesWritten;
            _assetsDone++;
            _slots[slot.Place] = null;
        }
    }

    internal sealed class Slot(ProgressBoard board, int place, string name) : IProgress<ConversionProgress>, IDisposable
    {
        private ConversionProgress? _last;

        public int Place => place;

        public string Name => name;

        public long BytesWritten => _last?.BytesWritten ?? 0;

        public long BytesTotal => _last?.BytesTotal ?? 0;

        public string? CurrentFile => _last?.CurrentFile;

        public void Report(ConversionProgress value) => _last = value;

        public void Dispose() => board.End(this);
    }
}
