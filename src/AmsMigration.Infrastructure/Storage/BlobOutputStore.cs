using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>An output in a container, which is made with the first file. What is staged and never committed the service forgets after a week.</summary>
/// <param name="leaseTimes">Null for those of every run.</param>
internal sealed class BlobOutputStore(BlobPlace place, BlockBudget budget, LeaseTimes? leaseTimes = null) : IOutputStore, IRemoteStore
{
    /// <summary>Up to so many files are looked at one by one; above that a listing of the output costs less.</summary>
    private const int FewFiles = 8;
    private const int MaxReadAttempts = 5;

    private readonly string _leaseId = Guid.NewGuid().ToString();

    public string Location => place.Location;

    public string Locate(string path) => place.Locate(path);

    public async Task<IReadOnlyDictionary<string, long>> GetLengthsAsync(IReadOnlyCollection<string> paths, CancellationToken cancellation)
    {
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            if (paths.Count <= FewFiles)
            {
                string[] asked = [.. paths.Distinct(StringComparer.Ordinal)];
                long?[] found = await Task.WhenAll(asked.Select(path => FindLengthAsync(path, cancellation))).ConfigureAwait(false);
                return asked.Zip(found, (path, length) => (path, length)).Where(file => file.length is not null)
                    .ToDictionary(file => file.path, file => file.length!.Value, StringComparer.Ordinal);
            }

            var wanted = new HashSet<string>(paths, StringComparer.Ordinal);
            await foreach (BlobItem blob in place.Container.GetBlobsAsync(prefix: place.Prefix, cancellationToken: cancellation).ConfigureAwait(false))
            {
                string path = blob.Name.Substring(place.Prefix.Length);
                if (wanted.Contains(path))
                {
                    lengths[path] = blob.Properties.ContentLength ?? 0;
                }
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // There is no container yet.
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Writing(e, null);
        }

        return lengths;
    }

    public async Task<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                BlobProperties properties = await place.Blob(path).GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false);
                if (properties.ContentLength > maxLength)
                {
                    throw new PackagingException("OutputUnreadable", $"it has {properties.ContentLength} bytes; expected at most {maxLength}", path);
                }

                BlobDownloadResult content = await place.Blob(path).DownloadContentAsync(
                    new BlobRequestConditions { IfMatch = properties.ETag }, cancellation).ConfigureAwait(false);
                return content.Content.ToArray();
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
            catch (RequestFailedException e) when (e.Status == 412 && attempt < MaxReadAttempts)
            {
                // Another run has just written it anew.
            }
            catch (Exception e) when (BlobErrors.IsStorage(e))
            {
                throw BlobErrors.Writing(e, path);
            }
        }
    }

    public async Task<IOutputFile> CreateAsync(string path, long length, string contentType, string? fingerprint, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var file = new BlobOutputFile(place, path, length, contentType, fingerprint, budget);
        if (fingerprint is not null)
        {
            await file.FindStagedAsync(cancellation).ConfigureAwait(false);
        }

        return file;
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await place.Blob(path).DeleteIfExistsAsync(cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Writing(e, path);
        }
    }

    /// <summary>Nothing to do: blocks that were not committed cannot be seen and cost nothing for long.</summary>
    public Task DiscardStagedAsync(IReadOnlyCollection<string> keep, CancellationToken cancellation) => Task.CompletedTask;

    public Task<ClaimAttempt> TryClaimAsync(bool breakOther, CancellationToken cancellation) =>
        BlobOutputClaim.TryTakeAsync(place, _leaseId, leaseTimes ?? LeaseTimes.Longest, breakOther, cancellation);

    private async Task<long?> FindLengthAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await place.Blob(path).GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false)).Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }
}
