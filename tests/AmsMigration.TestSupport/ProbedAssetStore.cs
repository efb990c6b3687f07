using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>Looks at each read of another store, and can delay it, fail it, or answer it itself.</summary>
/// <param name="answer">What a read returns instead of the bytes that are there; null for these.</param>
public sealed class ProbedAssetStore(IAssetStore inner, Func<SourceRead, Task<int?>> answer) : IAssetStore
{
    private readonly List<SourceRead> _reads = [];

    public ProbedAssetStore(IAssetStore inner)
        : this(inner, _ => Task.FromResult<int?>(null))
    {
    }

    public string Name => inner.Name;

    public string Location => inner.Location;

    /// <summary>In the order in which they began; <see cref="SourceRead.Count"/> is what was asked for.</summary>
    public IReadOnlyList<SourceRead> Reads => _reads;

    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation) => new Source(this, await inner.OpenAsync(path, cancellation));

    private sealed class Source(ProbedAssetStore store, IByteSource inner) : IByteSource
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            SourceRead read;
            lock (store._reads)
            {
                read = new SourceRead(store._reads.Count + 1, Path, offset, count, cancellation);
                store._reads.Add(read);
            }

            return await store.Answer(read) ?? await inner.ReadAsync(offset, buffer, index, count, cancellation);
        }

        public void Dispose() => inner.Dispose();
    }

    private Task<int?> Answer(SourceRead read) => answer(read);
}

/// <param name="Number">1 for the first.</param>
public sealed record SourceRead(int Number, string Path, long Offset, int Count, CancellationToken Cancellation);
