using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>
/// A blob in blocks, several of them on their way at once. The id of a block says which content it belongs to and which part it is, so that a later run finds
/// what a dead one has staged (Put Block, Put Block List). Not for use by several threads.
/// </summary>
internal sealed partial class BlobOutputFile : IServerCopyFile
{
    private const int MaxBlocks = 50_000;

    /// <summary>Bytes that lie in memory at once, and half of what the service takes.</summary>
    private const int MaxBlockSize = 2000 << 20;
    private const int FingerprintLength = 32;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly BlobPlace _place;
    private readonly BlockBlobClient _blob;
    private readonly string _path;
    private readonly long _length;
    private readonly string _contentType;
    private readonly string _fingerprint;
    private readonly BlockBudget _budget;
    private readonly int _blockSize;
    private readonly List<Task> _staging = [];
    private readonly List<string> _ids = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly CancellationTokenSource _stop = new();
    private byte[]? _block;
    private byte[]? _contentHash;
    private int _filled;
    private long _position;

    public BlobOutputFile(BlobPlace place, string path, long length, string contentType, string? fingerprint, BlockBudget budget)
    {
        _place = place;
        _blob = place.BlockBlob(path);
        _path = path;
        _length = length;
        _contentType = contentType;
        _fingerprint = (fingerprint ?? Guid.NewGuid().ToString("N")).Substring(0, FingerprintLength);
        _budget = budget;

        _blockSize = BlockSizeOf(path, length);
    }

    /// <summary>Bytes of each block but the last: a function of the length alone, because blocks of an earlier run have to fit.</summary>
    /// <exception cref="PackagingException"><c>OutputTooLarge</c>: so many blocks as a blob may have cannot hold it.</exception>
    public static int BlockSizeOf(string path, long length)
    {
        long needed = ((length + MaxBlocks - 1) / MaxBlocks) + (1 << 20) - 1;
        long size = Math.Max(BlockBudget.BlockSize, needed >> 20 << 20);
        return size <= MaxBlockSize
            ? (int)size
            : throw new PackagingException("OutputTooLarge", $"{length} bytes do not fit the {MaxBlocks} blocks that a blob may have", path);
    }

    public long StagedLength { get; private set; }

    public async Task WriteAsync(byte[] buffer, int index, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _hash.AppendData(buffer, index, count);
        while (count > 0)
        {
            if (_block is not null && _filled == Math.Min(_blockSize, _block.Length))
            {
                await StageAsync(cancellation).ConfigureAwait(false);
            }

            _block ??= _budget.Rent((int)Math.Min(_blockSize, Math.Max(_length - _position, count)));
            int taken = Math.Min(count, Math.Min(_blockSize, _block.Length) - _filled);
            Buffer.BlockCopy(buffer, index, _block, _filled, taken);
            _filled += taken;
            _position += taken;
            index += taken;
            count -= taken;
        }
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (_ids.Count == 0)
            {
                await UploadWholeAsync(cancellation).ConfigureAwait(false);
                return;
            }

            if (_filled > 0)
            {
                await StageAsync(cancellation).ConfigureAwait(false);
            }

            await Task.WhenAll(_staging).ConfigureAwait(false);
            await _blob.CommitBlockListAsync(_ids, new CommitBlockListOptions { HttpHeaders = Headers() }, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Writing(e, _path);
        }
    }

    /// <summary>Blocks on their way are what the next run goes on from, so they get a little time to arrive; then they are stopped.</summary>
    public void Dispose()
    {
        Task[] staging = [.. _staging];
        try
        {
            if (!Task.WaitAll(staging, _patience))
            {
                _stop.Cancel();
                Task.WaitAll(staging);
            }
        }
        catch (AggregateException)
        {
            // Whoever writes was told, or nobody asks any more.
        }

        if (_block is not null)
        {
            _budget.Return(_block);
            _block = null;
        }

        _stop.Dispose();
        _hash.Dispose();
    }

