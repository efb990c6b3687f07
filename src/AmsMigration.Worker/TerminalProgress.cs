using System.Diagnostics;
using System.Globalization;
using AmsMigration.Conversion;
using AmsMigration.Runs;

namespace AmsMigration.Worker;

/// <summary>One line on the error stream that is written over; nothing where that stream is not a terminal.</summary>
internal sealed class TerminalProgress : IProgress<ConversionProgress>, IDisposable
{
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly RateMeter _rate = new();
    private readonly object _lock = new();
    private long _nextUpdate;
    private bool _shown;

    public void Report(ConversionProgress value)
    {
        if (!_isTerminal)
        {
            return;
        }

        lock (_lock)
        {
            if (_elapsed.ElapsedMilliseconds < _nextUpdate)
            {
                return;
            }

            _nextUpdate = _elapsed.ElapsedMilliseconds + 200;
            _shown = true;
            Console.Error.Write("\r" + Fit(Describe(value)));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            if (_shown)
            {
                Console.Error.Write("\r" + Fit("") + "\r");
                _shown = false;
            }
        }
    }

    public void Dispose() => Clear();

    private static string Fit(string line)
    {
        int width = Math.Max(20, Console.WindowWidth - 1);
        return line.Length > width ? line[..width] : line.PadRight(width);
    }

    private string Describe(ConversionProgress value)
    {
        _rate.Read(_elapsed.Elapsed, value.BytesWritten);
        string left = _rate.SecondsLeft(value.BytesTotal - value.BytesDone) is int seconds
            ? string.Create(CultureInfo.InvariantCulture, $"  {_rate.BytesPerSecond / 1e6:0} MB/s  {seconds} s left")
            : "";
        int percent = value.BytesTotal == 0 ? 100 : (int)(value.BytesDone * 100 / value.BytesTotal);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{value.AssetName}  {percent,3} %  {value.BytesDone / 1e6:0.0} of {value.BytesTotal / 1e6:0.0} MB{left}");
    }
}
