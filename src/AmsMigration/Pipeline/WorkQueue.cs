using System.Collections.Concurrent;
using System.Management.Automation;

namespace AmsMigration.Pipeline;

/// <summary>
/// Runs work on background tasks, at most so many at once, and hands what they have to say to the pipeline thread, which alone may talk to PowerShell.
/// Ctrl+C, an early end of the pipeline (<c>Select-Object -First</c>) and Dispose all end in <see cref="Stop"/>: cancelled and joined.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private const int MaxWaitingMessages = 256;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _messages = new(MaxWaitingMessages);
    private readonly HashSet<Task> _running = [];
    private readonly int _limit;
    private readonly Action _onIdle;
    private bool _isDisposed;

    /// <param name="limit">Tasks at once.</param>
    /// <param name="onPoll">Called on the pipeline thread some five times a second while it waits: for progress.</param>
    public WorkQueue(int limit, Action onPoll)
    {
        _limit = limit;
        _onIdle = onPoll;
    }

    public CancellationToken Cancellation => _stop.Token;

    /// <summary>Starts work as soon as there is room; until then, and in passing, says what other work has to say. Pipeline thread only.</summary>
    public void Start(Func<CancellationToken, Task> work)
    {
        PumpUntil(() => _running.Count < _limit);
        _running.Add(Task.Run(() => work(_stop.Token)));
        Pump();
    }

    /// <summary>Says everything that is to be said until all work is done. Pipeline thread only.</summary>
    public void Complete() => PumpUntil(() => _running.Count == 0);

    /// <summary>Has something said on the pipeline thread. Any thread; waits where that thread is behind.</summary>
    public void Post(Action message) => _messages.Add(message, _stop.Token);

    /// <summary>Asks all work to end. Any thread; returns at once.</summary>
    public void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C may come when everything has ended.
        }
    }

    /// <summary>Asks all work to end and waits until it has.</summary>
    public void Stop()
    {
        Cancel();
        try
        {
            Task.WaitAll([.. _running]);
        }
        catch (AggregateException)
        {
            // Its failures were told, or nobody is there any more to hear them.
        }

        _running.Clear();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Stop();
        _messages.Dispose();
        _stop.Dispose();
    }

    private void PumpUntil(Func<bool> isDone)
    {
        Pump();
        while (!isDone())
        {
            if (_messages.TryTake(out Action? message, (int)PollInterval.TotalMilliseconds))
            {
                Say(message);
            }

            Pump();
            _onIdle();
            if (_stop.IsCancellationRequested)
            {
                Stop();
                throw new PipelineStoppedException();
            }
        }
    }

    private void Pump()
    {
        // Ended tasks are seen before the messages are taken, so that the last words of a task are said before it counts as done.
        List<Task> ended = [.. _running.Where(task => task.IsCompleted)];
        while (_messages.TryTake(out Action? message))
        {
            Say(message);
        }

        foreach (Task task in ended)
        {
            _running.Remove(task);
            if (task.IsFaulted)
            {
                Stop();
                task.GetAwaiter().GetResult();
            }
        }
    }

    private void Say(Action message)
    {
        try
        {
            message();
        }
        catch (Exception)
        {
            // PipelineStoppedException above all: downstream has enough. Whatever it is, no work may go on without a pipeline.
            Stop();
            throw;
        }
    }
}
