using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>A file whose first bytes have been read already: what is asked for in them takes no further wait.</summary>
internal sealed class HeadSource : IByteSource
{
    /// <summary>A fragment's header with two seconds of samples and the boxes in front of it; more is read when it is needed.</summary>
    public const int HeadLength = 8 * 1024;

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

    public static async Task<HeadSource> OpenAsync(IAssetStore store, string path, CancellationToken cancellation)
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
}
