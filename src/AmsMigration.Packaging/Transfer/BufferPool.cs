using System.Collections.Concurrent;

namespace AmsMigration.Packaging.Transfer;

/// <summary>Buffers of one size that a transfer uses again, so that ten thousand files cost no more memory than one. Safe for use by several threads.</summary>
public sealed class BufferPool(int size)
{
    private readonly ConcurrentBag<byte[]> _free = [];

    /// <summary>Bytes of each buffer.</summary>
    public int Size { get; } = size > 0 ? size : throw new ArgumentOutOfRangeException(nameof(size));

    public byte[] Rent() => _free.TryTake(out byte[]? buffer) ? buffer : new byte[Size];

    public void Return(byte[] buffer) => _free.Add(buffer);
}
