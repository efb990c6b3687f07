using System.Management.Automation;

namespace AmsMigration.Pipeline;

/// <summary>
/// What all cmdlets share: work goes on beside the pipeline thread, one piece's failure is an error record, and all of it is stopped and joined however the
/// pipeline ends.
/// </summary>
public abstract class AmsCmdlet : PSCmdlet, IDisposable
{
    private WorkQueue? _queue;
    private ProgressBoard? _progress;

    /// <summary>Pieces of work at once.</summary>
    private protected virtual int WorkLimit => 1;

    /// <summary>Title of the progress bar.</summary>
    private protected abstract string Activity { get; }

    private protected ProgressBoard Progress => _progress ??= new ProgressBoard(WriteProgress, Activity);

    /// <summary>Nothing is to be written, whatever it is; by the parameter, or by the session's preference.</summary>
    private protected bool IsWhatIf => LanguagePrimitives.IsTrue(MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : GetVariableValue("WhatIfPreference"));

    private WorkQueue Queue => _queue ??= new WorkQueue(WorkLimit, () => _progress?.Show());

    /// <summary>Starts a piece of work when there is room for it. Pipeline thread only.</summary>
    /// <param name="target">What it is about; named in the error record where it fails.</param>
    private protected void Start(object target, Func<CancellationToken, Task> work) => Queue.Start(cancellation => AttemptAsync(target, work, cancellation));

    /// <summary>Does a part of a piece of work whose failure is an error record of its own.</summary>
    private protected async Task AttemptAsync(object target, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Queue.Post(() =>
            {
                OnFailed(target, e);
                WriteError(Errors.From(e, target));
            });
        }
    }

    /// <summary>Says something from a piece of work.</summary>
    private protected void Post(Action message) => Queue.Post(message);

    /// <summary>Asks something from a piece of work.</summary>
    private protected Task<T> AskAsync<T>(Func<T> question) => Queue.AskAsync(question);

    /// <summary>A piece of work has failed. Pipeline thread only.</summary>
    private protected virtual void OnFailed(object target, Exception exception)
    {
    }

    /// <summary>No record comes any more; the last work may be started. Pipeline thread only; does not come where the pipeline ends early.</summary>
    private protected virtual void ProcessLast()
    {
    }

    /// <summary>All work is done. Pipeline thread only; does not come where the pipeline ends early.</summary>
    private protected virtual void Finish()
    {
    }

    /// <summary>Takes one record of the pipeline.</summary>
    private protected abstract void Process();

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        Queue.Complete();
        ProcessLast();
        Queue.Complete();
        _progress?.Complete();
        Finish();
    });

    /// <summary>Comes on another thread: asks, and leaves the joining to the pipeline thread.</summary>
    protected override void StopProcessing() => _queue?.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// The only call that is sure to come: where another command has enough (<c>Select-Object -First</c>), neither EndProcessing nor StopProcessing is called
    /// (PowerShell issues 7930 and 13997).
    /// </summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _queue?.Dispose();
        }
    }

    /// <summary>Whatever ends the pipeline, an exception of PowerShell's own above all, passes through, and no work goes on without a pipeline.</summary>
    private void Guard(Action pump)
    {
        try
        {
            pump();
        }
        catch
        {
            _queue?.Stop();
            TakeBarsAway();
            throw;
        }
    }

    private void TakeBarsAway()
    {
        try
        {
            _progress?.Complete();
        }
        catch (PipelineStoppedException)
        {
            // After Ctrl+C nothing can be written; the host clears its bars itself.
        }
    }
}
