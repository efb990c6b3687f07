using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>A range of a file that is played.</summary>
/// <param name="Length">Bytes, without what pads an encrypted segment.</param>
internal sealed record MediaPart(string Path, long Offset, long Length)
{
    /// <summary>Null where it is not encrypted as a whole.</summary>
    public SegmentKey? Key { get; init; }

    public override string ToString() => $"bytes {Offset} to {Offset + Length - 1} of '{Path}'";
}

/// <summary>What a player puts together, initialization segment and media segments, read as one file. For one reader at a time.</summary>
internal sealed class PartsSource : IByteSource
{
    private readonly OutputFiles _files;
    private readonly IReadOnlyList<MediaPart> _parts;
    private readonly long[] _starts;
    private IByteSource? _open;
    private MediaPart? _openPart;

    /// <param name="parts">None is empty.</param>
    public PartsSource(OutputFiles files, IReadOnlyList<MediaPart> parts)
    {
        _files = files;
        _parts = parts;
        _starts = new long[parts.Count + 1];
        for (int i = 0; i < parts.Count; i++)
        {
            _starts[i + 1] = _starts[i] + parts[i].Length;
        }
    }

    public string Path => _parts[0].Path;

    public long Length => _starts[_parts.Count];

    /// <summary>Where a part begins in the whole; of the number of parts, the end.</summary>
    public long StartOf(int part) => _starts[part];

    public async Task<int> ReadAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int done = 0;
        while (done < count && offset + done < Length)
        {
            int read = await ReadPartAsync(offset + done, buffer, index + done, count - done, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    public void Dispose() => _open?.Dispose();

    private async Task<int> ReadPartAsync(long offset, byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        int i = Array.BinarySearch(_starts, offset);
        i = i >= 0 ? i : ~i - 1;
        MediaPart part = _parts[i];
        if (_open is null || _openPart?.Path != part.Path || _openPart.Key != part.Key)
        {
            _open?.Dispose();
            _open = null;
            _open = await OpenAsync(part, cancellation).ConfigureAwait(false);
            _openPart = part;
        }

        long within = offset - _starts[i];
        return await _open.ReadAsync(part.Offset + within, buffer, index, (int)Math.Min(count, part.Length - within), cancellation).ConfigureAwait(false);
    }

    private async Task<IByteSource> OpenAsync(MediaPart part, CancellationToken cancellation)
    {
        IByteSource source = await _files.OpenAsync(part.Path, cancellation).ConfigureAwait(false);
        return part.Key is SegmentKey key ? key.Open(source, part.Offset) : source;
    }
}