    /// <summary>Looks for blocks that an earlier run has staged, from the first on without a gap.</summary>
    internal async Task FindStagedAsync(CancellationToken cancellation)
    {
        if (_length <= _blockSize)
        {
            return;
        }

        try
        {
            BlockList list = await _blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellation).ConfigureAwait(false);
            Dictionary<string, long> staged = list.UncommittedBlocks.ToDictionary(block => block.Name, block => block.SizeLong, StringComparer.Ordinal);
            for (long start = 0; start < _length && staged.TryGetValue(IdOf(_ids.Count), out long size); start += _blockSize)
            {
                if (size != Math.Min(_blockSize, _length - start))
                {
                    break;
                }

                _ids.Add(IdOf(_ids.Count));
                StagedLength += size;
                _position += size;
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Nothing was staged.
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Writing(e, _path);
        }
    }

    private async Task StageAsync(CancellationToken cancellation)
    {
        await CheckEndedAsync().ConfigureAwait(false);
        byte[] block = _block!;
        int length = _filled;
        (_block, _filled) = (null, 0);
        string id = IdOf(_ids.Count);
        await _budget.TakeAsync(cancellation).ConfigureAwait(false);
        _ids.Add(id);
        _staging.Add(StageAsync(id, block, length));
    }

    /// <summary>What went wrong with a block ends the file at the next one, not after hours.</summary>
    private async Task CheckEndedAsync()
    {
        foreach (Task ended in _staging.FindAll(task => task.IsCompleted))
        {
            _staging.Remove(ended);
            try
            {
                await ended.ConfigureAwait(false);
            }
            catch (Exception e) when (BlobErrors.IsStorage(e))
            {
                throw BlobErrors.Writing(e, _path);
            }
        }
    }

    private async Task StageAsync(string id, byte[] block, int length)
    {
        try
        {
            await PutAsync(id, block, length).ConfigureAwait(false);
        }
        finally
        {
            _budget.Return(block);
            _budget.Give();
        }
    }

    private async Task PutAsync(string id, byte[] block, int length)
    {
        try
        {
            await EnsureContainerAsync(
                async () =>
                {
                    using var content = new MemoryStream(block, 0, length, writable: false);
                    var options = new BlockBlobStageBlockOptions { TransferValidation = Checked() };
                    await _blob.StageBlockAsync(id, content, options, _stop.Token).ConfigureAwait(false);
                }).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (BlobErrors.Is(e, BlobErrorCode.InvalidBlobOrBlock, "InvalidBlockId"))
        {
            throw new PackagingException(
                "OutputUnwritable", "another tool has staged blocks here under ids of another length; delete the blob, or convert to another place", _path, inner: e);
        }
    }

    /// <summary>What fits one block goes over in one request.</summary>
    private async Task UploadWholeAsync(CancellationToken cancellation)
    {
        await EnsureContainerAsync(async () =>
        {
            using var content = new MemoryStream(_block ?? [], 0, _filled, writable: false);
            var options = new BlobUploadOptions { HttpHeaders = Headers(), TransferValidation = Checked() };
            await _blob.UploadAsync(content, options, cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task EnsureContainerAsync(Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (BlobErrors.Is(e, BlobErrorCode.ContainerNotFound))
        {
            await _place.CreateContainerAsync(_stop.Token).ConfigureAwait(false);
            await write().ConfigureAwait(false);
        }
    }

    /// <summary>The checksum of the whole is known only where the whole came by here, in one run.</summary>
    private BlobHttpHeaders Headers() => new()
    {
        ContentType = _contentType.Length == 0 ? "application/octet-stream" : _contentType,
        CacheControl = CacheControl.Of(_path),
        ContentHash = _contentHash ??= StagedLength == 0 && !_hasCopies ? _hash.GetHashAndReset() : null,
    };

    /// <summary>Each request with a checksum of what it carries. Not so without TLS: that is the emulator, which refuses CRC64, and on this machine.</summary>
    private UploadTransferValidationOptions Checked() => new()
    {
        ChecksumAlgorithm = _blob.Uri.Scheme == Uri.UriSchemeHttps ? StorageChecksumAlgorithm.StorageCrc64 : StorageChecksumAlgorithm.None,
    };

    private string IdOf(int index) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(_fingerprint + index.ToString("D6", CultureInfo.InvariantCulture)));
}
