using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>Output files that are written one after the other. Literal bytes and small ranges gather in a buffer.</summary>
internal sealed class Lane : IDisposable
{
    private readonly TransferRun _run;
    private readonly IEnumerator<OutputFile> _files;
    private readonly bool _isKept;
    private byte[] _buffer;
    private byte[]? _spare;
    private Task _writing = Task.CompletedTask;
    private IEnumerator<Extent>? _extents;
    private IOutputFile? _output;
    private int _buffered;
    private long _written;
    private long _skip;
    private ByteTransform? _transform;
    private int _pending;
    private long _discard;

    /// <param name="isKept">Keep what is written where the run ends early: media, but no manifests.</param>
    public Lane(TransferRun run, IEnumerable<OutputFile> files, bool isKept)
    {
        _run = run;
        _isKept = isKept;
        _files = files.GetEnumerator();
        _buffer = run.Gathering.Rent();
    }

    /// <summary>False when every file is committed.</summary>
    public bool HasSource { get; private set; }

    /// <summary>Source file of the bytes that come next.</summary>
    public int File { get; private set; }

    /// <summary>Where they start.</summary>
    public long Offset { get; private set; }

    /// <summary>How many there are.</summary>
    public long Remaining { get; private set; }

    /// <summary>Ranges of it were copied without reading them: what lies behind a range that is read is not likely to be wanted.</summary>
    public bool HasCopied { get; private set; }

    /// <summary>Writes what needs no source, up to the next source range or the end of all files.</summary>
    public async Task AdvanceAsync(CancellationToken cancellation)
    {
        while (Remaining == 0)
        {
            if (_extents is null && !await BeginFileAsync(cancellation).ConfigureAwait(false))
            {
                HasSource = false;
                return;
            }

            if (!_extents!.MoveNext())
            {
                await EndFileAsync(cancellation).ConfigureAwait(false);
                continue;
            }

            Extent extent = _extents.Current;
            if (extent.Transform != _transform)
            {
                BeginRun(extent.Transform);
            }

            long skipped = Math.Min(_skip, extent.Length);
            _skip -= skipped;
            if (extent.Literal is not null)
            {
                await WriteAsync(extent.Literal, (int)skipped, extent.Literal.Length - (int)skipped, cancellation).ConfigureAwait(false);
                continue;
            }

            (File, Offset, Remaining) = (extent.File, extent.Offset + skipped, extent.Length - skipped);
        }

        HasSource = true;
    }

