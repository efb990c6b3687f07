using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Transfer;

/// <summary>Output files that are written one after the other, and what each wants next of the source.</summary>
internal sealed class Lane : IDisposable
{
    private readonly TransferRun _run;
    private readonly IEnumerator<OutputFile> _files;
    private readonly bool _isKept;
    private readonly LaneOutput _output;
    private IEnumerator<Extent>? _extents;
    private ByteTransform? _transform;
    private long _position;
    private long _skip;

    /// <param name="isKept">Keep what is written where the run ends early: media, but no manifests.</param>
    public Lane(TransferRun run, IEnumerable<OutputFile> files, bool isKept)
    {
        _run = run;
        _isKept = isKept;
        _files = files.GetEnumerator();
        _output = new LaneOutput(run);
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
                await _output.FinishAsync().ConfigureAwait(false);
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
                await BeginRunAsync(extent.Transform, cancellation).ConfigureAwait(false);
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
        if (_transform is not null || _output.File is not IServerCopyFile output)
        {
            return false;
        }

        await _output.FlushAsync(cancellation).ConfigureAwait(false);
        await output.CopyAsync(source, Offset, Remaining, copies, cancellation).ConfigureAwait(false);
        _run.Wrote(Remaining);
        _position += Remaining;
        Offset += Remaining;
        Remaining = 0;
        HasCopied = true;
        return true;
    }

    /// <summary>Waits for what is being written, and never throws: before it is disposed where something failed.</summary>
    public Task SettleAsync() => _output.SettleAsync();

    public void Dispose()
    {
        _extents?.Dispose();
        _files.Dispose();
        _output.Dispose();
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

            IOutputFile output = await _run.CreateAsync(file, _isKept, cancellation).ConfigureAwait(false);
            _output.Open(output);
            _extents = file.Extents.GetEnumerator();
            _position = _skip = output.StagedLength;
            _run.Reuse(_skip);
            return true;
        }

        return false;
    }

    /// <summary>A transform starts at its run's first byte: where an earlier run has staged a part of that, the same bytes come out again and are dropped.</summary>
    private Task BeginRunAsync(ByteTransform? transform, CancellationToken cancellation)
    {
        long dropped = transform is not null && _skip < transform.Length ? _skip : 0;
        _position -= dropped;
        _skip -= dropped;
        _transform = transform;
        return _output.BeginAsync(transform, dropped, cancellation);
    }

    private async Task EndFileAsync(CancellationToken cancellation)
    {
        await BeginRunAsync(null, cancellation).ConfigureAwait(false);
        OutputFile file = _files.Current;
        if (_position != file.Length)
        {
            throw new InvalidOperationException($"The plan of '{file.Path}' promised {file.Length} bytes and gave {_position}.");
        }

        await _output.CloseAsync(file, _isKept, cancellation).ConfigureAwait(false);
        _extents!.Dispose();
        _extents = null;
    }

    private Task WriteAsync(byte[] bytes, int index, int count, CancellationToken cancellation)
    {
        _position += count;
        return _output.WriteAsync(bytes, index, count, cancellation);
    }
}
