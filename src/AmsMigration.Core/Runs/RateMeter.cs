namespace AmsMigration.Runs;

/// <summary>Bytes a second over the last while, so that a run of days shows what happens now. Not safe for use by several threads.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5);

    private readonly Queue<(TimeSpan At, long Bytes)> _readings = new();
    private (TimeSpan At, long Bytes) _last;

    /// <summary>0 until enough is known.</summary>
    public double BytesPerSecond
    {
        get
        {
            (TimeSpan At, long Bytes) first = _readings.Count == 0 ? default : _readings.Peek();
            TimeSpan span = _last.At - first.At;
            return span < Shortest ? 0 : Math.Max(0, _last.Bytes - first.Bytes) / span.TotalSeconds;
        }
    }

    /// <param name="at">Since the run began; never less than before.</param>
    /// <param name="bytes">In all, up to then.</param>
    public void Read(TimeSpan at, long bytes)
    {
        _last = (at, bytes);
        _readings.Enqueue(_last);
        while (at - _readings.Peek().At > Window)
        {
            _readings.Dequeue();
        }
    }

    /// <summary>Whole seconds until so many bytes are written; null where that cannot be said.</summary>
    public int? SecondsLeft(long bytes) => BytesPerSecond > 0 ? (int)Math.Min(int.MaxValue, Math.Ceiling(Math.Max(0, bytes) / BytesPerSecond)) : null;
}
