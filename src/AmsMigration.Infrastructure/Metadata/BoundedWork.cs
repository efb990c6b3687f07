namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Works on items as they come, so many at once, and hands the results over in the items' order.</summary>
internal static class BoundedWork
{
    /// <summary>The first failure stops the others, and nothing goes on when it returns.</summary>
    /// <param name="list">The items, until it is told to stop.</param>
    /// <param name="take">Called with one result at a time.</param>
    public static async Task RunAsync<TItem, TResult>(
        int limit, Func<CancellationToken, IAsyncEnumerable<TItem>> list, Func<TItem, CancellationToken, Task<TResult>> work, Func<TResult, Task> take,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new Queue<Task<TResult>>();
        try
        {
            await foreach (TItem item in list(stop.Token).ConfigureAwait(false))
            {
                if (running.Count == limit)
                {
                    await take(await running.Dequeue().ConfigureAwait(false)).ConfigureAwait(false);
                }

                running.Enqueue(Task.Run(() => work(item, stop.Token), CancellationToken.None));
            }

            while (running.Count > 0)
            {
                await take(await running.Dequeue().ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        finally
        {
            stop.Cancel();
            await Task.WhenAll(running.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default))).ConfigureAwait(false);
        }
    }
}
