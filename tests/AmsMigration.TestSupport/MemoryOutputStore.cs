using System.Collections.Concurrent;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>An output that lies in memory and remembers what was done to it, in order.</summary>
public sealed class MemoryOutputStore : IOutputStore
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly ConcurrentQueue<string> _events = new();
    private readonly ConcurrentDictionary<(string Path, string Fingerprint), byte[]> _staged = new();
    private OutputClaim? _claim;
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

    public Task<IReadOnlyDictionary<string, long>> GetLengthsAsync(IReadOnlyCollection<string> paths, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, long>>(paths.Distinct().Where(_files.ContainsKey).ToDictionary(path => path, path => _files[path].LongLength));

    public Task<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellation) => !_files.TryGetValue(path, out byte[]? content)
        ? Task.FromResult<byte[]?>(null)
        : content.Length <= maxLength
            ? Task.FromResult<byte[]?>([.. content])
            : throw new PackagingException("OutputUnreadable", $"it has {content.Length} bytes", path);

    public Task<IOutputFile> CreateAsync(string path, long length, string contentType, string? fingerprint, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _open);
        return Task.FromResult<IOutputFile>(new OutputFile(this, path, length, fingerprint));
    }

    public Task DeleteAsync(string path, CancellationToken cancellation)
    {
        _files.TryRemove(path, out _);
        _events.Enqueue($"delete {path}");
        return Task.CompletedTask;
    }

    public Task DiscardStagedAsync(IReadOnlyCollection<string> keep, CancellationToken cancellation)
    {
        foreach ((string Path, string Fingerprint) key in _staged.Keys.Where(key => !keep.Contains(key.Fingerprint)))
        {
            _staged.TryRemove(key, out _);
        }

        return Task.CompletedTask;
    }

    public Task<ClaimAttempt> TryClaimAsync(bool breakOther, CancellationToken cancellation)
    {
        lock (_events)
        {
            if (_claim is not null && !breakOther)
            {
                return Task.FromResult(new ClaimAttempt(null, "another run"));
            }

            _claim?.Break();
            _claim = new OutputClaim(this);
            return Task.FromResult(new ClaimAttempt(_claim));
        }
    }

    private sealed class OutputClaim(MemoryOutputStore store) : IOutputClaim
    {
        private readonly CancellationTokenSource _lost = new();

        public CancellationToken Lost => _lost.Token;

        public AssetFile Mark { get; } = new("_memory.lock", 0);

        public bool IsOutOfReach => false;

        public void Break() => _lost.Cancel();

        public Task ReleaseAsync()
        {
            lock (store._events)
            {
                store._claim = store._claim == this ? null : store._claim;
            }

            return Task.CompletedTask;
        }
    }

    private sealed class OutputFile : IOutputFile
    {
        private readonly MemoryOutputStore _store;
        private readonly string _path;
        private readonly string? _fingerprint;
        private readonly byte[] _content;
        private int _written;
        private int _disposed;
        private bool _isCommitted;

        public OutputFile(MemoryOutputStore store, string path, long length, string? fingerprint)
        {
            (_store, _path, _fingerprint) = (store, path, fingerprint);
            _content = new byte[length];
            if (fingerprint is not null && store._staged.TryRemove((path, fingerprint), out byte[]? staged))
            {
                staged.CopyTo(_content, 0);
                _written = staged.Length;
            }

            StagedLength = _written;
        }

        public long StagedLength { get; }

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
            _store._files[_path] = _written == _content.Length
                ? _content
                : throw new InvalidOperationException($"{_path}: {_written} of {_content.Length} bytes were written");
            _store._events.Enqueue($"commit {_path}");
            _isCommitted = true;
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
            {
                return;
            }

            Interlocked.Decrement(ref _store._open);
            if (!_isCommitted && _fingerprint is not null)
            {
                _store._staged[(_path, _fingerprint)] = [.. _content.AsSpan(0, _written)];
            }
        }
    }
}