    /// <summary>Takes bytes of the source range that comes next.</summary>
    public async Task TakeAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        await WriteAsync(buffer, index, count, cancellation).ConfigureAwait(false);
        Offset += count;
        Remaining -= count;
    }

    /// <summary>Has the rest of the source range that comes next copied without reading it; false where its bytes change on their way, or the output's store cannot do that.</summary>
    public async Task<bool> TryCopyAsync(IServerReadable source, ServerCopies copies, CancellationToken cancellation)
    {
        if (_transform is not null || _output is not IServerCopyFile output)
        {
            return false;
        }

        await FlushAsync(cancellation).ConfigureAwait(false);
        await output.CopyAsync(source, Offset, Remaining, copies, cancellation).ConfigureAwait(false);
        Count(Remaining);
        Offset += Remaining;
        Remaining = 0;
        HasCopied = true;
        return true;
    }

    /// <summary>Waits for what is being written, and never throws: before it is disposed where something failed.</summary>
    public Task SettleAsync() => Task.WhenAny(_writing);

    public void Dispose()
    {
        _extents?.Dispose();
        _files.Dispose();
        _output?.Dispose();
        _transform?.Dispose();
        _run.Gathering.Return(_buffer);
        if (_spare is not null)
        {
            _run.Gathering.Return(_spare);
        }
    }

    private async Task<bool> BeginFileAsync(CancellationToken cancellation)
    {
        while (_files.MoveNext())
        {
            OutputFile file = _files.Current;
            if (_run.IsCommitted(file))
            {
                _run.Reuse(file.Length);
                continue;
            }

            _output = await _run.CreateAsync(file, _isKept, cancellation).ConfigureAwait(false);
            _extents = file.Extents.GetEnumerator();
            _written = _skip = _output.StagedLength;
            _run.Reuse(_skip);
            return true;
        }

        return false;
    }

    /// <summary>A transform starts at its run's first byte: where an earlier run has staged a part of that, the same bytes come out again and are dropped.</summary>
    private void BeginRun(ByteTransform? transform)
    {
        _transform?.Dispose();
        _transform = transform;
        if (transform is not null && _skip < transform.Length)
        {
            _discard = _skip;
            _skip = 0;
        }
    }

    private async Task EndFileAsync(CancellationToken cancellation)
    {
        BeginRun(null);
        await FlushAsync(cancellation).ConfigureAwait(false);
        OutputFile file = _files.Current;
        if (_written != file.Length)
        {
            throw new InvalidOperationException($"The plan of '{file.Path}' promised {file.Length} bytes and gave {_written}.");
        }

        await _run.CommitAsync(file, _output!, _isKept, cancellation).ConfigureAwait(false);
        _output!.Dispose();
        _output = null;
        _extents!.Dispose();
        _extents = null;
    }

    private async Task WriteAsync(byte[] bytes, int index, int count, CancellationToken cancellation)
    {
        if (_transform is not null)
        {
            await WriteTransformedAsync(bytes, index, count, cancellation).ConfigureAwait(false);
            return;
        }

        if (_buffered + count > _buffer.Length)
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
        }

        if (count >= _buffer.Length)
        {
            await _output!.WriteAsync(bytes, index, count, cancellation).ConfigureAwait(false);
            Count(count);
            return;
        }

        System.Buffer.BlockCopy(bytes, index, _buffer, _buffered, count);
        _buffered += count;
    }

    /// <summary>What was read is shared with other lanes, so it is changed in the lane's own buffer; bytes that wait for more stay at its end.</summary>
    private async Task WriteTransformedAsync(byte[] bytes, int index, int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_buffered + _pending == _buffer.Length)
            {
                await FlushAsync(cancellation).ConfigureAwait(false);
            }

            int taken = Math.Min(count, _buffer.Length - _buffered - _pending);
            System.Buffer.BlockCopy(bytes, index, _buffer, _buffered + _pending, taken);
            _pending += taken;
            index += taken;
            count -= taken;
            int done = _transform!.Apply(_buffer, _buffered, _pending);
            int dropped = (int)Math.Min(_discard, done);
            _discard -= dropped;
            _pending -= done;
            if (dropped > 0)
            {
                System.Buffer.BlockCopy(_buffer, _buffered + dropped, _buffer, _buffered, done - dropped + _pending);
            }

            _buffered += done - dropped;
        }
    }

    /// <summary>Bytes that are changed on their way are written while the next are changed: each keeps a processor busy.</summary>
    private async Task FlushAsync(CancellationToken cancellation)
    {
        await _writing.ConfigureAwait(false);
        if (_buffered == 0)
        {
            return;
        }

        IOutputFile output = _output!;
        (byte[] full, int count) = (_buffer, _buffered);
        if (_transform is null)
        {
            await output.WriteAsync(full, 0, count, cancellation).ConfigureAwait(false);
        }
        else
        {
            _spare ??= _run.Gathering.Rent();
            (_buffer, _spare) = (_spare, full);
            System.Buffer.BlockCopy(full, count, _buffer, 0, _pending);
            _writing = Task.Run(() => output.WriteAsync(full, 0, count, cancellation), CancellationToken.None);
        }

        Count(count);
        _buffered = 0;
    }

    private void Count(long bytes)
    {
        _written += bytes;
        _run.Wrote(bytes);
    }
}
