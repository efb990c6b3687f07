using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>Blocks that the service fetches by itself (Put Block From URL), each read and staged here where it refuses.</summary>
internal sealed partial class BlobOutputFile
{
    private bool _hasCopies;

    /// <summary>In blocks no longer than others, so that one that the service refuses can be read and staged as any other.</summary>
    public async Task CopyAsync(IServerReadable source, long offset, long length, ServerCopies copies, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (length > 0)
        {
            int part = (int)Math.Min(length, _blockSize);
            if (HasRoomToCopy(part))
            {
                await StartCopyAsync(source, offset, part, copies, cancellation).ConfigureAwait(false);
            }
            else
            {
                copies.Refuse($"'{_path}' would have more blocks than the service takes");
                await ReadThroughAsync(source, offset, part, cancellation).ConfigureAwait(false);
            }

            offset += part;
            length -= part;
        }
    }

    /// <summary>Every block of the rest may be a full one of its own, and one before and one behind this range shorter than that.</summary>
    private bool HasRoomToCopy(int length) =>
        _ids.Count + 3 + ((_length - _position - length + _blockSize - 1) / _blockSize) <= MaxBlocks;

    private async Task StartCopyAsync(IServerReadable source, long offset, int length, ServerCopies copies, CancellationToken cancellation)
    {
        if (_filled > 0)
        {
            await StageAsync(cancellation).ConfigureAwait(false);
        }

        await CheckEndedAsync().ConfigureAwait(false);
        await _budget.TakeAsync(cancellation).ConfigureAwait(false);
        string id = IdOf(_ids.Count);
        _ids.Add(id);
        _position += length;
        _hasCopies = true;
        _staging.Add(CopyBlockAsync(id, source, offset, length, copies));
    }

    private async Task CopyBlockAsync(string id, IServerReadable source, long offset, int length, ServerCopies copies)
    {
        try
        {
            if (await TryFetchAsync(id, source, offset, length, copies).ConfigureAwait(false))
            {
                copies.Add(length);
                return;
            }

            byte[] block = _budget.Rent(_blockSize);
            try
            {
                await ReadAsync(source, offset, block, length, _stop.Token).ConfigureAwait(false);
                await PutAsync(id, block, length).ConfigureAwait(false);
            }
            finally
            {
                _budget.Return(block);
            }
        }
        finally
        {
            _budget.Give();
        }
    }

    /// <summary>Put Block From URL. What fails for the destination's sake fails again where the bytes are put, and is told then.</summary>
    private async Task<bool> TryFetchAsync(string id, IServerReadable source, long offset, int length, ServerCopies copies)
    {
        if (copies.Refusal is not null)
        {
            return false;
        }

        if (await source.FindAddressAsync(_stop.Token).ConfigureAwait(false) is not ServerAddress address)
        {
            copies.Refuse("no service can read the source by itself");
            return false;
        }

        var options = new StageBlockFromUriOptions
        {
            SourceRange = new HttpRange(offset, length),
            SourceConditions = address.ETag is null ? null : new RequestConditions { IfMatch = new ETag(address.ETag) },
            SourceAuthentication = address.BearerToken is null ? null : new HttpAuthorization("Bearer", address.BearerToken),
        };
        try
        {
            await EnsureContainerAsync(() => _blob.StageBlockFromUriAsync(address.Uri, id, options, _stop.Token)).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            copies.Refuse($"the service did not fetch '{source.Path}': {BlobErrors.Writing(e, null).Message}");
            return false;
        }
    }

    private async Task ReadThroughAsync(IByteSource source, long offset, int length, CancellationToken cancellation)
    {
        byte[] buffer = _budget.Rent(_blockSize);
        try
        {
            await ReadAsync(source, offset, buffer, length, cancellation).ConfigureAwait(false);
            await WriteAsync(buffer, 0, length, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _budget.Return(buffer);
        }
    }

    private static async Task ReadAsync(IByteSource source, long offset, byte[] buffer, int length, CancellationToken cancellation)
    {
        int read = await source.ReadAsync(offset, buffer, 0, length, cancellation).ConfigureAwait(false);
        if (read != length)
        {
            throw new PackagingException("SourceChanged", $"it has {source.Length} bytes, {length} were expected from here", source.Path, offset);
        }
    }
}
