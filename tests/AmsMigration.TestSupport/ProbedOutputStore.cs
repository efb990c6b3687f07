using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>Looks at each thing that is done to another store, and can delay it or fail it.</summary>
/// <param name="before">Gets <c>claim</c>, <c>create</c>, <c>write</c>, <c>commit</c> or <c>delete</c>, and the path; and <c>committed</c> when that is done.</param>
public class ProbedOutputStore(IOutputStore inner, Func<string, string, Task> before) : IOutputStore
{
    public string Location => inner.Location;

    public string Locate(string path) => inner.Locate(path);

    public Task<IReadOnlyDictionary<string, long>> GetLengthsAsync(IReadOnlyCollection<string> paths, CancellationToken cancellation) =>
        inner.GetLengthsAsync(paths, cancellation);

    public Task<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellation) => inner.ReadAsync(path, maxLength, cancellation);

    public async Task<IOutputFile> CreateAsync(string path, long length, string contentType, string? fingerprint, CancellationToken cancellation)
    {
        await before("create", path);
        return new OutputFile(before, path, await inner.CreateAsync(path, length, contentType, fingerprint, cancellation));
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        await before("delete", path);
        await inner.DeleteAsync(path, cancellation);
    }

    public Task DiscardStagedAsync(IReadOnlyCollection<string> keep, CancellationToken cancellation) => inner.DiscardStagedAsync(keep, cancellation);

    public async Task<ClaimAttempt> TryClaimAsync(bool breakOther, CancellationToken cancellation)
    {
        await before("claim", "");
        return await inner.TryClaimAsync(breakOther, cancellation);
    }

    private sealed class OutputFile(Func<string, string, Task> before, string path, IOutputFile inner) : IOutputFile
    {
        public long StagedLength => inner.StagedLength;

        public async Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
        {
            await before("write", path);
            await inner.WriteAsync(buffer, index, count, cancellation);
        }

        public async Task CommitAsync(CancellationToken cancellation)
        {
            await before("commit", path);
            await inner.CommitAsync(cancellation);
            await before("committed", path);
        }

        public void Dispose() => inner.Dispose();
    }
}
