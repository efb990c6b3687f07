using System.Management.Automation;

namespace AmsMigration.Pipeline;

/// <summary>What all cmdlets share: work off the pipeline thread, stopped and joined however the pipeline ends.</summary>
public abstract class AmsCmdlet : PSCmdlet, IDisposable
{
    private WorkQueue? _queue;

    private protected WorkQueue Queue => _queue ??= new WorkQueue(WorkLimit, OnPoll);

    /// <summary>Pieces of work at once.</summary>
    private protected virtual int WorkLimit => 1;

    /// <summary>Waits for work on the pipeline thread; Ctrl+C ends the waiting.</summary>
    private protected T Await<T>(Func<CancellationToken, Task<T>> work)
    {
        CancellationToken cancellation = Queue.Cancellation;
        try
        {
            return Task.Run(() => work(cancellation), cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    private protected virtual void OnPoll()
    {
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Queue.Complete();

    /// <summary>Comes on another thread: asks, and leaves the joining to the pipeline thread and <see cref="Dispose()"/>.</summary>
    protected override void StopProcessing() => _queue?.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The only call that is sure to come: <c>Select-Object -First</c> skips EndProcessing and StopProcessing.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _queue?.Dispose();
        }
    }
}
