using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Transfer;
using AmsMigration.TestSupport;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace AmsMigration.Infrastructure.Tests.Storage;

/// <summary>Media that the destination's service fetches by itself: the same bytes, and none of the long ranges by way of this machine.</summary>
public sealed class ServerSideCopyTests : IAsyncLifetime
{
    private const int Megabyte = 1 << 20;
    private readonly Azurite _azurite;
    private readonly BlobServiceClient _service;
    private readonly BlobContainerClient _source;
    private readonly BlobContainerClient _output;
    private FetchingService _fetching = null!;

    public ServerSideCopyTests(Azurite azurite)
    {
        azurite.Need();
        _azurite = azurite;
        _service = new BlobServiceClient(azurite.ConnectionString);
        _source = _service.GetBlobContainerClient($"asset-{Guid.NewGuid():N}");
        _output = _service.GetBlobContainerClient($"out-{Guid.NewGuid():N}");
    }

    public async ValueTask InitializeAsync()
    {
        _fetching = await FetchingService.StartAsync(_azurite);
        await _source.CreateAsync();
        await _output.CreateAsync();
        string folder = Path.Combine(Repository.Root, "tests", "fixtures", "assets", "smooth");
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            await _source.GetBlobClient(Path.GetFileName(file)).UploadAsync(file);
        }
    }

    public async ValueTask DisposeAsync() => await _fetching.DisposeAsync();

    [Fact]
    public async Task The_key_of_the_source_signs_an_address_for_each_range_and_the_bytes_are_those_of_an_ordinary_conversion()
    {
        byte[] text = await PutTextAsync(17 * Megabyte);

        AmsConversionResult result = await ConvertAsync(Keyed);

        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("by way of", StringComparison.Ordinal));
        Assert.Equal(text, await ReadAsync("notes.txt"));
        Assert.Equal(3, _fetching.Fetches.Count);
        Assert.Equal(["bytes=0-8388607", "bytes=16777216-17825791", "bytes=8388608-16777215"], _fetching.Fetches.Select(fetch => fetch.Range).Order());
        Assert.All(_fetching.Fetches, fetch =>
        {
            Assert.Contains("sp=r&", fetch.Source.Query, StringComparison.Ordinal);
            Assert.NotNull(fetch.IfMatch);
            Assert.Null(fetch.Authorization);
        });
        Assert.InRange(result.BytesRead, 1, Megabyte);
        Assert.InRange(_fetching.BytesStaged, 0, Megabyte);
        await AssertSameAsOrdinaryAsync();
    }

    [Fact]
    public async Task A_signature_in_the_address_and_a_token_open_the_source_too()
    {
        byte[] text = await PutTextAsync(5 * Megabyte);
        Uri signed = _source.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1));
        await ConvertAsync(new BlobAssetStore(new BlobPlace(new BlobContainerClient(signed), ""), new BlockBudget(2)));
        Assert.All(_fetching.Fetches, fetch => Assert.Contains("sig=", fetch.Source.Query, StringComparison.Ordinal));
        Assert.Equal(text, await ReadAsync("notes.txt"));

        _fetching.Fetches.Clear();
        await _output.GetBlobClient("smooth/notes.txt").DeleteAsync();
        _fetching.Open = (address, authorization) => authorization == "Bearer a-token" ? Sign(address) : address;
        using IByteSource byToken = new BlobByteSource(
            new BlobClient(_source.GetBlobClient("notes.txt").Uri), new AssetFile("notes.txt", text.Length), new GivenCredential("a-token"));
        ServerAddress? address = await ((IServerReadable)byToken).FindAddressAsync(default);
        Assert.Equal("a-token", address!.BearerToken);
        var copies = new ServerCopies();
        using (IOutputFile file = await Output("x").CreateAsync("notes.txt", text.Length, "text/plain", null, default))
        {
            await ((IServerCopyFile)file).CopyAsync((IServerReadable)byToken, 0, text.Length, copies, default);
            await file.CommitAsync(default);
        }

        Assert.Null(copies.Refusal);
        Assert.Equal(text.Length, copies.BytesCopied);
        Assert.All(_fetching.Fetches, fetch => Assert.Equal("Bearer a-token", fetch.Authorization));
        Assert.Equal(text, (await _output.GetBlobClient("x/notes.txt").DownloadContentAsync()).Value.Content.ToArray());
    }

    [Theory]
    [InlineData("smooth")]
    [InlineData("mbr-mp4")]
    public async Task Ranges_of_media_are_fetched_between_literal_blocks_and_short_ones_are_read(string fixture)
    {
        var local = new LocalAssetStore(Path.Combine(Repository.Root, "tests", "fixtures", "assets", fixture));
        foreach (AssetFile file in await local.ListAsync(default))
        {
            await _source.GetBlobClient(file.Path).UploadAsync(Path.Combine(local.Location, file.Path), overwrite: true);
        }

        AssetContent content = await AssetReader.ReadAsync(local, default);
        Presentation presentation = await PresentationContent.ReadAsync(local, content.Presentations[0], default);
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions());
        var expected = new MemoryOutputStore();
        await TransferEngine.RunAsync(plan, local, expected, new TransferOptions(), null, default);
        var copies = new ServerCopies { Threshold = 2_000 };

        await TransferEngine.RunAsync(plan, Keyed, Output("media"), new TransferOptions { ServerCopies = copies }, null, default);

        Assert.Null(copies.Refusal);
        Assert.NotEmpty(_fetching.Fetches);
        Assert.Equal(_fetching.Fetches.Sum(fetch => LengthOf(fetch.Range!)), copies.BytesCopied);
        Assert.All(_fetching.Fetches, fetch => Assert.True(LengthOf(fetch.Range!) >= copies.Threshold));
        foreach (OutputFile file in plan.Files)
        {
            byte[] made = (await _output.GetBlobClient($"media/{file.Path}").DownloadContentAsync()).Value.Content.ToArray();
            Assert.True((await expected.ReadAsync(file.Path, int.MaxValue, default)).AsSpan().SequenceEqual(made), file.Path);
        }

        static long LengthOf(string range)
        {
            long[] ends = [.. range["bytes=".Length..].Split('-').Select(long.Parse)];
            return ends[1] - ends[0] + 1;
        }
    }

    [Theory]
    [InlineData(403, 0)]
    [InlineData(403, 2)]
    [InlineData(501, 1)]
    public async Task What_the_service_refuses_goes_by_way_of_this_machine_and_that_is_said(int status, int allowed)
    {
        byte[] text = await PutTextAsync(17 * Megabyte);
        _fetching.Refuse = _ => _fetching.Fetches.Count > allowed ? status : null;

        AmsConversionResult result = await ConvertAsync(Keyed);

        Assert.Contains(result.Warnings, warning => warning.Contains("by way of", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("sig=", StringComparison.Ordinal));
        Assert.Equal(text, await ReadAsync("notes.txt"));
        await AssertSameAsOrdinaryAsync();
    }

    [Fact]
    public async Task The_emulator_which_fetches_nothing_gets_the_bytes_from_here()
    {
        byte[] text = await PutTextAsync(5 * Megabyte);

        AmsConversionResult result = await ConvertAsync(Keyed, new BlobDestination(new BlobPlace(_output, ""), new BlockBudget(2)), Copying);

        Assert.Contains(result.Warnings, warning => warning.Contains("by way of", StringComparison.Ordinal));
        Assert.Equal(text, await ReadAsync("notes.txt"));
    }

    [Fact]
    public async Task A_source_that_is_written_to_meanwhile_fails_the_conversion()
    {
        await PutTextAsync(17 * Megabyte);
        AmsAsset asset = await AssetCatalog.DescribeAsync(Keyed, default);
        int fetched = 0;
        _fetching.Refuse = _ =>
        {
            if (Interlocked.Increment(ref fetched) == 2)
            {
                PutTextAsync(17 * Megabyte).Wait();
            }

            return null;
        };

        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, Destination, Copying, null, default);

        Assert.Equal("SourceChanged", Assert.IsType<PackagingException>(result.Error).Code);
        Assert.False(await _output.GetBlobClient("smooth/notes.txt").ExistsAsync());
    }

    [Fact]
    public async Task A_folder_is_fetched_by_nobody_and_that_is_said()
    {
        string folder = Directory.CreateTempSubdirectory("amsmigration-folder-").FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "notes.txt"), new byte[Megabyte]);

        AmsConversionResult result = await ConvertAsync(new LocalAssetStore(folder));

        Assert.Contains(result.Warnings, warning => warning.Contains("no service can read the source", StringComparison.Ordinal));
        Assert.Empty(_fetching.Fetches);
        Directory.Delete(folder, recursive: true);
    }

    private static ConversionOptions Copying { get; } = new() { ServerSideCopy = true, CopyNonStreamable = true, PathTemplate = PathTemplate.Parse("smooth") };

    private BlobAssetStore Keyed => new(new BlobPlace(_source, ""), new BlockBudget(2));

    private BlobDestination Destination
    {
        get
        {
            Uri signed = _output.GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1));
            var through = new UriBuilder(signed) { Port = _fetching.Uri.Port };
            return new BlobDestination(new BlobPlace(new BlobContainerClient(through.Uri), ""), new BlockBudget(3));
        }
    }

    private IOutputStore Output(string path) => Destination.Open(path);

    private Uri Sign(Uri address) => _source.GetBlobClient(address.Segments[^1]).GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1));

    private Task<AmsConversionResult> ConvertAsync(IAssetStore source) => ConvertAsync(source, Destination, Copying);

    private static async Task<AmsConversionResult> ConvertAsync(IAssetStore source, IDestination destination, ConversionOptions options)
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(source, default);
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, destination, options, null, default);
        Assert.True(result.Error is null, result.Error?.ToString());
        return result;
    }

    /// <summary>A file beside the media that is long enough to be fetched.</summary>
    private async Task<byte[]> PutTextAsync(int length)
    {
        byte[] text = new byte[length];
        new Random(length).NextBytes(text);
        await _source.GetBlobClient("notes.txt").UploadAsync(BinaryData.FromBytes(text), overwrite: true);
        return text;
    }

    private async Task<byte[]> ReadAsync(string path) => (await _output.GetBlobClient($"smooth/{path}").DownloadContentAsync()).Value.Content.ToArray();

    private async Task AssertSameAsOrdinaryAsync()
    {
        BlobContainerClient ordinary = _service.GetBlobContainerClient($"ordinary-{Guid.NewGuid():N}");
        await ConvertAsync(
            Keyed, new BlobDestination(new BlobPlace(ordinary, ""), new BlockBudget(2)), Copying with { ServerSideCopy = false });
        int compared = 0;
        await foreach (BlobItem blob in ordinary.GetBlobsAsync())
        {
            if (!blob.Name.EndsWith("_static.json", StringComparison.Ordinal))
            {
                byte[] expected = (await ordinary.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
                byte[] made = (await _output.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
                Assert.True(expected.AsSpan().SequenceEqual(made), blob.Name);
                compared++;
            }
        }

        Assert.True(compared > 3);
    }

    private sealed class GivenCredential(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
