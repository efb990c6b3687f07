using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>A file whose first bytes have been read already: what is asked for in them takes no further wait.</summary>
internal sealed class HeadSource : IByteSource
{
    /// <summary>A fragment's header with two seconds of samples and the boxes in front of it; more is read when it is needed.</summary>
    public const int HeadLength = 8 * 1024;

    /// <summary>Files whose heads are read ahead: a remote store answers many small reads at once as fast as one.</summary>
    private const int ReadAhead = 16;

    private readonly IByteSource _inner;
    private readonly byte[] _head;
    private readonly int _count;

    private HeadSource(IByteSource inner, byte[] head, int count)
    {
        _inner = inner;
        _head = head;
        _count = count;
    }

    public string Path => _inner.Path;

    public long Length => _inner.Length;

    /// <summary>Opens files one after the other, with the heads of some that come next on their way.</summary>
    /// <param name="use">Gets the number of each in <paramref name="paths"/>, and the file, which is closed behind it.</param>
    public static async Task ForEachAsync(IAssetStore store, IReadOnlyList<string> paths, Func<int, HeadSource, Task> use, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ahead = new Queue<Task<HeadSource>>();
        int next = 0;
        try
        {
            for (int i = 0; i < paths.Count; i++)
            {
                for (; next < paths.Count && ahead.Count < ReadAhead; next++)
                {
                    ahead.Enqueue(OpenAsync(store, paths[next], stop.Token));
                }

                using HeadSource source = await ahead.Dequeue().ConfigureAwait(false);
                await use(i, source).ConfigureAwait(false);
            }
        }
        finally
        {
            stop.Cancel();
            foreach (Task<HeadSource> rest in ahead)
            {
                await DisposeAsync(rest).ConfigureAwait(false);
            }
        }
    }

    public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        if (offset >= _count)
        {
            return _inner.ReadAsync(offset, buffer, index, count, cancellation);
        }

        int there = (int)Math.Min(count, _count - offset);
        Buffer.BlockCopy(_head, (int)offset, buffer, index, there);
        return Task.FromResult(there);
    }

    public void Dispose() => _inner.Dispose();

    private static async Task<HeadSource> OpenAsync(IAssetStore store, string path, CancellationToken cancellation)
    {
        IByteSource inner = await store.OpenAsync(path, cancellation).ConfigureAwait(false);
        try
        {
            var head = new byte[(int)Math.Min(HeadLength, inner.Length)];
            int count = await inner.ReadAsync(0, head, 0, head.Length, cancellation).ConfigureAwait(false);
            return new HeadSource(inner, head, count);
        }
        catch
        {
            inner.Dispose();
            throw;
        }
    }

    private static async Task DisposeAsync(Task<HeadSource> opening)
    {
        try
        {
            (await opening.ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or PackagingException)
        {
            // It was cancelled, or another error is on its way.
        }
    }
}
