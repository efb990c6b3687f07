using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using AmsMigration.Conversion;
using AmsMigration.Formatting;
using AmsMigration.Runs;

namespace AmsMigration.Pipeline;

/// <summary>
/// One bar for the run and one for each asset in flight, with ids that are used again: PowerShell draws all bars that were not completed on each update
/// (PowerShell issue 26915). Work reports to it from any thread; the pipeline thread shows it at most five times a second.
/// </summary>
internal sealed class ProgressBoard(Action<ProgressRecord> write, string activity)
{
    private const int ParentId = 0;
    private const int NoParent = -1;
    private const int Unknown = -1;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly object _lock = new();
    private readonly List<Slot?> _slots = [];
    private readonly SortedSet<int> _shown = [];
    private readonly RateMeter _rate = new();
    private long _bytesDone;
    private long _bytesWritten;
    private int _done;
    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>A place for one asset, the lowest that is free; disposed when it is done.</summary>
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

            var slot = new Slot(this, place, name);
            _slots[place] = slot;
            return slot;
        }
    }

    /// <summary>Draws what is in flight, unless it was drawn just before. Pipeline thread only.</summary>
    public void Show()
    {
        if (_elapsed.Elapsed < _next)
        {
            return;
        }

        _next = _elapsed.Elapsed + Interval;
        List<Slot> running;
        string status;
        long left;
        lock (_lock)
        {
            running = [.. _slots.OfType<Slot>()];
            _rate.Read(_elapsed.Elapsed, _bytesWritten + running.Sum(slot => slot.BytesWritten));
            status = Describe(running);
            left = running.Sum(slot => slot.BytesTotal - slot.BytesDone);
        }

        Write(ParentId, NoParent, activity, status, Unknown, left);
        foreach (Slot slot in running)
        {
            Write(slot.Id, ParentId, slot.Name, slot.Status, slot.Percent, 0);
        }

        foreach (int id in _shown.Except(running.Select(slot => slot.Id)).Where(id => id != ParentId).ToList())
        {
            Complete(id);
        }
    }

    /// <summary>Takes every bar away, the parent last. Pipeline thread only.</summary>
    public void Complete()
    {
        foreach (int id in _shown.Reverse().ToList())
        {
            Complete(id);
        }
    }

    private string Describe(List<Slot> running)
    {
        string counts = string.Format(CultureInfo.CurrentCulture, "{0} done, {1} in flight", _done, running.Count);
        long total = _bytesDone + running.Sum(slot => slot.BytesTotal);
        return total == 0
            ? counts
            : $"{counts}, {Human.Size(_bytesDone + running.Sum(slot => slot.BytesDone))} of {Human.Size(total)}, {Human.Size((long)_rate.BytesPerSecond)}/s";
    }

    /// <param name="bytesLeft">Of the assets in flight: how many more will come, a pipeline does not know.</param>
    private void Write(int id, int parent, string title, string status, int percent, long bytesLeft)
    {
        _shown.Add(id);
        write(new ProgressRecord(id, title, status)
        {
            ParentActivityId = parent,
            PercentComplete = percent,
            SecondsRemaining = bytesLeft > 0 ? _rate.SecondsLeft(bytesLeft) ?? Unknown : Unknown,
        });
    }

    private void Complete(int id)
    {
        write(new ProgressRecord(id, activity, "done") { ParentActivityId = id == ParentId ? NoParent : ParentId, RecordType = ProgressRecordType.Completed });
        _shown.Remove(id);
    }

    private void End(Slot slot, int place)
    {
        lock (_lock)
        {
            _bytesDone += slot.BytesDone;
            _bytesWritten += slot.BytesWritten;
            _done++;
            _slots[place] = null;
        }
    }

    internal sealed class Slot(ProgressBoard board, int place, string name) : IProgress<ConversionProgress>, IDisposable
    {
        private volatile ConversionProgress? _last;
        private volatile string _said = "reading headers";

        public int Id => ParentId + 1 + place;

        public string Name => name;

        public long BytesDone => _last?.BytesDone ?? 0;

        public long BytesTotal => _last?.BytesTotal ?? 0;

        public long BytesWritten => _last?.BytesWritten ?? 0;

        public int Percent => _last is { BytesTotal: > 0 } last ? (int)Math.Min(100, last.BytesDone * 100.0 / last.BytesTotal) : Unknown;

        public string Status => _last is { CurrentFile: not null } last
            ? $"{Human.Size(last.BytesDone)} of {Human.Size(last.BytesTotal)}, {last.CurrentFile}"
            : _said;

        /// <summary>What goes on, where it is not counted in bytes.</summary>
        public void Say(string text) => _said = text;

        public void Report(ConversionProgress value) => _last = value;

        public void Dispose() => board.End(this, place);
    }
}
