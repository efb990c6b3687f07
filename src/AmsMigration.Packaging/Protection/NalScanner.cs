using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Bitstreams;
using AmsMigration.Packaging.Protection.Ciphers;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;

namespace AmsMigration.Packaging.Protection;

/// <summary>
/// Finds what of each sample of H.264 and HEVC is encrypted, before anything is written: a box that tells it stands in front of the media and must have its
/// size first. On a disk that costs a small read for each NAL unit; from afar, where many small reads take longer than one large one, the file is read
/// through. Nothing is kept but the map.
/// </summary>
internal sealed class NalScanner
{
    private const int LocalWindow = 1024;
    private const int RemoteWindow = 4 << 20;
    private const int RemoteReadAhead = 2;

    /// <summary>First read of a NAL unit: holds nearly every slice header. Longer ones are read again.</summary>
    private const int HeadLength = 64;
    private const int LongHeadLength = 64 * 1024;

    private readonly Track _track;
    private readonly NalSyntax _syntax;
    private readonly bool _isCbcs;
    private readonly SourceWindow _window;
    private readonly SubsampleMap _map = new();
    private byte[] _head = new byte[HeadLength];
    private long _clear;

    private NalScanner(Track track, NalSyntax syntax, bool isCbcs, SourceWindow window)
    {
        _track = track;
        _syntax = syntax;
        _isCbcs = isCbcs;
        _window = window;
    }

    /// <exception cref="PackagingException"><c>SliceHeaderUnreadable</c>, <c>ProtectionNotPossible</c>, or what the store throws.</exception>
    public static async Task<SubsampleMap> ScanAsync(
        Track track, NalSyntax syntax, bool isCbcs, IAssetStore store, IReadOnlyList<AssetFile> files, bool isRemote, CancellationToken cancellation)
    {
        int[] wanted = [.. track.Samples.Files];
        int size = isRemote ? (int)Math.Min(RemoteWindow, wanted.Select(file => files[file].Length).DefaultIfEmpty().Max()) : LocalWindow;
        ReadAhead ahead = ReadAhead.Of(isRemote ? RemoteReadAhead : 0, RemoteWindow, size, wanted, gate: null);
        using var window = new SourceWindow(store, files, new BufferPool(size), ahead);
        var scanner = new NalScanner(track, syntax, isCbcs, window);
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            await scanner.ScanAsync(sample, cancellation).ConfigureAwait(false);
        }

        scanner._map.Trim();
        return scanner._map;
    }

    private async Task ScanAsync(SampleCursor sample, CancellationToken cancellation)
    {
        int lengthSize = _track.Descriptions[sample.Description].Codec.NalLengthSize;
        long at = 0;
        _clear = 0;
        while (sample.Size - at > lengthSize + _syntax.HeaderLength)
        {
            int count = await ReadAsync(sample, at, HeadLength, cancellation).ConfigureAwait(false);
            long length = 0;
            for (int i = 0; i < lengthSize; i++)
            {
                length = (length << 8) | _head[i];
            }

            // A length past the end is what decoders take for the rest of the sample.
            length = Math.Min(length, sample.Size - at - lengthSize);
            await TakeAsync(sample, at, lengthSize, length, count, cancellation).ConfigureAwait(false);
            at += lengthSize + length;
        }

        _clear += sample.Size - at;
        if (_clear > 0)
        {
            _map.Add(_clear, 0);
        }

        if (_map.EndSample() > SubsampleMap.MaxRuns)
        {
            throw new PackagingException(
                "ProtectionNotPossible",
                $"sample {sample.Index} of track {_track.SourceTrackId} has more than {SubsampleMap.MaxRuns} slices, which 'saiz' cannot count; nothing was written",
                _track.SourceFile,
                sample.Offset);
        }
    }

    private async Task TakeAsync(SampleCursor sample, long at, int lengthSize, long length, int count, CancellationToken cancellation)
    {
        if (length > _syntax.HeaderLength && _syntax.IsParameterSet(_head, lengthSize))
        {
            await ReadAsync(sample, at, (int)Math.Min(lengthSize + length, LongHeadLength), cancellation).ConfigureAwait(false);
            _syntax.AddParameterSet(_head, lengthSize, (int)Math.Min(length, LongHeadLength - lengthSize));
        }

        if (length <= _syntax.HeaderLength || !_syntax.IsSlice(_head, lengthSize))
        {
            _clear += lengthSize + length;
            return;
        }

        long encrypted = _isCbcs
            ? length - await FindSliceDataAsync(sample, at, lengthSize, length, count, cancellation).ConfigureAwait(false)
            : (length - _syntax.HeaderLength) / BlockMode.BlockSize * BlockMode.BlockSize;
        _clear += lengthSize + length - encrypted;
        if (encrypted > 0)
        {
            _map.Add(_clear, (uint)encrypted);
            _clear = 0;
        }
    }

    private async Task<long> FindSliceDataAsync(SampleCursor sample, long at, int lengthSize, long length, int count, CancellationToken cancellation)
    {
        int there = (int)Math.Min(count - lengthSize, length);
        int? clear = _syntax.GetClearLength(_head, lengthSize, there);
        if (clear is null && there < length)
        {
            count = await ReadAsync(sample, at, LongHeadLength, cancellation).ConfigureAwait(false);
            there = (int)Math.Min(count - lengthSize, length);
            clear = _syntax.GetClearLength(_head, lengthSize, there);
        }

        // A slice that ends inside its header has no data to protect.
        return clear ?? (there == length
            ? length
            : throw new PackagingException("SliceHeaderUnreadable", $"a slice header has more than {there} bytes", _track.SourceFile, sample.Offset + at));
    }

    /// <summary>Reads up to a number of bytes of a sample to <see cref="_head"/>.</summary>
    private async Task<int> ReadAsync(SampleCursor sample, long at, int wanted, CancellationToken cancellation)
    {
        int count = (int)Math.Min(wanted, sample.Size - at);
        if (count > _head.Length)
        {
            _head = new byte[count];
        }

        for (int done = 0; done < count;)
        {
            if (!_window.TryFind(sample.File, sample.Offset + at + done, out byte[] buffer, out int index, out int there))
            {
                await _window.LoadAsync(sample.File, sample.Offset + at + done, count - done, cancellation).ConfigureAwait(false);
                continue;
            }

            int taken = Math.Min(there, count - done);
            Buffer.BlockCopy(buffer, index, _head, done, taken);
            done += taken;
        }

        return count;
    }
}
