using System.Diagnostics;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>The lease on an output while the service is away.</summary>
public sealed class BlobClaimTests(Azurite azurite)
{
    /// <summary>The shortest that the service takes.</summary>
    private static readonly LeaseTimes Short = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(2));

    [Fact]
    public async Task What_cannot_be_renewed_is_given_up_before_the_lease_ends_and_taken_again_by_its_run_alone()
    {
        azurite.Need();
        await Task.WhenAll(LoseAndTakeAgainAsync(Fault.NoAnswer), LoseAndTakeAgainAsync(Fault.LostAnswer));
    }

    [Fact]
    public async Task What_an_ended_signature_could_not_give_back_is_there_for_the_next_command_of_the_process()
    {
        azurite.Need();
        BlobContainerClient container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"out-{Guid.NewGuid():N}");
        await container.CreateAsync();
        DateTimeOffset end = DateTimeOffset.UtcNow.AddSeconds(3);
        var signed = new BlobContainerClient(container.GenerateSasUri(BlobContainerSasPermissions.All, end));
        IOutputClaim claim = (await StoreOf(signed).TryClaimAsync(false, default)).Claim!;

        await Task.Delay(end - DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1));
        await claim.ReleaseAsync();

        IOutputClaim again = Assert.IsAssignableFrom<IOutputClaim>((await StoreOf(container).TryClaimAsync(false, default)).Claim);
        Assert.Null((await StoreOf(container).TryClaimAsync(false, default)).Claim);
        await again.ReleaseAsync();

        static BlobOutputStore StoreOf(BlobContainerClient container) => new(new BlobPlace(container, ""), new BlockBudget(1));
    }

    private async Task LoseAndTakeAgainAsync(Fault ofRenewals)
    {
        bool isAway = false;
        await using var proxy = new FaultyProxy(azurite.Port, (_, method) => !isAway ? Fault.None : method == "DELETE" ? Fault.NoAnswer : ofRenewals);
        string name = $"out-{Guid.NewGuid():N}";
        var run = new BlobOutputStore(PlaceIn(Azurite.ConnectionStringAt(proxy.Port), name), new BlockBudget(1), Short);
        var other = new BlobOutputStore(PlaceIn(azurite.ConnectionString, name), new BlockBudget(1), Short);
        var sinceRenewal = Stopwatch.StartNew();
        IOutputClaim claim = (await run.TryClaimAsync(false, default)).Claim!;
        isAway = true;

        await Task.Delay(Timeout.Infinite, claim.Lost).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(claim.IsOutOfReach);
        Assert.InRange(sinceRenewal.Elapsed, TimeSpan.FromSeconds(10), Short.Duration);
        var release = Stopwatch.StartNew();
        await claim.ReleaseAsync();
        Assert.True(release.Elapsed < TimeSpan.FromSeconds(10), $"{release.Elapsed}");
        if (ofRenewals == Fault.LostAnswer)
        {
            Assert.Null((await other.TryClaimAsync(false, default)).Claim);
        }

        isAway = false;
        IOutputClaim again = Assert.IsAssignableFrom<IOutputClaim>((await run.TryClaimAsync(false, default)).Claim);
        Assert.Null((await other.TryClaimAsync(false, default)).Claim);
        await again.ReleaseAsync();
        await (await other.TryClaimAsync(false, default)).Claim!.ReleaseAsync();
    }

    /// <summary>With the patience of every run.</summary>
    private static BlobPlace PlaceIn(string connectionString, string container)
    {
        var options = new BlobClientOptions { RetryPolicy = new StorageRetryPolicy(), Transport = new HttpClientTransport(new HttpClient()) };
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(100);
        return new BlobPlace(new BlobServiceClient(connectionString, options).GetBlobContainerClient(container), "");
    }
}
