namespace AmsMigration.Packaging.Transfer;

/// <summary>
/// Memory that transfers share, so that it stays where it is however many go on beside each other. Who asks gets it in turn; who wants more than there is gets it
/// when nobody else has any. Safe for use by several threads.
/// </summary>
public sealed class MemoryGate
{
    private readonly LinkedList<Waiting> _waiting = new();
    private readonly WeakReference<BufferPool?> _buffers = new(null);
    private readonly long _bytes;
    private readonly int _bufferSize;
    private long _used;

    /// <param name="bytes">So much in all.</param>
    /// <param name="bufferSize">Bytes of the buffers that go from one transfer to the next; see <see cref="TransferOptions.BufferSize"/>.</param>
    public MemoryGate(long bytes, int bufferSize)
    {
        _bytes = bytes;
        _bufferSize = bufferSize;
    }

    /// <summary>Bytes that somebody has.</summary>
    public long Used
    {
        get
        {
            lock (_waiting)
            {
                return _used;
            }
        }
    }

    /// <summary>For those who have their bytes of the gate. The garbage collector's to take when nobody holds it: a session may stay open for days.</summary>
    internal BufferPool Buffers
    {
        get
        {
            lock (_waiting)
            {
                if (!_buffers.TryGetTarget(out BufferPool? buffers))
                {
                    _buffers.SetTarget(buffers = new BufferPool(_bufferSize));
                }

                return buffers!;
            }
        }
    }

    /// <summary>Waits for memory. Whoever gets it gives it back by <see cref="Leave"/>.</summary>
    public async Task EnterAsync(long bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiting = new Waiting(bytes);
        lock (_waiting)
        {
            _waiting.AddLast(waiting);
            LetIn();
        }

        using (cancellation.Register(() => Forget(waiting)))
        {
            await waiting.Entered.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Takes memory if there is enough at once, and nobody waits for some.</summary>
    public bool TryEnter(long bytes)
    {
        lock (_waiting)
        {
            if (_waiting.Count > 0 || _used + bytes > _bytes)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Gives back what was entered with.</summary>
    public void Leave(long bytes)
    {
        lock (_waiting)
        {
            _used -= bytes;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_waiting.First?.Value is Waiting first && (_used == 0 || _used + first.Bytes <= _bytes))
        {
            _waiting.RemoveFirst();
            _used += first.Bytes;
            first.Entered.SetResult(true);
        }
    }

    private void Forget(Waiting waiting)
    {
        lock (_waiting)
        {
            if (_waiting.Remove(waiting))
            {
                waiting.Entered.SetCanceled();
                LetIn();
            }
        }
    }

    private sealed class Waiting(long bytes)
    {
        public long Bytes { get; } = bytes;

        public TaskCompletionSource<bool> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
