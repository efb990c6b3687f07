using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>
/// A lease on a small blob in the output. It is renewed while the run lives; when its process dies it ends within a minute, and the next run takes it.
/// </summary>
internal sealed class BlobOutputClaim : IOutputClaim
{
    /// <summary>In the output; deleted with the claim.</summary>
    internal const string LockName = "_static.lock";

    private const string Holder = "holder";

    /// <summary>
    /// Leases of this process that could not be given back, as where a signature had ended, by the addresses of their blobs: the command that comes next, with
    /// a better one, need not wait for their end.
    /// </summary>
    private static readonly ConcurrentDictionary<string, string> Kept = new(StringComparer.Ordinal);

    private const int MaxAttempts = 8;

    private readonly BlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly LeaseTimes _times;
    private readonly Stopwatch _age;
    private TimeSpan _safeUntil;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewal;
    private volatile bool _isOutOfReach;
    private int _isReleased;

    private BlobOutputClaim(BlobClient blob, BlobLeaseClient lease, ETag version, LeaseTimes times, Stopwatch age)
    {
        Mark = new AssetFile(LockName, 0, version.ToString());
        _blob = blob;
        _lease = lease;
        _times = times;
        _age = age;
        _safeUntil = times.SafeTime;
        Lost = _lost.Token;
        _renewal = Task.Run(RenewAsync);
    }

    public CancellationToken Lost { get; }

    public bool IsOutOfReach => _isOutOfReach;

    public AssetFile Mark { get; }

    /// <param name="leaseId">The run's: a lease that it has already, as one whose renewal was answered into nowhere, is taken again.</param>
    public static async Task<ClaimAttempt> TryTakeAsync(BlobPlace place, string leaseId, LeaseTimes times, bool breakOther, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        BlobClient blob = place.Blob(LockName);
        leaseId = Kept.TryRemove(AddressOf(blob), out string? kept) ? kept : leaseId;
        try
        {
            for (int attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                await MakeAsync(place, blob, cancellation).ConfigureAwait(false);
                BlobLeaseClient lease = blob.GetBlobLeaseClient(leaseId);
                try
                {
                    await lease.AcquireAsync(times.Duration, cancellationToken: cancellation).ConfigureAwait(false);
                    var age = Stopwatch.StartNew();
                    ETag version = await DescribeOrReleaseAsync(blob, lease, times, cancellation).ConfigureAwait(false);
                    return new ClaimAttempt(new BlobOutputClaim(blob, lease, version, times, age));
                }
                catch (RequestFailedException e) when (e.Status == 404)
                {
                    // The one who had it has just let go, and the blob with it.
                }
                catch (RequestFailedException e) when (BlobErrors.IsLeased(e) && breakOther)
                {
                    await BreakAsync(blob, times.BreakPeriod, cancellation).ConfigureAwait(false);
                }
                catch (RequestFailedException e) when (BlobErrors.IsLeased(e))
                {
                    return new ClaimAttempt(null, await FindHolderAsync(blob, cancellation).ConfigureAwait(false));
                }
            }
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Writing(e, LockName);
        }

        return breakOther
            ? throw new PackagingException("ClaimNotBroken", "other runs take the output again and again", LockName)
            : new ClaimAttempt(null, await FindHolderAsync(blob, cancellation).ConfigureAwait(false));
    }

    public async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
        {
            return;
        }

        _ended.Cancel();
        await _renewal.ConfigureAwait(false);

