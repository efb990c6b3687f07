using System.Globalization;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Keeps requests for keys below what the service answers in an hour; beyond that it answers with 429 until the hour is over. Safe for use by several threads.</summary>
/// <param name="perHour">Requests in any sixty minutes.</param>
/// <param name="now">The clock.</param>
/// <param name="delay">Waits.</param>
internal sealed class KeyPace(int perHour, Func<DateTimeOffset> now, Func<TimeSpan, CancellationToken, Task> delay)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Queue<DateTimeOffset> _asked = new();
    private readonly SemaphoreSlim _turn = new(1);

    public KeyPace(int perHour)
        : this(perHour, () => DateTimeOffset.UtcNow, Task.Delay)
    {
    }

    /// <summary>Returns when one more request may be sent.</summary>
    /// <param name="waiting">Told what is waited for.</param>
    public async Task WaitAsync(Action<string> waiting, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (_asked.Count > 0 && _asked.Peek() + Window <= now())
            {
                _asked.Dequeue();
            }

            if (_asked.Count >= perHour)
            {
                DateTimeOffset until = _asked.Peek() + Window;
                waiting(string.Format(
                    CultureInfo.CurrentCulture, "the service answers {0:N0} requests for keys an hour; going on at {1:t}", perHour, until.ToLocalTime()));
                await delay(until - now(), cancellation).ConfigureAwait(false);
                _asked.Dequeue();
            }

            _asked.Enqueue(now());
        }
        finally
        {
            _turn.Release();
        }
    }
}
