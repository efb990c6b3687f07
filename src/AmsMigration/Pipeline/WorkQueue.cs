using System.Collections.Concurrent;
using System.Management.Automation;

namespace AmsMigration.Pipeline;

/// <summary>
/// Runs work on background tasks, at most so many at once, and hands what they have to say to the pipeline thread, which alone may talk to PowerShell.
/// However the pipeline ends, <see cref="Stop"/> is the end of it: cancelled and joined.
/// </summary>
/// <param name="limit">Tasks at once.</param>
/// <param name="onPoll">Called on the pipeline thread at least five times a second while it waits: for progress.</param>
internal sealed class WorkQueue(int limit, Action onPoll) : IDisposable
{
    private const int MaxWaitingMessages = 256;
    private const int PollInterval = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _messages = new(MaxWaitingMessages);
    private readonly HashSet<Task> _running = [];
    private bool _isDisposed;

    /// <summary>Starts work as soon as there is room; until then, and in passing, says what other work has to say. Pipeline thread only.</summary>
    /// <param name="work">Posts its own failures; any other exception ends the pipeline.</param>
    public void Start(Func<CancellationToken, Task> work)
    {
        PumpUntil(() => _running.Count < limit);
        Task task = Task.Run(() => work(_stop.Token));
        _running.Add(task);

        // Wakes the pipeline thread. Where there is no room for it, there are messages that do.
        task.ContinueWith(_ => _messages.TryAdd(() => { }), TaskContinuationOptions.ExecuteSynchronously);
        Pump();
    }

    /// <summary>Says everything that is to be said until all work is done. Pipeline thread only.</summary>
    public void Complete() => PumpUntil(() => _running.Count == 0);

    /// <summary>Has something said on the pipeline thread. Any thread; waits where that thread is behind.</summary>
    public void Post(Action message) => _messages.Add(message, _stop.Token);

    /// <summary>Has something asked on the pipeline thread. Any other thread.</summary>
    public async Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_stop.Token.Register(() => answer.TrySetCanceled()))
        {
            Post(() => Answer(question, answer));
            return await answer.Task.ConfigureAwait(false);
        }
    }

    /// <summary>What goes wrong with a question is the asker's, but the end of the pipeline is everybody's.</summary>
    private static void Answer<T>(Func<T> question, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.TrySetResult(question());
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            answer.TrySetException(e);
        }
    }

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

    /// <summary>Asks all work to end and waits until it has. Pipeline thread only.</summary>
    public void Stop()
    {
        Cancel();
        try
        {
            Task.WaitAll([.. _running]);
        }
        catch (AggregateException)
        {
            // Cancelled, or failed while nobody listens any more.
        }

        _running.Clear();
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Stop();
            _stop.Dispose();
        }
    }

    private void PumpUntil(Func<bool> isDone)
    {
        Pump();
        while (!isDone())
        {
            if (TryTake(out Action? message))
            {
                message!();
            }

            Pump();
            onPoll();
        }
    }

    private bool TryTake(out Action? message)
    {
        try
        {
            return _messages.TryTake(out message, PollInterval, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void Pump()
    {
        // Ended tasks are seen before the messages are taken, so that the last words of a task are said before it counts as done.
        List<Task> ended = [.. _running.Where(task => task.IsCompleted)];
        while (_messages.TryTake(out Action? message))
        {
            message();
        }

        foreach (Task task in ended)
        {
            _running.Remove(task);
            if (task.IsFaulted)
            {
                task.GetAwaiter().GetResult();
            }
        }
    }
}
