using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>Reads under way, each from where the one before it ends, in one file or the next. Each owns its buffer until it is done.</summary>
/// <param name="files">Of the source, which numbers stand for.</param>
/// <param name="open">Opens one of them.</param>
internal sealed class ReadAheadQueue(
    ReadAhead options, BufferPool buffers, IReadOnlyList<AssetFile> files, Func<int, CancellationToken, Task<IByteSource>> open)
{
    private readonly Queue<Reading> _reads = new();
    private int _file;
    private long _end;
    private int _place;
    private int _free = options.Free;

    /// <summary>Takes the read that holds a byte and drops those before it; if none holds it, all of its file are dropped.</summary>
    public async Task<Piece?> TakeAsync(int file, long offset)
    {
        while (_reads.Count > 0 && _reads.Peek().File == file && offset >= _reads.Peek().Offset)
        {
            Reading read = _reads.Peek();
            int count = await read.Count.ConfigureAwait(false);
            Leave();
            if (offset < read.Offset + count)
            {
                return new Piece(read.Buffer, read.Offset, count);
            }

            buffers.Return(read.Buffer);
        }

        await DropAsync(next => next.File == file).ConfigureAwait(false);
        return null;
    }

    /// <summary>Forgets what was read of the files in front of one: before that one is opened, and those are closed.</summary>
    public Task TurnToAsync(int file) => DropAsync(next => next.File != file);

    /// <summary>Starts reads from where those under way end, or from <paramref name="next"/> of a file where there are none.</summary>
    public void Fill(int file, IByteSource source, long next, CancellationToken cancellation)
    {
        (_file, _end) = _reads.Count == 0 ? (file, next) : (_file, _end);
        while (_reads.Count < options.Buffers)
        {
            if (_end >= files[_file].Length)
            {
                if (FindNext() is not int small)
                {
                    return;
                }

                (_file, _end) = (small, 0);
            }

            if (!TryEnter(out bool isFree))
            {
                return;
            }

            byte[] buffer = buffers.Rent();
            (int from, long offset) = (_file, _end);
            Task<int> count = Task.Run(() => from == file
                ? source.ReadAsync(offset, buffer, 0, buffer.Length, cancellation)
                : ReadWholeAsync(from, buffer, cancellation));
            _reads.Enqueue(new Reading(from, offset, buffer, count, isFree));
            _end += buffer.Length;
        }
    }

    /// <summary>Waits for all and forgets what they read.</summary>
    public Task DropAsync() => DropAsync(_ => true);

    private async Task DropAsync(Func<Reading, bool> isUnwanted)
    {
        while (_reads.Count > 0 && isUnwanted(_reads.Peek()))
        {
            Reading read = _reads.Peek();
            try
            {
                await read.Count.ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Nobody has asked for these bytes; who does gets the error.
            }

            Leave();
            buffers.Return(read.Buffer);
        }
    }

    /// <summary>The next file that is wanted, if a buffer holds all of it: what of a larger one is wanted is not known here.</summary>
    private int? FindNext()
    {
        int found = Array.IndexOf(options.Files, _file, _place);
        _place = found < 0 ? Math.Max(0, Array.IndexOf(options.Files, _file)) : found;
        int next = _place + 1;
        return next < options.Files.Length && files[options.Files[next]].Length <= buffers.Size ? options.Files[next] : null;
    }

    private async Task<int> ReadWholeAsync(int file, byte[] buffer, CancellationToken cancellation)
    {
        using IByteSource source = await open(file, cancellation).ConfigureAwait(false);
        return await source.ReadAsync(0, buffer, 0, (int)files[file].Length, cancellation).ConfigureAwait(false);
    }

    private bool TryEnter(out bool isFree)
    {
        isFree = _free > 0;
        if (isFree)
        {
            _free--;
            return true;
        }

        return options.Gate is null || options.Gate.TryEnter(buffers.Size);
    }

    private void Leave()
    {
        if (_reads.Dequeue().IsFree)
        {
            _free++;
            return;
        }

        options.Gate?.Leave(buffers.Size);
    }

    /// <param name="Count">Bytes that were read.</param>
    /// <param name="IsFree">Did not ask the gate.</param>
    private readonly record struct Reading(int File, long Offset, byte[] Buffer, Task<int> Count, bool IsFree);
}
