using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>An asset in a container, or in a folder of one. One listing tells all its files, and which version of each is read.</summary>
internal sealed class BlobAssetStore : IAssetStore, IInPlaceStore, IMetadataStore, IOutputWitness, IRemoteStore
{
    /// <summary>What accounts with a hierarchical namespace mark folders with.</summary>
    private const string FolderMark = "hdi_isfolder";

    private readonly BlobPlace _place;
    private readonly BlockBudget _budget;
    private IReadOnlyDictionary<string, string>? _metadata;
    private volatile IReadOnlyList<AssetFile>? _files;

    /// <param name="budget">For what is written beside the asset.</param>
    /// <param name="metadata">Of the container, where the listing that found it told it.</param>
    public BlobAssetStore(BlobPlace place, BlockBudget budget, IDictionary<string, string>? metadata = null)
    {
        _place = place;
        _budget = budget;
        _metadata = metadata is null ? null : new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase);
    }

    public string Name => _place.Name;

    public string Location => _place.Location;

    /// <summary>Asks the service each time: an asset may be written to between the moment that it is looked at and the one that it is converted.</summary>
    public async Task<IReadOnlyList<AssetFile>> ListAsync(CancellationToken cancellation) =>
        _files = await ReadListingAsync(cancellation).ConfigureAwait(false);

    public async Task<IByteSource> OpenAsync(string path, CancellationToken cancellation)
    {
        AssetFile file = Find(_files ?? await ListAsync(cancellation).ConfigureAwait(false), path)
            ?? throw new PackagingException("FileNotFound", "the container has no such blob", path);
        if (!RelativePath.IsAddressable(path))
        {
            throw new PackagingException("UnsafePath", "no address leads to a blob of this name: rename it to read it", path);
        }

        return new BlobByteSource(_place.Blob(path), file, _place.Credential);
    }

    public IOutputStore OpenOutput() => new BlobOutputStore(_place, _budget);

    public async Task<CommonPlace?> FindAsync(AssetFile mark, bool isDeep, CancellationToken cancellation)
    {
        string root = _place.Prefix;
        try
        {
            if (await HasAsync(root, mark, cancellation).ConfigureAwait(false))
            {
                return new CommonPlace("", "");
            }

            string above = root;
            while (isDeep && above.Length > 0)
            {
                above = above.Substring(0, above.TrimEnd('/').LastIndexOf('/') + 1);
                if (await HasAsync(above, mark, cancellation).ConfigureAwait(false))
                {
                    return new CommonPlace("", root.Substring(above.Length).TrimEnd('/'));
                }
            }
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Reading(e, null);
        }

        string end = "/" + mark.Path;
        AssetFile? found = !isDeep ? null : (await ReadListingAsync(cancellation).ConfigureAwait(false)).FirstOrDefault(
            file => file.Path.EndsWith(end, StringComparison.Ordinal) && IsSameVersion(file.ETag, mark));
        return found is null ? null : new CommonPlace(found.Path.Substring(0, found.Path.Length - end.Length), "");
    }

    public async Task<IReadOnlyDictionary<string, string>> GetMetadataAsync(CancellationToken cancellation)
    {
        if (_metadata is null)
        {
            try
            {
                BlobContainerProperties properties = await _place.Container.GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false);
                _metadata = new Dictionary<string, string>(properties.Metadata, StringComparer.OrdinalIgnoreCase);
            }
            catch (RequestFailedException e) when (e.Status == 403)
            {
                // A signature for blobs alone does not show the container's properties.
                _metadata = new Dictionary<string, string>();
            }
            catch (Exception e) when (BlobErrors.IsStorage(e))
            {
                throw BlobErrors.Reading(e, null);
            }
        }

        return _metadata;
    }

    public async Task SetMetadataAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellation)
    {
        try
        {
            BlobContainerProperties properties = await _place.Container.GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false);
            var metadata = new Dictionary<string, string>(properties.Metadata, StringComparer.OrdinalIgnoreCase);
            foreach (KeyValuePair<string, string?> change in changes)
            {
                if (change.Value is null)
                {
                    metadata.Remove(change.Key);
                }
                else
                {
                    metadata[change.Key] = change.Value;
                }
            }

            await _place.Container.SetMetadataAsync(metadata, cancellationToken: cancellation).ConfigureAwait(false);
            _metadata = metadata;
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Writing(e, null);
        }
    }

    /// <summary>A signature for one folder does not show what lies above it.</summary>
    private async Task<bool> HasAsync(string prefix, AssetFile mark, CancellationToken cancellation)
    {
        try
        {
            BlobProperties found = await _place.Container.GetBlobClient(prefix + mark.Path).GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false);
            return IsSameVersion(found.ETag.ToString(), mark);
        }
        catch (RequestFailedException e) when (e.Status == 404 || (e.Status == 403 && prefix != _place.Prefix))
        {
            return false;
        }
    }

    /// <summary>Lists tell ETags without the quotation marks that headers have.</summary>
    private static bool IsSameVersion(string? etag, AssetFile mark) => mark.ETag is not null && etag?.Trim('"') == mark.ETag.Trim('"');

    private async Task<IReadOnlyList<AssetFile>> ReadListingAsync(CancellationToken cancellation)
    {
        List<AssetFile> files = [];
        try
        {
            await foreach (BlobItem blob in _place.Container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, _place.Prefix, cancellation).ConfigureAwait(false))
            {
                if (!IsFolder(blob))
                {
                    files.Add(new AssetFile(
                        blob.Name.Substring(_place.Prefix.Length), blob.Properties.ContentLength ?? 0, blob.Properties.ETag?.ToString(), blob.Properties.LastModified,
                        blob.Properties.CreatedOn));
                }
            }
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Reading(e, null);
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private bool IsFolder(BlobItem blob) =>
        blob.Name.Length <= _place.Prefix.Length
        || (blob.Metadata is not null && blob.Metadata.TryGetValue(FolderMark, out string? mark) && string.Equals(mark, "true", StringComparison.OrdinalIgnoreCase));

    private static AssetFile? Find(IReadOnlyList<AssetFile> files, string path)
    {
        int low = 0;
        int high = files.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = string.CompareOrdinal(files[middle].Path, path);
            if (order == 0)
            {
                return files[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
