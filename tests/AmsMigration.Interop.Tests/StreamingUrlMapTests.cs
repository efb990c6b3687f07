using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Infrastructure.StreamingUrls;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Storage;
using AmsMigration.StreamingUrls;
using AmsMigration.StreamingUrls.Map;
using AmsMigration.StreamingUrls.Testing;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Interop.Tests;

/// <summary>Old addresses play by way of nginx with the rules of a map, in front of a storage account that knows nothing of them.</summary>
public sealed class StreamingUrlMapTests(Browser browser, Azurite azurite) : IClassFixture<Azurite>, IDisposable
{
    private const string Locator = "9bb78bbd-1111-4f0b-8b6b-1f2d7c9a3c11";

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-nginx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_old_address_answers_and_plays_through_nginx()
    {
        Needs.Browser();
        azurite.Need();
        Assert.SkipWhen(Nginx.Program is null, "nginx is not on this machine");
        AmsConversionResult result = await ConvertAsync();
        var map = new StreamingUrlMap();
        foreach (AmsStreamingUrlMapEntry entry in new StreamingUrlMapper(new NewAddresses(null, null), []).Map(result, null))
        {
            map.Add(entry);
        }

        await StreamingUrlMapWriter.WriteAsync(map, map.Rules(), _folder, [AmsStreamingUrlMapFormat.Nginx], overwrite: false, default);
        await using Nginx nginx = await Nginx.StartAsync(_folder);
        using var web = new PublicWeb(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.1));
        var tester = new StreamingUrlTester(web, "https://player.example");

        Assert.Equal(16, map.Count);
        foreach (AmsStreamingUrlMapEntry entry in map.Entries)
        {
            AmsStreamingUrlTest test = await tester.TestAsync(entry.OldUrl, Behind(nginx, entry), null, null, null, TestContext.Current.CancellationToken);
            Assert.True(test.Works && test.StatusCode == 200 && test.Problems.Length == 0, $"{entry.OldUrl}: {string.Join("; ", test.Problems.Select(problem => problem.ToString()))}");
        }

        (string Address, string Player)[] ways =
        [
            .. from entry in map.Entries
               where entry.Format is "m3u8-cmaf" or "m3u8-aapl" or "mpd-time-cmaf" or "mpd-time-csf"
               from player in entry.Protocol == AmsStreamingProtocol.Hls ? new[] { "hls.js", "shaka" } : ["shaka", "dash.js"]
               select (Behind(nginx, entry).AbsoluteUri, player),
        ];
        Assert.Equal(16, ways.Length);
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayOnceAsync(way.Player, way.Address, null)));
        foreach (((string address, string player), Playback playback) in ways.Zip(playbacks))
        {
            Assert.True(playback.Errors.Length == 0 && playback.Ended && playback.Frames > 0, $"{player} with {address}: {string.Join("; ", playback.Errors)}");
        }
    }

    private static Uri Behind(Nginx nginx, AmsStreamingUrlMapEntry entry) => new(nginx.Uri, StreamingAddress.Parse(entry.OldUrl).Path);

    private async Task<AmsConversionResult> ConvertAsync()
    {
        var service = new BlobServiceClient(azurite.ConnectionString);
        BlobServiceProperties properties = await service.GetPropertiesAsync();
        properties.Cors.Add(new BlobCorsRule { AllowedOrigins = "*", AllowedMethods = "GET,HEAD,OPTIONS", AllowedHeaders = "*", ExposedHeaders = "*", MaxAgeInSeconds = 60 });
        await service.SetPropertiesAsync(properties);
        await service.CreateBlobContainerAsync("video", PublicAccessType.Blob);
        string fixture = Media.Folder("mbr-mp4");
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(fixture), default, new AmsAssetMetadata
        {
            AssetName = "talk",
            ContainerName = "mbr-mp4",
            Location = fixture,
            Locators = [new AmsStreamingLocator { Name = "one", LocatorId = Locator }],
        });
        var storage = new StorageLocations(new StorageSignIn { ConnectionString = azurite.ConnectionString });
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, storage.OpenDestination(new Uri($"{azurite.Service}/video")), new ConversionOptions(), null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        return result;
    }
}
