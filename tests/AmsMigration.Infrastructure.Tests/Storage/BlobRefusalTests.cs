using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>What each request of a run comes to where the service refuses it, of sources and of outputs.</summary>
public sealed class BlobRefusalTests
{
    private const string Reader = "Storage Blob Data Reader";
    private const string Contributor = "Storage Blob Data Contributor";
    private const int TwoBlocks = BlockBudget.BlockSize + 1;

    private readonly Azurite _azurite;
    private readonly BlobContainerClient _container;

    public BlobRefusalTests(Azurite azurite)
    {
        azurite.Need();
        _azurite = azurite;
        _container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"refusal-{Guid.NewGuid():N}");
        _container.Create();
        _container.UploadBlob("film.mp4", BinaryData.FromBytes(new byte[1000]));
    }

    private BlobDestination Destination => new(new BlobPlace(_container, "out/"), new BlockBudget(2));

    public static TheoryData<Operation, bool> Requests { get; } = new()
    {
        { Operation.List, false },
        { Operation.Read, false },
        { Operation.SetContainerMetadata, true },
        { Operation.List, true },
        { Operation.Look, true },
        { Operation.Read, true },
        { Operation.ListBlocks, true },
        { Operation.Upload, true },
        { Operation.StageBlock, true },
        { Operation.CommitBlocks, true },
        { Operation.Delete, true },
        { Operation.Lease, true },
        { Operation.DescribeLock, true },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Every_request_that_is_refused_says_by_whom_and_why(Operation operation, bool isOutput)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        (Func<HttpResponseMessage> Answer, string Code, string Says)[] refusals =
        [
            (() => RefusingService.Refuse(401, "InvalidAuthenticationInfo"), "StorageUnauthorized", "credential"),
            (() => RefusingService.Refuse(403, "AuthorizationPermissionMismatch"), "StorageForbidden", isOutput ? Contributor : Reader),
            (() => RefusingService.Refuse(403, "AuthorizationFailure"), "StorageForbidden", "firewall"),
            (() => RefusingService.Refuse(403, "KeyBasedAuthenticationNotPermitted"), "StorageKeyNotPermitted", "keys"),
            (() => RefusingService.Refuse(403, "AccountIsDisabled"), "StorageAccountDisabled", "disabled"),
            (() => RefusingService.Refuse(403, "AuthenticationFailed", null, now), "StorageSignatureRefused", "signature"),
            (() => RefusingService.Refuse(403, "AuthenticationFailed", null, now.AddMinutes(-40)), "ClockWrong", "40 minutes ahead"),
            (() => RefusingService.Refuse(403, "AuthenticationFailed", null, now.AddHours(2)), "ClockWrong", "120 minutes behind"),
            (() => RefusingService.Refuse(409, "BlobArchived"), isOutput ? "OutputArchived" : "SourceArchived", "archive tier"),
            (() => RefusingService.Refuse(409, "BlobImmutableDueToPolicy"), "OutputImmutable", "legal hold"),
            (() => RefusingService.Refuse(429, "TooManyRequests"), "StorageThrottled", "patience"),
            (() => RefusingService.Refuse(500, "InternalError"), "StorageUnavailable", "failed"),
            (() => RefusingService.Refuse(408, "RequestTimeout"), "StorageUnavailable", "failed"),
            (() => RefusingService.Refuse(503, "ServerBusy"), "StorageThrottled", "patience"),
            (RefusingService.Cut, "StorageUnreachable", "reset"),
            (RefusingService.Hang, "StorageUnreachable", "in time"),
            (RefusingService.NobodyKnows, "StorageHostUnknown", "no storage account"),
            (RefusingService.NameServerAway, "StorageUnreachable", "could not be reached"),
        ];
        foreach ((Func<HttpResponseMessage> answer, string code, string says) in refusals)
        {
            PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => AskAsync(operation, isOutput, answer));

            Assert.Equal((operation, code), (operation, e.Code));
            Assert.Contains(says, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Signature not valid in the specified time frame: Start [Sun, 22 Nov 2026 10:00:00 GMT] - Expiry [Sun, 22 Nov 2026 11:00:00 GMT]", "StorageSignatureRefused", "has ended")]
    [InlineData("Request date header too old: 'Sun, 22 Nov 2026 10:00:00 GMT'", "ClockWrong", "clock")]
    [InlineData("Signature did not match. String to sign used was rl", "StorageSignatureRefused", "another account")]
    public async Task The_service_tells_an_ended_signature_from_a_wrong_clock_and_a_wrong_key(string detail, string code, string says)
    {
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(
            () => AskAsync(Operation.List, false, () => RefusingService.Refuse(403, "AuthenticationFailed", detail, DateTimeOffset.UtcNow)));

        Assert.Equal(code, e.Code);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("String to sign", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_comes_in_the_services_place_is_no_list(bool isOutput)
    {
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => AskAsync(Operation.List, isOutput, RefusingService.Page));

        Assert.Equal("StorageUnreachable", e.Code);
        Assert.Contains("in its place", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_those_that_were_asked_for_are_no_part_of_a_file()
    {
        BlobServiceClient service = RefusingService.Connect(_azurite.ConnectionString, Operation.Read, RefusingService.Page);
        using IByteSource file = await SourceIn(service).OpenAsync("film.mp4", default);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => file.ReadAsync(500, new byte[100], 0, 100, default));

        Assert.Equal(("FileUnreadable", 500), (e.Code, e.Offset));
    }

    [Fact]
    public async Task A_name_server_that_is_away_is_waited_for_and_a_name_that_nobody_knows_hardly()
    {
        int asked = 0;
        BlobServiceClient away = RefusingService.Connect(
            _azurite.ConnectionString, Operation.List, () => ++asked < 5 ? RefusingService.NameServerAway() : null, new StorageRetryPolicy());
        Assert.Single(await SourceIn(away).ListAsync(default));
        Assert.Equal(5, asked);

        asked = 0;
        BlobServiceClient unknown = RefusingService.Connect(
            _azurite.ConnectionString, Operation.List, () => ++asked > 0 ? RefusingService.NobodyKnows() : null, new StorageRetryPolicy());
        Assert.Equal("StorageHostUnknown", (await Assert.ThrowsAsync<PackagingException>(() => SourceIn(unknown).ListAsync(default))).Code);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_container_that_may_not_be_made_is_told_apart_from_one_that_may_not_be_written_to()
    {
        _container.Delete();
        foreach (Func<IOutputStore, Task> write in new Func<IOutputStore, Task>[] { store => store.TryClaimAsync(false, default), store => WriteAsync(store, 10) })
        {
            BlobServiceClient service = RefusingService.Connect(
                _azurite.ConnectionString, Operation.CreateContainer, () => RefusingService.Refuse(403, "AuthorizationPermissionMismatch"));
            PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => write(OutputIn(service)));
            Assert.Equal("ContainerNotCreated", e.Code);
            Assert.Contains(_container.Name, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_output_under_a_policy_is_not_taken_for_one_that_another_run_writes()
    {
        BlobServiceClient service = RefusingService.Connect(
            _azurite.ConnectionString, Operation.DescribeLock, () => RefusingService.Refuse(409, "BlobImmutableDueToPolicy"));
        for (int run = 1; run <= 2; run++)
        {
            Assert.Equal("OutputImmutable", (await Assert.ThrowsAsync<PackagingException>(() => OutputIn(service).TryClaimAsync(false, default))).Code);
        }
    }

    [Fact]
    public async Task An_archived_asset_is_named_and_goes_on_when_it_is_back()
    {
        BlobContainerClient source = await UploadAsync("video-only");
        await source.GetBlobClient("silent.mp4").SetAccessTierAsync(AccessTier.Archive);
        PackagingException refused = await Assert.ThrowsAsync<PackagingException>(() => ConvertAsync(source));
        await source.GetBlobClient("silent.mp4").SetAccessTierAsync(AccessTier.Hot);
        AmsConversionResult next = await ConvertAsync(source);

        Assert.Equal(("SourceArchived", "silent.mp4"), (refused.Code, refused.File));
        Assert.Equal(AmsConversionStatus.Completed, next.Status);
    }

    [Fact]
    public async Task A_header_that_storage_does_not_give_is_no_damage_of_the_asset()
    {
        BlobContainerClient source = await UploadAsync("mbr-mp4");
        foreach (Func<HttpResponseMessage> answer in new Func<HttpResponseMessage>[] { () => RefusingService.Refuse(503, "ServerBusy"), RefusingService.Cut })
        {
            int left = int.MaxValue;
            BlobServiceClient service = RefusingService.Connect(_azurite.ConnectionString, Operation.Read, () => Interlocked.Decrement(ref left) < 0 ? answer() : null);
            var store = new BlobAssetStore(new BlobPlace(service.GetBlobContainerClient(source.Name), ""), new BlockBudget(2));
            AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
            left = 4;

            AmsConversionResult result = await AssetConverter.ConvertAsync(asset, Destination, new ConversionOptions(), null, default);

            Assert.StartsWith("Storage", Assert.IsType<PackagingException>(result.Error).Code, StringComparison.Ordinal);
            left = 4;
            Assert.StartsWith(
                "Storage", (await Assert.ThrowsAsync<PackagingException>(() => AssetCatalog.DescribeAsync(store, default))).Code, StringComparison.Ordinal);
        }

        Assert.Empty(_container.GetBlobs(BlobTraits.None, BlobStates.None, "out/", default));
    }

    [Fact]
    public async Task Snapshots_of_an_output_are_never_deleted_with_it()
    {
        BlobClient blob = _container.GetBlobClient("film.mp4");
        await blob.CreateSnapshotAsync();

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => OutputIn(new BlobServiceClient(_azurite.ConnectionString)).DeleteAsync("film.mp4", default));

        Assert.Equal(("OutputHasSnapshots", "film.mp4"), (e.Code, e.File));
        Assert.Equal(2, _container.GetBlobs(BlobTraits.None, BlobStates.Snapshots, null, default).Count());
    }

    [Fact]
    public async Task Snapshots_of_a_source_are_no_files_of_the_asset()
    {
        await _container.GetBlobClient("film.mp4").CreateSnapshotAsync();

        Assert.Single(await SourceIn(new BlobServiceClient(_azurite.ConnectionString)).ListAsync(default));
    }

    [Fact]
    public async Task A_blob_that_somebody_leases_is_not_written_over_and_one_that_is_read_does_not_mind()
    {
        await _container.GetBlobClient("film.mp4").GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration);
        var service = new BlobServiceClient(_azurite.ConnectionString);

        Assert.Equal("OutputLeased", (await Assert.ThrowsAsync<PackagingException>(() => WriteAsync(OutputIn(service), 10))).Code);
        Assert.Equal(1000, await ReadAsync(SourceIn(service)));
    }

    [Fact]
    public async Task A_blob_of_another_kind_in_the_way_is_told()
    {
        await _container.DeleteBlobAsync("film.mp4");
        await _container.GetAppendBlobClient("film.mp4").CreateAsync();

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => WriteAsync(OutputIn(new BlobServiceClient(_azurite.ConnectionString)), TwoBlocks));

        Assert.Equal("OutputUnwritable", e.Code);
        Assert.Contains("append blob", e.Message, StringComparison.Ordinal);
    }

    private async Task AskAsync(Operation operation, bool isOutput, Func<HttpResponseMessage> answer)
    {
        BlobServiceClient service = RefusingService.Connect(_azurite.ConnectionString, operation, answer);
        if (!isOutput)
        {
            await ReadAsync(SourceIn(service));
            return;
        }

        IOutputStore output = OutputIn(service);
        await (operation switch
        {
            Operation.List => output.GetLengthsAsync([.. Enumerable.Range(0, 20).Select(i => $"{i}.mp4")], default),
            Operation.Look => output.GetLengthsAsync(["film.mp4"], default),
            Operation.Read => output.ReadAsync("film.mp4", 1000, default),
            Operation.Upload => WriteAsync(output, 10),
            Operation.Delete => output.DeleteAsync("film.mp4", default),
            Operation.Lease or Operation.DescribeLock => output.TryClaimAsync(false, default),
            Operation.SetContainerMetadata => SourceIn(service).SetMetadataAsync(new Dictionary<string, string?> { ["MigrateResult"] = "Completed" }, default),
            _ => WriteAsync(output, TwoBlocks),
        });
    }

    private static async Task WriteAsync(IOutputStore output, int length)
    {
        using IOutputFile file = await output.CreateAsync("film.mp4", length, "video/mp4", new string('a', 32), default);
        await file.WriteAsync(new byte[length], 0, length, default);
        await file.CommitAsync(default);
    }

    private static async Task<int> ReadAsync(BlobAssetStore source)
    {
        using IByteSource file = await source.OpenAsync("film.mp4", default);
        return await file.ReadAsync(0, new byte[1000], 0, 1000, default);
    }

    private async Task<AmsConversionResult> ConvertAsync(BlobContainerClient source)
    {
        var store = new BlobAssetStore(new BlobPlace(source, ""), new BlockBudget(2));
        return await AssetConverter.ConvertAsync(await AssetCatalog.DescribeAsync(store, default), Destination, new ConversionOptions(), null, default);
    }

    private async Task<BlobContainerClient> UploadAsync(string fixture)
    {
        BlobContainerClient container = new BlobServiceClient(_azurite.ConnectionString).GetBlobContainerClient($"source-{Guid.NewGuid():N}");
        await container.CreateAsync();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "fixtures", "assets", fixture)))
        {
            await container.GetBlobClient(Path.GetFileName(file)).UploadAsync(file);
        }

        return container;
    }

    private BlobAssetStore SourceIn(BlobServiceClient service) => new(new BlobPlace(service.GetBlobContainerClient(_container.Name), ""), new BlockBudget(2));

    private BlobOutputStore OutputIn(BlobServiceClient service) => new(new BlobPlace(service.GetBlobContainerClient(_container.Name), ""), new BlockBudget(2));
}
