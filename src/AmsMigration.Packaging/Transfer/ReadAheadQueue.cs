using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>Reads under way, each from where the one before it ends. Each owns its buffer until it is done.</summary>
/// <param name="gate">Shared with other queues: a read is begun only where it lets one in at once, for whoever asks can read by himself; null for no limit.</param>
internal sealed class ReadAheadQueue(BufferPool buffers, int depth, SemaphoreSlim? gate = null)
{
    private readonly Queue<(long Offset, byte[] Buffer, Task<int> Read)> _reads = new();
    private long _end;

    /// <summary>Takes the read that holds a byte and drops those before it; if none holds it, all are dropped.</summary>
    public async Task<Piece?> TakeAsync(long offset)
    {
        while (_reads.Count > 0 && offset >= _reads.Peek().Offset)
        {
            (long start, byte[] buffer, Task<int> read) = _reads.Peek();
            int count = await read.ConfigureAwait(false);
            Leave();
            if (offset < start + count)
            {
                return new Piece(buffer, start, count);
            }

            buffers.Return(buffer);
        }

        await DropAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Starts reads from where those under way end, or from <paramref name="next"/> where there are none.</summary>
    public void Fill(IByteSource source, long next, CancellationToken cancellation)
    {
        _end = _reads.Count == 0 ? next : _end;
        while (_reads.Count < depth && _end < source.Length && (gate is null || gate.Wait(0)))
        {
            byte[] buffer = buffers.Rent();
            long offset = _end;
            _reads.Enqueue((offset, buffer, Task.Run(() => source.ReadAsync(offset, buffer, 0, buffer.Length, cancellation))));
            _end += buffer.Length;
        }
    }

    /// <summary>Waits for all and forgets what they read.</summary>
    public async Task DropAsync()
    {
        while (_reads.Count > 0)
        {
            (_, byte[] buffer, Task<int> read) = _reads.Peek();
            try
            {
                await read.ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Nobody has asked for these bytes; who does gets the error.
            }

            Leave();
            buffers.Return(buffer);
        }
    }

    private void Leave()
    {
        _reads.Dequeue();
        gate?.Release();
    }
}
