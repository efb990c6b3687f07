using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Tests.Planning;

/// <summary>A file that lies in memory.</summary>
internal sealed class MemorySource(string path, byte[] content) : IByteSource
{
    public string Path => path;

    public long Length => content.Length;

    public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int length = (int)Math.Clamp(content.Length - offset, 0, count);
        if (length > 0)
        {
            Array.Copy(content, offset, buffer, index, length);
        }

        return Task.FromResult(length);
    }

    public void Dispose()
    {
    }
}
