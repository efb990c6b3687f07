using System.Diagnostics;
using System.Globalization;
using AmsMigration.Conversion;
using AmsMigration.Runs;

namespace AmsMigration.Worker;

/// <summary>One line on the error stream that is written over; nothing where that stream is not a terminal. Safe for use by several threads.</summary>
internal sealed class TerminalProgress : IDisposable
{
    private const int IntervalMilliseconds = 200;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly RateMeter _rate = new();
    private readonly List<Slot> _inFlight = [];
    private readonly object _lock = new();
    private long _written;
    private long _nextUpdate;
    private bool _shown;

    /// <summary>An asset is begun; disposed when it is done with.</summary>
    public Slot Begin()
    {
        var slot = new Slot(this);
        lock (_lock)
        {
            _inFlight.Add(slot);
        }

        return slot;
    }

    /// <summary>Takes the line away for the time in which something else is written.</summary>
    public void Write(Action write)
    {
        lock (_lock)
        {
            Clear();
            write();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Clear();
        }
    }

    private static string Fit(string line)
    {
        int width = Math.Max(20, Console.WindowWidth - 1);
        return line.Length > width ? line[..width] : line.PadRight(width);
    }

    private void Show()
    {
        if (!_isTerminal || _elapsed.ElapsedMilliseconds < _nextUpdate)
        {
            return;
        }

        _nextUpdate = _elapsed.ElapsedMilliseconds + IntervalMilliseconds;
        _shown = true;
        Console.Error.Write("\r" + Fit(Describe()));
    }

    private void Clear()
    {
        if (_shown)
        {
            Console.Error.Write("\r" + Fit("") + "\r");
            _shown = false;
        }
    }

    private string Describe()
    {
        ConversionProgress[] known = [.. _inFlight.Select(slot => slot.Value).OfType<ConversionProgress>()];
        long done = known.Sum(value => value.BytesDone);
        long total = known.Sum(value => value.BytesTotal);
        _rate.Read(_elapsed.Elapsed, _written + known.Sum(value => value.BytesWritten));
        string left = _rate.SecondsLeft(total - done) is int seconds
            ? string.Create(CultureInfo.InvariantCulture, $"  {_rate.BytesPerSecond / 1e6:0} MB/s  {seconds} s left")
            : "";
        int percent = total == 0 ? 100 : (int)(done * 100 / total);
        string name = known.Length == 1 ? known[0].AssetName : string.Create(CultureInfo.InvariantCulture, $"{known.Length} assets");
        return string.Create(CultureInfo.InvariantCulture, $"{name}  {percent,3} %  {done / 1e6:0.0} of {total / 1e6:0.0} MB{left}");
    }

    /// <summary>One of the assets that are converted beside each other.</summary>
    internal sealed class Slot(TerminalProgress line) : IProgress<ConversionProgress>, IDisposable
    {
        /// <summary>Null until something is known.</summary>
        public ConversionProgress? Value { get; private set; }

        public void Report(ConversionProgress value)
        {
            lock (line._lock)
            {
                Value = value;
                line.Show();
            }
        }

        public void Dispose()
        {
            lock (line._lock)
            {
                line._inFlight.Remove(this);
                line._written += Value?.BytesWritten ?? 0;
            }
        }
    }
}