        // Who gives up in the middle of an outage need not wait for its end: the lease has one of its own.
        using var limit = new CancellationTokenSource(_times.Patience);
        try
        {
            await _blob.DeleteAsync(conditions: new BlobRequestConditions { LeaseId = _lease.LeaseId }, cancellationToken: limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (BlobErrors.IsStorage(e) || e is OperationCanceledException)
        {
            // Somebody else has taken it, the service is away, or the credential may not delete: the next run need not wait for the lease to end.
            // Its own run takes one again that was out of reach.
            if (!await TryReleaseAsync(_lease, limit.Token).ConfigureAwait(false) && !_isOutOfReach)
            {
                Kept[AddressOf(_blob)] = _lease.LeaseId;
            }
        }

        _ended.Dispose();
        _lost.Dispose();
    }

    /// <summary>Makes the blob that is leased, unless it is there.</summary>
    private static async Task MakeAsync(BlobPlace place, BlobClient blob, CancellationToken cancellation)
    {
        var options = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await blob.UploadAsync(BinaryData.FromBytes(Array.Empty<byte>()), options, cancellation).ConfigureAwait(false);
                return;
            }
            catch (RequestFailedException e) when (BlobErrors.Is(e, BlobErrorCode.ContainerNotFound) && attempt == 1)
            {
                await place.CreateContainerAsync(cancellation).ConfigureAwait(false);
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412 && !BlobErrors.Is(e, BlobErrorCode.ContainerBeingDeleted))
            {
                return;
            }
        }
    }

    private static async Task BreakAsync(BlobClient blob, TimeSpan period, CancellationToken cancellation)
    {
        try
        {
            BlobLease broken = await blob.GetBlobLeaseClient().BreakAsync(period, cancellationToken: cancellation).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromSeconds(broken.LeaseTime ?? period.TotalSeconds), cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409)
        {
            // It ended by itself.
        }
    }

    /// <summary>A lock that may not be written to, as under an immutability policy, is no lock that somebody else has.</summary>
    private static async Task<ETag> DescribeOrReleaseAsync(BlobClient blob, BlobLeaseClient lease, LeaseTimes times, CancellationToken cancellation)
    {
        try
        {
            return await DescribeAsync(blob, lease, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (BlobErrors.IsStorage(e) || e is OperationCanceledException)
        {
            using var limit = new CancellationTokenSource(times.Patience);
            await TryReleaseAsync(lease, limit.Token).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>False where it has to end by itself.</summary>
    private static async Task<bool> TryReleaseAsync(BlobLeaseClient lease, CancellationToken cancellation)
    {
        try
        {
            await lease.ReleaseAsync(cancellationToken: cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (BlobErrors.IsStorage(e) || e is OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Without a signature.</summary>
    private static string AddressOf(BlobClient blob) => blob.Uri.GetLeftPart(UriPartial.Path);

    private static async Task<ETag> DescribeAsync(BlobClient blob, BlobLeaseClient lease, CancellationToken cancellation)
    {
        using var process = Process.GetCurrentProcess();
        string holder = string.Format(CultureInfo.InvariantCulture, "process {0} on {1} since {2:u}", process.Id, Environment.MachineName, DateTime.UtcNow);
        BlobInfo described = await blob.SetMetadataAsync(
            new Dictionary<string, string> { [Holder] = holder }, new BlobRequestConditions { LeaseId = lease.LeaseId }, cancellation).ConfigureAwait(false);
        return described.ETag;
    }

    private static async Task<string?> FindHolderAsync(BlobClient blob, CancellationToken cancellation)
    {
        try
        {
            BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: cancellation).ConfigureAwait(false);
            return properties.Metadata.TryGetValue(Holder, out string? holder) ? holder : null;
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            return null;
        }
    }

    private async Task RenewAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_times.RenewInterval, _ended.Token).ConfigureAwait(false);
                await RenewOnceAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
            {
                _lost.Cancel();
                return;
            }
            catch (Exception e) when (BlobErrors.IsStorage(e) || e is OperationCanceledException)
            {
                // The service is away: the lease lives on until its time is up, and nothing may be written after that.
                if (_age.Elapsed >= _safeUntil)
                {
                    _isOutOfReach = true;
                    _lost.Cancel();
                    return;
                }
            }
        }
    }

    /// <summary>One that gets no answer is given up and sent anew: the client is more patient than a lease lasts.</summary>
    private async Task RenewOnceAsync()
    {
        TimeSpan asked = _age.Elapsed;
        TimeSpan left = _safeUntil - asked;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        limit.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < _times.Patience ? left : _times.Patience);
        await _lease.RenewAsync(cancellationToken: limit.Token).ConfigureAwait(false);
        _safeUntil = asked + _times.SafeTime;
    }
}
