using AmsMigration.Packaging.Storage;

namespace AmsMigration.TestSupport;

/// <summary>A file in memory that counts how it is read.</summary>
public sealed class CountingByteSource(byte[] content, string path = "made.mp4") : IByteSource
{
    public string Path => path;

    public long Length => content.Length;

    public int Reads { get; private set; }

    public long BytesRead { get; private set; }

    public Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int read = (int)Math.Max(0, Math.Min(count, content.Length - offset));
        Array.Copy(content, Math.Min(offset, content.Length), buffer, index, read);
        Reads++;
        BytesRead += read;
        return Task.FromResult(read);
    }

    public void Dispose()
    {
    }
}
