using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>Looks at each thing that is done to another store, and can delay it or fail it.</summary>
/// <param name="before">Gets <c>create</c>, <c>write</c> or <c>commit</c> and the path.</param>
public sealed class ProbedOutputStore(IOutputStore inner, Func<string, string, Task> before) : IOutputStore
{
    public string Location => inner.Location;

    public string Locate(string path) => inner.Locate(path);

    public Task<long?> GetLengthAsync(string path, CancellationToken cancellation) => inner.GetLengthAsync(path, cancellation);

    public async Task<IOutputFile> CreateAsync(string path, long length, string contentType, CancellationToken cancellation)
    {
        await before("create", path);
        return new OutputFile(before, path, await inner.CreateAsync(path, length, contentType, cancellation));
    }

    public Task DeleteAsync(string path, CancellationToken cancellation) => inner.DeleteAsync(path, cancellation);

    private sealed class OutputFile(Func<string, string, Task> before, string path, IOutputFile inner) : IOutputFile
    {
        public async Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            await before("write", path);
            await inner.WriteAsync(buffer, index, count, cancellation);
        }

        public async Task CommitAsync(CancellationToken cancellation)
        {
            await before("commit", path);
            await inner.CommitAsync(cancellation);
        }

        public void Dispose() => inner.Dispose();
    }
}
