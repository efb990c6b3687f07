using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>
/// What one lane writes, in order. Literal bytes and small ranges gather in a buffer; runs that are changed on their way are changed beside each other, and
/// beside what is read and written, for one processor encrypts no faster than a disk writes.
/// </summary>
internal sealed class LaneOutput(TransferRun run) : IDisposable
{
    /// <summary>Files that are written to their end and become visible while the next are begun, where bytes are changed on their way.</summary>
    private const int MaxClosing = 2;

    /// <summary>The same in a remote store, whose answers take long to come; and the bytes that they may have together.</summary>
    private const int MaxClosingAfar = 8;
    private const int MaxBytesClosingAfar = 4 << 20;

    private readonly Queue<(IOutputFile File, Task Commit)> _closing = new();
    private LanePiece _piece = new(run.Gathering.Rent());
    private TransformChain? _chain;
    private Task _writing = Task.CompletedTask;
    private bool _hasChanged;

    /// <summary>Null between two files.</summary>
    public IOutputFile? File { get; private set; }

    public void Open(IOutputFile file) => File = file;

    /// <summary>Makes a file visible when all of it is written.</summary>
    public async Task CloseAsync(OutputFile file, bool isKept, CancellationToken cancellation)
    {
        await EndPieceAsync(cancellation).ConfigureAwait(false);
        IOutputFile written = File!;
        _closing.Enqueue((written, CommitAsync(_writing, file, written, isKept, cancellation)));
        File = null;
        int afar = run.IsRemote ? (int)Math.Min(MaxClosingAfar, MaxBytesClosingAfar / Math.Max(1, file.Length)) : 0;
        await AwaitCommitsAsync(Math.Max(afar, _hasChanged ? MaxClosing : 0)).ConfigureAwait(false);
    }

    /// <summary>Waits until all files are visible.</summary>
    public Task FinishAsync() => AwaitCommitsAsync(0);

    /// <summary>Changes what comes next, up to the next call.</summary>
    /// <param name="transform">Disposed when it is done; null for bytes that stay as they are.</param>
    /// <param name="dropped">Bytes from the run's start that need not be written.</param>
    public async Task BeginAsync(ByteTransform? transform, long dropped, CancellationToken cancellation)
    {
        if (_chain is not null)
        {
            await EndPieceAsync(cancellation).ConfigureAwait(false);
            _chain.End();
        }

        _chain = transform is null ? null : new TransformChain(transform, dropped);
        _hasChanged |= _chain is not null;
    }

    public async Task WriteAsync(byte[] bytes, int index, int count, CancellationToken cancellation)
    {
        if (_chain is null && count > _piece.Room)
        {
            await EndPieceAsync(cancellation).ConfigureAwait(false);
        }

        if (_chain is null && _piece.Count == 0 && count >= _piece.Room)
        {
            await _writing.ConfigureAwait(false);
            await File!.WriteAsync(bytes, index, count, cancellation).ConfigureAwait(false);
            run.Wrote(count);
            return;
        }

        while (count > 0)
        {
            int taken = Math.Min(count, _piece.Room);
            _piece.Add(bytes, index, taken, _chain);
            index += taken;
            count -= taken;
            if (_piece.Room == 0)
            {
                await EndPieceAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until all that was given is written.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await EndPieceAsync(cancellation).ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
    }

    /// <summary>Waits for what is under way, and never throws: before it is disposed where something failed.</summary>
    public Task SettleAsync() => Task.WhenAny(Task.WhenAll(_closing.Select(closing => closing.Commit).Append(_writing)));

    public void Dispose()
    {
        foreach ((IOutputFile file, _) in _closing)
        {
            file.Dispose();
        }

        File?.Dispose();
        _chain?.End();
        run.Gathering.Return(_piece.Buffer);
    }

    private async Task AwaitCommitsAsync(int left)
    {
        while (_closing.Count > left)
        {
            await _closing.Peek().Commit.ConfigureAwait(false);
            _closing.Dequeue().File.Dispose();
        }
    }

    /// <summary>Where nothing was ever changed, bytes are written at once; otherwise when those of this piece are changed and those before them are written.</summary>
    private async Task EndPieceAsync(CancellationToken cancellation)
    {
        if (_piece.Count == 0)
        {
            return;
        }

        if (!_hasChanged)
        {
            await File!.WriteAsync(_piece.Buffer, _piece.Start, _piece.Count, cancellation).ConfigureAwait(false);
            run.Wrote(_piece.Count);
            _piece = new LanePiece(_piece.Buffer);
            return;
        }

        if (_writing.IsFaulted || _writing.IsCanceled)
        {
            await _writing.ConfigureAwait(false);
        }

        await run.PiecesUnderWay.WaitAsync(cancellation).ConfigureAwait(false);
        LanePiece piece = _piece;
        _piece = new LanePiece(run.Gathering.Rent());
        Task changed = piece.Chain?.ApplyAsync(piece) ?? Task.CompletedTask;
        _writing = WriteAsync(_writing, changed, piece, File!, cancellation);
    }

    private async Task WriteAsync(Task before, Task changed, LanePiece piece, IOutputFile file, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(before, changed).ConfigureAwait(false);
            if (piece.Count > 0)
            {
                await file.WriteAsync(piece.Buffer, piece.Start, piece.Count, cancellation).ConfigureAwait(false);
                run.Wrote(piece.Count);
            }
        }
        finally
        {
            run.Gathering.Return(piece.Buffer);
            run.PiecesUnderWay.Release();
        }
    }

    private async Task CommitAsync(Task before, OutputFile file, IOutputFile written, bool isKept, CancellationToken cancellation)
    {
        await before.ConfigureAwait(false);
        await run.CommitAsync(file, written, isKept, cancellation).ConfigureAwait(false);
    }
}
