using System.Collections.Concurrent;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>An output that lies in memory and remembers what was done to it, in order.</summary>
public sealed class MemoryOutputStore : IOutputStore
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentQueue<string> _events = new();
    private int _open;

    public string Location => "memory:output";

    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary><c>commit PATH</c> and <c>delete PATH</c>.</summary>
    public IReadOnlyCollection<string> Events => _events;

    /// <summary>Files that were created and not disposed.</summary>
    public int StillOpen => _open;

    public MemoryOutputStore With(string path, byte[] content)
    {
        _files[path] = content;
        return this;
    }

    /// <summary>What was written, as an asset.</summary>
    public MemoryAssetStore ToAsset()
    {
        var asset = new MemoryAssetStore("output");
        foreach ((string path, byte[] content) in _files)
        {
            asset.With(path, content);
        }

        return asset;
    }

    public string Locate(string path) => $"{Location}/{path}";

    public Task<long?> GetLengthAsync(string path, CancellationToken cancellation) =>
        Task.FromResult<long?>(_files.TryGetValue(path, out byte[]? content) ? content.Length : null);

    public Task<IOutputFile> CreateAsync(string path, long length, string contentType, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _open);
        return Task.FromResult<IOutputFile>(new OutputFile(this, path, length));
    }

    public Task DeleteAsync(string path, CancellationToken cancellation)
    {
        _files.TryRemove(path, out _);
        _events.Enqueue($"delete {path}");
        return Task.CompletedTask;
    }

    private sealed class OutputFile(MemoryOutputStore store, string path, long length) : IOutputFile
    {
        private readonly byte[] _content = new byte[length];
        private int _written;
        private int _disposed;

        public Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            cancellation.ThrowIfCancellationRequested();
            Array.Copy(buffer, index, _content, _written, count);
            _written += count;
            return Task.CompletedTask;
        }

        public Task CommitAsync(CancellationToken cancellation)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            cancellation.ThrowIfCancellationRequested();
            store._files[path] = _written == length ? _content : throw new InvalidOperationException($"{path}: {_written} of {length} bytes were written");
            store._events.Enqueue($"commit {path}");
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref store._open);
            }
        }
    }
}
