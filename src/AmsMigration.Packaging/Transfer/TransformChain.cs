using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Transfer;

/// <summary>One run of bytes that a transform changes, a buffer after the other; other runs may be changed beside it.</summary>
/// <param name="transform">Disposed with it.</param>
/// <param name="dropped">Bytes from the run's start that an earlier transfer has written: they are needed to go on from, and not to be written again.</param>
internal sealed class TransformChain(ByteTransform transform, long dropped)
{
    /// <summary>Room in front of what a buffer takes, for bytes that had to wait for those behind them.</summary>
    public const int Headroom = BlockMode.BlockSize;

    private readonly byte[] _waiting = new byte[Headroom];
    private int _waitingCount;
    private long _dropped = dropped;
    private Task _last = Task.CompletedTask;

    public ByteTransform Transform { get; } = transform;

    /// <summary>Changes a buffer when those before it are done.</summary>
    /// <returns>Done when what is left of <paramref name="piece"/> may be written.</returns>
    public Task ApplyAsync(LanePiece piece) => _last = ApplyAsync(_last, piece);

    /// <summary>Nothing comes after what it was given.</summary>
    public void End() => _ = _last.ContinueWith(_ => Transform.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private async Task ApplyAsync(Task before, LanePiece piece)
    {
        await before.ConfigureAwait(false);
        await Task.Run(() => Apply(piece)).ConfigureAwait(false);
    }

    private void Apply(LanePiece piece)
    {
        int from = piece.Changed - _waitingCount;
        Buffer.BlockCopy(_waiting, 0, piece.Buffer, from, _waitingCount);
        int done = Transform.Apply(piece.Buffer, from, piece.End - from);
        _waitingCount = piece.End - from - done;
        Buffer.BlockCopy(piece.Buffer, from + done, _waiting, 0, _waitingCount);
        int kept = (int)Math.Max(0, done - _dropped);
        _dropped -= done - kept;
        piece.SetResult(done - kept + from, from + done);
    }
}
