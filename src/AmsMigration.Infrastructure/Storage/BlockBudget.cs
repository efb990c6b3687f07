using System.Buffers;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>
/// How many blocks may be on their way at once, over all files and assets of a run, and the memory that they lie in, which is used again and again. Safe for use
/// by several threads.
/// </summary>
internal sealed class BlockBudget(int blocks)
{
    /// <summary>Bytes of a block, where a blob of that length needs no larger ones.</summary>
    public const int BlockSize = TransferOptions.RemoteSize;

    private readonly SemaphoreSlim _free = new(blocks);

    /// <summary>Held from one asset to the next.</summary>
    private readonly BufferPool _buffers = TransferOptions.RemoteBuffers;

    public Task TakeAsync(CancellationToken cancellation) => _free.WaitAsync(cancellation);

    public void Give() => _free.Release();

    /// <param name="size">Larger ones than a block's are not kept.</param>
    /// <returns>At least as long.</returns>
    public byte[] Rent(int size) =>
        size > BlockSize ? new byte[size]
        : size <= BlockSize / 2 ? ArrayPool<byte>.Shared.Rent(size)
        : _buffers.Rent();

    public void Return(byte[] buffer)
    {
        if (buffer.Length == BlockSize)
        {
            _buffers.Return(buffer);
        }
        else if (buffer.Length < BlockSize)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
