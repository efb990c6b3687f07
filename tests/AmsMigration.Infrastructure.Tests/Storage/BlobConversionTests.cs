using System.Text;
using System.Text.Json;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.TestSupport;
using AmsMigration.Verification;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>Assets in containers, outputs in containers, and every pairing with folders: the same bytes.</summary>
public sealed class BlobConversionTests : IDisposable
{
    private readonly Azurite _azurite;
    private readonly BlobServiceClient _service;
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-blob-").FullName;

    public BlobConversionTests(Azurite azurite)
    {
        azurite.Need();
        _azurite = azurite;
        _service = new BlobServiceClient(azurite.ConnectionString);
    }

    public static TheoryData<string> Fixtures { get; } = ["mbr-mp4", "fragmented", "multi-audio", "two-manifests"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Every_pairing_of_folders_and_containers_gives_the_same_bytes(string fixture)
    {
        BlobContainerClient source = await UploadAsync(fixture);
        StorageLocations storage = Storage(_azurite.ConnectionString);
        var local = new LocalAssetStore(FixtureFolder(fixture));
        Dictionary<string, byte[]> expected = ReadFolder((await ConvertAsync(local, new LocalDestination(Path.Combine(_folder, "a")))).Destination);
        Assert.NotEmpty(expected);

        AmsConversionResult toFolder = await ConvertAsync(storage.OpenAsset(source.Uri), new LocalDestination(Path.Combine(_folder, "b")), fixture);
        AssertSame(expected, ReadFolder(toFolder.Destination));

        foreach (IAssetStore from in new[] { local, storage.OpenAsset(source.Uri) })
        {
            BlobContainerClient output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
            AmsConversionResult result = await ConvertAsync(from, storage.OpenDestination(new Uri(output.Uri + "/some/place")), fixture);
            Assert.StartsWith(output.Uri + "/some/place/", result.HlsUri, StringComparison.Ordinal);
            AssertSame(expected, await ReadContainerAsync(output, $"some/place/{fixture}/"));

            AmsVerificationResult check = await OutputCheck.RunAsync(storage.OpenAsset(new Uri(result.Destination)), storage.OpenAsset(source.Uri), default);
            Assert.Empty(check.Findings);
            Assert.True(check.SamplesCompared > 0);
        }
    }

    [Fact]
    public async Task Blobs_say_what_they_are_and_how_long_they_last()
    {
        BlobContainerClient output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
        await ConvertAsync(new LocalAssetStore(FixtureFolder("mbr-mp4")), Storage(_azurite.ConnectionString).OpenDestination(output.Uri));

        await foreach (BlobItem blob in output.GetBlobsAsync())
        {
            string expected = Path.GetExtension(blob.Name) switch
            {
                ".m3u8" => "application/vnd.apple.mpegurl",
                ".mpd" => "application/dash+xml",
                ".json" => "application/json",
                _ => blob.Name.Contains("audio", StringComparison.Ordinal) ? "audio/mp4" : "video/mp4",
            };
            Assert.Equal(expected, blob.Properties.ContentType);
            Assert.Contains("max-age=", blob.Properties.CacheControl, StringComparison.Ordinal);
            byte[] content = (await output.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
            Assert.Equal(System.Security.Cryptography.MD5.HashData(content), blob.Properties.ContentHash);
        }
    }

    [Fact]
    public async Task A_signature_for_one_container_is_enough_to_read_and_another_to_write()
    {
        BlobContainerClient source = await UploadAsync("video-only");
        BlobContainerClient output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
        await output.CreateAsync();
        StorageLocations storage = Storage(null);
        Uri read = source.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1));
        Uri write = output.GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1));

        AmsConversionResult result = await ConvertAsync(storage.OpenAsset(read), storage.OpenDestination(write));

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.DoesNotContain("sig=", string.Join(" ", result.Destination, result.Source, result.HlsUri), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signature_that_does_not_do_is_told_without_being_quoted(bool isOver)
    {
        BlobContainerClient source = await UploadAsync("video-only");
        Uri address = isOver
            ? source.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddMinutes(-5))
            : source.GenerateSasUri(BlobContainerSasPermissions.Write, DateTimeOffset.UtcNow.AddHours(1));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => Storage(null).OpenAsset(address).ListAsync(default));

        Assert.Equal("StorageForbidden", e.Code);
        Assert.DoesNotContain("sig=", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(address.Query.Split("sig=")[1].Split('&')[0], e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_problem_60_a_container_that_is_not_there_is_told() => Assert.Equal(
        "ContainerNotFound",
        (await Assert.ThrowsAsync<PackagingException>(
            () => Storage(_azurite.ConnectionString).OpenAsset(new Uri(_azurite.Service + "/nowhere")).ListAsync(default))).Code);

    [Fact]
    public async Task A_blob_that_is_written_to_meanwhile_is_not_read_on()
    {
        BlobContainerClient source = await UploadAsync("video-only");
        IAssetStore store = Storage(_azurite.ConnectionString).OpenAsset(source.Uri);
        AssetFile file = (await store.ListAsync(default)).First(f => f.Length > 1000);
        using IByteSource opened = await store.OpenAsync(file.Path, default);
        byte[] buffer = new byte[100];
        Assert.Equal(100, await opened.ReadAsync(0, buffer, 0, 100, default));
        await source.GetBlobClient(file.Path).UploadAsync(BinaryData.FromBytes(new byte[file.Length]), overwrite: true);

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => opened.ReadAsync(100, buffer, 0, 100, default));

        Assert.Equal(("SourceChanged", file.Path), (e.Code, e.File));
    }

    [Fact]
    public async Task Containers_of_an_account_are_found_page_by_page_and_by_name()
    {
        string prefix = $"find-{Guid.NewGuid():N}"[..16];
        foreach (string name in new[] { "a", "b", "c" })
        {
            await _service.GetBlobContainerClient($"{prefix}-{name}").CreateAsync(metadata: new Dictionary<string, string> { ["MigrateResult"] = name });
        }

        List<string> found = [];
        await Storage(_azurite.ConnectionString).FindAssetsAsync(
            _azurite.Service, prefix, name => !name.EndsWith('b'),
            async store => found.Add($"{store.Name[17..]} {(await ((IMetadataStore)store).GetMetadataAsync(default))["migrateresult"]}"), default);

        Assert.Equal(["a a", "c c"], found);
    }

    [Fact]
    public async Task A_folder_in_a_container_is_an_asset_too()
    {
        BlobContainerClient source = await UploadAsync("video-only", "deep/down/");

        AmsAsset asset = await AssetCatalog.DescribeAsync(Storage(_azurite.ConnectionString).OpenAsset(new Uri(source.Uri + "/deep/down")), default);

        Assert.Equal("down", asset.AssetName);
        Assert.True(asset.IsStreamable);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_network_that_fails_all_the_time_changes_no_byte(int every)
    {
        BlobContainerClient source = await UploadAsync("mbr-mp4");
        Dictionary<string, byte[]> expected = ReadFolder((await ConvertAsync(new LocalAssetStore(FixtureFolder("mbr-mp4")), new LocalDestination(_folder))).Destination);
        Fault[] faults = [Fault.Busy, Fault.CutAnswer, Fault.Throttled, Fault.CutRequest, Fault.Broken, Fault.Slow, Fault.LostAnswer];
        await using var proxy = new FaultyProxy(_azurite.Port, (number, _) => number % every == 0 ? faults[number / every % faults.Length] : Fault.None);
        StorageLocations storage = Storage(Azurite.ConnectionStringAt(proxy.Port));
        string container = $"out-{Guid.NewGuid():N}";

        AmsConversionResult result = await ConvertAsync(
            storage.OpenAsset(Through(proxy, source.Name)), storage.OpenDestination(Through(proxy, container)), "mbr-mp4");

        Assert.Null(result.Error);
        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.True(proxy.Faults > 5, $"{proxy.Faults} of {proxy.Requests} requests failed");
        AssertSame(expected, await ReadContainerAsync(_service.GetBlobContainerClient(container), "mbr-mp4/"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3)]
    public async Task Fragments_of_an_archive_that_are_read_ahead_make_the_same_bytes_on_a_network_that_fails(int every)
    {
        string archive = Path.Combine(Repository.Root, "tests", "fixtures", "archives", "live-cmaf");
        BlobContainerClient source = await UploadFolderAsync(archive);
        await using var proxy = new FaultyProxy(_azurite.Port, (number, _) => number % every != 0 ? Fault.None : (number / every % 2) switch
        {
            0 => Fault.Busy,
            _ => Fault.CutAnswer,
        });
        AmsConversionResult expected = await ConvertAsync(new LocalAssetStore(archive), new LocalDestination(Path.Combine(_folder, "expected")), "event");

        AmsConversionResult result = await ConvertAsync(
            Storage(Azurite.ConnectionStringAt(proxy.Port)).OpenAsset(Through(proxy, source.Name)), new LocalDestination(Path.Combine(_folder, "made")), "event");

        AssertSame(ReadFolder(expected.Destination), ReadFolder(result.Destination));
    }

    [Fact]
    public async Task The_log_tells_of_each_request_that_is_made_again_and_why()
    {
        BlobContainerClient source = await UploadAsync("video-only");
        await using var proxy = new FaultyProxy(
            _azurite.Port, (number, method) => number % 5 == 0 ? Fault.Busy : method == "PUT" && number % 7 == 0 ? Fault.LostAnswer : Fault.None);
        string path = Path.Combine(_folder, "run.jsonl");
        Uri signed = source.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1));
        using (var log = new RunLog(path))
        {
            var storage = new StorageLocations(new StorageSignIn { ConnectionString = Azurite.ConnectionStringAt(proxy.Port), OnRetry = log.Retry });
            await ConvertAsync(
                storage.OpenAsset(new Uri(Through(proxy, source.Name) + signed.Query)), storage.OpenDestination(Through(proxy, $"out-{Guid.NewGuid():N}")));
        }

        JsonElement[] retries = [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement).Where(e => e.GetProperty("event").GetString() == "retry")];
        Assert.True(proxy.Faults > 0);
        Assert.Equal(proxy.Faults, retries.Length);
        Assert.Contains(retries, retry => retry.GetProperty("reason").GetString()!.StartsWith("503", StringComparison.Ordinal));
        Assert.All(retries, retry =>
        {
            Assert.Matches("^(GET|PUT|HEAD|DELETE) http://127", retry.GetProperty("request").GetString());
            Assert.True(retry.GetProperty("attempt").GetInt32() > 0);
        });
        Assert.DoesNotContain("sig=", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_are_lost_change_no_byte_though_what_they_answer_is_done_twice()
    {
        BlobContainerClient source = await UploadAsync("mbr-mp4");
        Dictionary<string, byte[]> expected = ReadFolder((await ConvertAsync(new LocalAssetStore(FixtureFolder("mbr-mp4")), new LocalDestination(_folder))).Destination);
        await using var proxy = new FaultyProxy(_azurite.Port, (number, _) => number % 3 == 0 ? Fault.LostAnswer : Fault.None);
        string container = $"out-{Guid.NewGuid():N}";
        StorageLocations storage = Storage(Azurite.ConnectionStringAt(proxy.Port));

        await ConvertAsync(storage.OpenAsset(Through(proxy, source.Name)), storage.OpenDestination(Through(proxy, container)), "mbr-mp4");

        AssertSame(expected, await ReadContainerAsync(_service.GetBlobContainerClient(container), "mbr-mp4/"));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(14)]
    public async Task The_signature_of_a_source_that_ends_in_the_middle_is_told_and_the_next_run_goes_on(int after)
    {
        BlobContainerClient source = await UploadAsync("mbr-mp4");
        int reads = int.MinValue;
        await using var proxy = new FaultyProxy(
            _azurite.Port, (_, method) => method == "GET" && Interlocked.Increment(ref reads) > after ? Fault.SignatureEnded : Fault.None);
        AmsAsset asset = await AssetCatalog.DescribeAsync(Storage(Azurite.ConnectionStringAt(proxy.Port)).OpenAsset(Through(proxy, source.Name)), default);
        reads = 0;
        IDestination destination = new LocalDestination(_folder);

        AmsConversionResult failed = await AssetConverter.ConvertAsync(asset, destination, new ConversionOptions(), null, default);
        AmsConversionResult next = await ConvertAsync(Storage(_azurite.ConnectionString).OpenAsset(source.Uri), destination);

        Assert.Equal("StorageSignatureRefused", Assert.IsType<PackagingException>(failed.Error).Code);
        Assert.Empty((await OutputCheck.RunAsync(new LocalAssetStore(next.Destination), Storage(_azurite.ConnectionString).OpenAsset(source.Uri), default)).Findings);
    }

    [Fact]
    public async Task A_signature_that_ends_in_the_middle_is_told_and_the_next_run_goes_on()
    {
        BlobContainerClient source = await UploadAsync("mbr-mp4");
        BlobContainerClient output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
        int writes = 0;
        await using var proxy = new FaultyProxy(
            _azurite.Port, (_, method) => method == "PUT" && Interlocked.Increment(ref writes) > 9 ? Fault.SignatureEnded : Fault.None);
        AmsAsset asset = await AssetCatalog.DescribeAsync(Storage(_azurite.ConnectionString).OpenAsset(source.Uri), default);
        IDestination ending = Storage(Azurite.ConnectionStringAt(proxy.Port)).OpenDestination(Through(proxy, output.Name));

        AmsConversionResult failed = await AssetConverter.ConvertAsync(asset, ending, new ConversionOptions(), null, default);
        AmsConversionResult next = await ConvertAsync(Storage(_azurite.ConnectionString).OpenAsset(source.Uri), Storage(_azurite.ConnectionString).OpenDestination(output.Uri));

        Assert.Equal("StorageSignatureRefused", Assert.IsType<PackagingException>(failed.Error).Code);
        Assert.True(next.BytesReused > 0);
        Assert.Empty((await OutputCheck.RunAsync(Storage(_azurite.ConnectionString).OpenAsset(new Uri(next.Destination)), Storage(_azurite.ConnectionString).OpenAsset(source.Uri), default)).Findings);
    }

    [Fact]
    public async Task An_asset_that_was_written_to_since_it_was_looked_at_is_converted_as_it_is_now()
    {
        BlobContainerClient source = await UploadAsync("mbr-mp4");
        AmsAsset asset = await AssetCatalog.DescribeAsync(Storage(_azurite.ConnectionString).OpenAsset(source.Uri), default);
        foreach (string file in Directory.EnumerateFiles(FixtureFolder("mbr-mp4"), "*.mp4"))
        {
            await source.GetBlobClient(Path.GetFileName(file)).UploadAsync(file, overwrite: true);
        }

        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, new LocalDestination(_folder), new ConversionOptions(), null, default);

        Assert.True(result.Error is null, result.Error?.ToString());
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_storage_account_that_is_not_there_is_told()
    {
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(
            () => Storage("BlobEndpoint=https://nobody-has-this.invalid;SharedAccessSignature=sv=2023-01-03&sig=secret")
                .OpenAsset(new Uri("https://nobody-has-this.invalid/container?sv=2023-01-03&sig=secret")).ListAsync(default));

        Assert.Equal("StorageHostUnknown", e.Code);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://contoso.blob.core.windows.net/container")]
    [InlineData("https://contoso.blob.core.windows.net/")]
    [InlineData("https://contoso.blob.core.windows.net/Video")]
    [InlineData("https://contoso.blob.core.windows.net/a--b/folder")]
    [InlineData("https://contoso.blob.core.windows.net/my_video")]
    [InlineData("https://contoso.blob.core.windows.net/ab")]
    public void An_address_without_TLS_or_without_a_container_that_can_be_is_refused(string address) =>
        Assert.Equal("StorageAddressWrong", Assert.Throws<PackagingException>(() => Storage(null).OpenAsset(new Uri(address))).Code);

    [Fact]
    public void The_root_container_takes_no_output_since_it_has_no_folders() => Assert.Equal(
        "StorageAddressWrong",
        Assert.Throws<PackagingException>(() => Storage(null).OpenDestination(new Uri("https://contoso.blob.core.windows.net/$root/video"))).Code);

    [Fact]
    public async Task Known_problem_237_to_look_at_a_container_of_an_account_costs_a_list_and_what_is_read_of_its_files()
    {
        BlobContainerClient source = await UploadAsync("video-only");
        await using var proxy = new FaultyProxy(_azurite.Port, (_, _) => Fault.None);
        IAssetStore? found = null;
        await Storage(Azurite.ConnectionStringAt(proxy.Port)).FindAssetsAsync(
            new Uri($"http://127.0.0.1:{proxy.Port}/{Azurite.AccountName}"), source.Name, _ => true,
            store => Task.FromResult(found = store), default);
        int before = proxy.Requests;

        await found!.ListAsync(default);
        Assert.Empty(await ((IMetadataStore)found).GetMetadataAsync(default));

        Assert.Equal(1, proxy.Requests - before);
    }

    [Theory]
    [InlineData(false, "co:lon.txt|two//in a row.txt")]
    [InlineData(true, "")]
    public async Task A_blob_whose_name_cannot_be_had_is_named_and_the_others_are_copied(bool toFolder, string more)
    {
        BlobContainerClient source = await UploadAsync("video-only");
        await PutRawAsync(source, "plain.txt", "%2Flead.txt", "trail%2F", "co%3Alon.txt", "two%2F%2Fin%20a%20row.txt", "%2Ffilm.mp4", "x/%2E%2E/up.txt", "%2E/here.txt", "on", "on%2Fand.txt", "silent.m3u8");
        StorageLocations storage = Storage(_azurite.ConnectionString);
        BlobContainerClient output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
        IDestination destination = toFolder ? new LocalDestination(Path.Combine(_folder, "out")) : storage.OpenDestination(output.Uri);

        AmsAsset asset = await AssetCatalog.DescribeAsync(storage.OpenAsset(source.Uri), default);
        var options = new ConversionOptions { CopyNonStreamable = true };

        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, destination, options, null, default);

        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        Dictionary<string, byte[]> written = toFolder ? ReadFolder(result.Destination) : await ReadContainerAsync(output, source.Name + "/");
        string[] copied = ["plain.txt", "on/and.txt", .. more.Split('|', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(copied.Order(StringComparer.Ordinal), written.Keys.Where(path => path.EndsWith(".txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(copied, path => Assert.Equal(path, Uri.UnescapeDataString(Encoding.UTF8.GetString(written[path]))));
        Assert.Equal(!toFolder, written.ContainsKey("on"));
        foreach (string name in (string[])["/lead.txt", "trail/", "x/../up.txt", "./here.txt", "/film.mp4", "silent.m3u8: ", .. toFolder ? (string[])["on: "] : []])
        {
            Assert.Contains(result.Warnings, warning => warning.Contains(name, StringComparison.Ordinal));
        }

        Assert.Equal(AmsConversionStatus.Skipped, (await AssetConverter.ConvertAsync(asset, destination, options, null, default)).Status);
    }

    [Fact]
    public async Task Who_may_not_delete_gives_the_output_back_all_the_same()
    {
        BlobContainerClient source = await UploadAsync("video-only");
        BlobContainerClient output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
        await output.CreateAsync();
        StorageLocations storage = Storage(_azurite.ConnectionString);
        BlobContainerSasPermissions allowed = BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List | BlobContainerSasPermissions.Create | BlobContainerSasPermissions.Write;
        IDestination destination = Storage(null).OpenDestination(output.GenerateSasUri(allowed, DateTimeOffset.UtcNow.AddHours(1)));
        AmsAsset asset = await AssetCatalog.DescribeAsync(storage.OpenAsset(source.Uri), default);

        AmsConversionResult[] results =
        [
            await AssetConverter.ConvertAsync(asset, destination, new ConversionOptions(), null, default),
            await AssetConverter.ConvertAsync(asset, destination, new ConversionOptions { PlayerPage = true }, null, default),
        ];

        Assert.All(results, result => Assert.DoesNotContain(result.Warnings, warning => warning.Contains("is being written", StringComparison.Ordinal)));
        Assert.Equal((AmsConversionStatus.Completed, AmsConversionStatus.Failed), (results[0].Status, results[1].Status));
        Assert.Equal("StorageForbidden", Assert.IsType<PackagingException>(results[1].Error).Code);
    }

    private static StorageLocations Storage(string? connectionString) => new(new StorageSignIn { ConnectionString = connectionString });

    private static Uri Through(FaultyProxy proxy, string container) => new($"http://127.0.0.1:{proxy.Port}/{Azurite.AccountName}/{container}");

    private static string FixtureFolder(string fixture) => Path.Combine(Repository.Root, "tests", "fixtures", "assets", fixture);

    private Task<BlobContainerClient> UploadAsync(string fixture, string prefix = "") => UploadFolderAsync(FixtureFolder(fixture), prefix);

    /// <summary>Blobs that hold their own names, which are sent as they are: no client of Azure would.</summary>
    private static async Task PutRawAsync(BlobContainerClient container, params string[] names)
    {
        Uri signed = container.GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1));
        using var http = new HttpClient();
        foreach (string name in names)
        {
            var address = new Uri(
                $"{signed.GetLeftPart(UriPartial.Path)}/{name}{signed.Query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StringContent(name) };
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
            using HttpResponseMessage answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }
    }

    private async Task<BlobContainerClient> UploadFolderAsync(string folder, string prefix = "")
    {
        BlobContainerClient container = _service.GetBlobContainerClient($"asset-{Guid.NewGuid()}");
        await container.CreateAsync();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await container.GetBlobClient(prefix + Path.GetRelativePath(folder, file).Replace('\\', '/')).UploadAsync(file);
        }

        return container;
    }

    private static async Task<AmsConversionResult> ConvertAsync(IAssetStore source, IDestination destination, string? name = null)
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(
            source, default, name is null ? null : new AmsAssetMetadata { AssetName = name, ContainerName = source.Name, Location = source.Location });
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, destination, new ConversionOptions(), null, default);
        Assert.True(result.Error is null, result.Error?.ToString());
        return result;
    }

    private static Dictionary<string, byte[]> ReadFolder(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes);

    private static async Task<Dictionary<string, byte[]>> ReadContainerAsync(BlobContainerClient container, string prefix)
    {
        Dictionary<string, byte[]> files = [];
        await foreach (BlobItem blob in container.GetBlobsAsync(prefix: prefix))
        {
            files[blob.Name[prefix.Length..]] = (await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
        }

        return files;
    }

    /// <summary>The record tells where things lie and when they were written; all else is the same.</summary>
    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach ((string path, byte[] content) in expected.Where(file => file.Key != "_static.json"))
        {
            Assert.True(content.AsSpan().SequenceEqual(actual[path]), path);
        }
    }
}
