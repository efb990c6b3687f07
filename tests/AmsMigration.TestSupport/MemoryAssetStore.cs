using System.Collections.Concurrent;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>An asset that lies in memory, or a folder's files read on demand, and remembers how it was used.</summary>
public sealed class MemoryAssetStore(string name) : IAssetStore
{
    private readonly SortedDictionary<string, Func<byte[]>> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _opened = new();
    private int _open;

    public string Name => name;

    public string Location => $"memory:{name}";

    /// <summary>How often each file was opened.</summary>
    public IReadOnlyDictionary<string, int> Opened => _opened;

    /// <summary>Sources that were opened and not disposed.</summary>
    public int StillOpen => _open;

    public static MemoryAssetStore OfFolder(string folder)
    {
        var store = new MemoryAssetStore(Path.GetFileName(folder));
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            store._files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = () => File.ReadAllBytes(file);
        }

        return store;
    }

    public MemoryAssetStore With(string path, byte[] content)
    {
        _files[path] = () => content;
        return this;
    }

    /// <summary>And all files of another one.</summary>
    public MemoryAssetStore With(MemoryAssetStore other)
    {
        foreach ((string path, Func<byte[]> content) in other._files)
        {
            _files[path] = content;
        }

        return this;
    }

    public MemoryAssetStore Without(string path)
    {
        _files.Remove(path);
        return this;
    }

    /// <summary>The same files on a disk.</summary>
    public LocalAssetStore WriteTo(string folder)
    {
        foreach ((string path, Func<byte[]> content) in _files)
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content());
        }

        return new LocalAssetStore(folder);
    }

    public MemoryAssetStore With(string path, string text) => With(path, System.Text.Encoding.UTF8.GetBytes(text));

    public Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<AssetFile>>([.. _files.Select(file => new AssetFile(file.Key, file.Value().Length))]);

    public Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_files.TryGetValue(path, out Func<byte[]>? content))
        {
            throw new PackagingException("FileNotFound", "the file is not there", path);
        }

        _opened.AddOrUpdate(path, 1, (_, count) => count + 1);
        Interlocked.Increment(ref _open);
        return Task.FromResult<IByteSource>(new Source(this, path, content()));
    }

    private sealed class Source(MemoryAssetStore store, string path, byte[] content) : IByteSource
    {
        private int _disposed;

        public string Path => path;

        public long Length => content.Length;

        public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            cancellation.ThrowIfCancellationRequested();
            int read = (int)Math.Max(0, Math.Min(count, content.Length - offset));
            Array.Copy(content, Math.Min(offset, content.Length), buffer, index, read);
            return Task.FromResult(read);
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
