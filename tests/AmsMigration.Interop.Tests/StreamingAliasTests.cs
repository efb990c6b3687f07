using System.Xml.Linq;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Manifests.Aliases;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;
using AmsMigration.StreamingUrls;
using AmsMigration.TestSupport;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Interop.Tests;

/// <summary>Old addresses of an asset with two locators, three server manifests and two filters play in every player, from a folder and from storage.</summary>
public sealed class StreamingAliasTests(Browser browser, Azurite azurite) : IClassFixture<Azurite>, IDisposable
{
    private static readonly string[] _locators = ["9bb78bbd-1111-4f0b-8b6b-1f2d7c9a3c11", "06bfeff1-2bb6-4f58-af27-a2767f058bca"];
    private static readonly string[] _manifests = ["clip", "talk 2", "vortrag-ü"];

    /// <summary>One address for each of what an address can show, by each protocol.</summary>
    private static readonly (string Request, double Seconds, int Sizes)[] _requests =
    [
        ("manifest(format=m3u8-cmaf)", 8, 3), ("manifest(format=mpd-time-csf)", 8, 3),
        ("manifest(format=m3u8-aapl,filter=short)", 4, 3), ("manifest(filter=short,format=mpd-time-cmaf)", 4, 3),
        ("manifest(filter=small,format=m3u8-aapl).m3u8", 8, 1), ("manifest(format=mpd-time-csf,filter=small).mpd", 8, 1),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-alias-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Each_old_address_plays_from_a_folder(OutputLayout layout)
    {
        Needs.Browser();
        string site = Path.Combine(_folder, "site");
        AmsConversionResult result = await ConvertAsync(new LocalDestination(Path.Combine(site, "video")), new LocalDestination(site), layout);

        await AssertPlaysAsync(result, site, layout == OutputLayout.SingleFile ? _manifests : _manifests[..1]);
        AssertAlike(result);
    }

    [Fact]
    public async Task Each_old_address_plays_from_a_container_of_its_locator()
    {
        Needs.Browser();
        azurite.Need();
        var storage = new StorageLocations(new StorageSignIn { ConnectionString = azurite.ConnectionString });
        var service = new BlobServiceClient(azurite.ConnectionString);
        BlobServiceProperties properties = await service.GetPropertiesAsync();
        properties.Cors.Add(new BlobCorsRule { AllowedOrigins = "*", AllowedMethods = "GET,HEAD,OPTIONS", AllowedHeaders = "*", ExposedHeaders = "*", MaxAgeInSeconds = 60 });
        await service.SetPropertiesAsync(properties);
        foreach (string container in _locators.Append("video"))
        {
            await service.CreateBlobContainerAsync(container, PublicAccessType.Blob);
        }

        AmsConversionResult result = await ConvertAsync(
            storage.OpenDestination(new Uri($"{azurite.Service}/video")), storage.OpenContainers(azurite.Service), OutputLayout.SingleFile);

        AmsStreamingAlias alias = result.StreamingAliases[0];
        Assert.Equal($"{azurite.Service}/{_locators[0]}/clip.ism/", alias.Uri[..(alias.Uri.LastIndexOf('/') + 1)]);
        BlobProperties written = await service.GetBlobContainerClient(_locators[0]).GetBlobClient("clip.ism/manifest(format=m3u8-cmaf)").GetPropertiesAsync();
        Assert.Equal(ContentTypes.Hls, written.ContentType);
        await AssertPlaysAsync(result, null, _manifests[..1]);
    }

    [Theory]
    [InlineData("mbr-mp4", 3)]
    [InlineData("ntsc", 1)]
    public async Task Clients_of_Smooth_Streaming_play_their_addresses(string fixture, int qualities)
    {
        Needs.Browser();
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(Media.Folder(fixture)), default);
        var options = new ConversionOptions
        {
            Aliases = new AliasOptions(new LocalDestination(_folder), [Guid.Parse(_locators[0])]) { SmoothStreaming = true },
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, new LocalDestination(Path.Combine(_folder, "video")), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());

        string manifest = result.StreamingAliases.Single(alias => alias.Request == "Manifest").Uri;
        XElement media = XElement.Load(manifest);
        Assert.Equal(qualities, media.Elements("StreamIndex").Single(stream => (string?)stream.Attribute("Type") == "video").Elements("QualityLevel").Count());
        await AssertSamplesAsync(result, media, Path.GetDirectoryName(manifest)!);
        Playback playback = await browser.PlayOnceAsync("dash.js", manifest, _folder);
        Assert.True(playback.Errors.Length == 0, string.Join("; ", playback.Errors));
        Assert.True(playback.Ended && playback.Frames > 0, "dash.js did not come to the end");
        Assert.InRange(playback.EndedAt, result.Duration.TotalSeconds - 0.2, result.Duration.TotalSeconds + 0.2);
    }

    /// <summary>What lies in the mdat boxes of a quality level is what lies in those of the output's own file.</summary>
    private static async Task AssertSamplesAsync(AmsConversionResult result, XElement media, string folder)
    {
        foreach (XElement level in media.Descendants("QualityLevel"))
        {
            XElement stream = level.Parent!;
            List<byte> samples = [];
            long time = 0;
            foreach (XElement chunk in stream.Elements("c"))
            {
                time = (long?)chunk.Attribute("t") ?? time;
                string url = ((string)stream.Attribute("Url")!).Replace("{bitrate}", (string?)level.Attribute("Bitrate")).Replace("{start time}", $"{time}");
                samples.AddRange(MediaData(await File.ReadAllBytesAsync(Path.Combine(folder, url))));
                time += (long)chunk.Attribute("d")!;
            }

            byte[][] outputs = [.. result.Tracks.Where(track => track.Type != "Text").Select(track => MediaData(File.ReadAllBytes(Path.Combine(result.Destination, track.File))))];
            Assert.Contains(outputs, output => output.AsSpan().SequenceEqual(samples.ToArray()));
        }
    }

    private static byte[] MediaData(byte[] file)
    {
        List<byte> data = [];
        for (int at = 0; at < file.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (file.AsSpan(at + 4, 4).SequenceEqual("mdat"u8))
            {
                data.AddRange(file[(at + 8)..(at + length)]);
            }

            at += length;
        }

        return [.. data];
    }

    private async Task AssertPlaysAsync(AmsConversionResult result, string? root, string[] manifests)
    {
        (AmsStreamingAlias Alias, string Player, double Seconds, int Sizes)[] ways =
        [
            .. from one in manifests.Select((name, i) => (Name: name + ".ism", Locator: _locators[i % 2], Requests: i == 0 ? _requests : _requests[..2]))
               from request in one.Requests
               from alias in result.StreamingAliases
               where alias.LocatorId == one.Locator && alias.ManifestName == one.Name && alias.Request == request.Request
               from player in request.Request.Contains("m3u8", StringComparison.Ordinal) ? new[] { "hls.js", "shaka" } : ["shaka", "dash.js"]
               select (alias, player, request.Seconds, request.Sizes),
        ];
        Assert.Equal(2 * (_requests.Length + (2 * (manifests.Length - 1))), ways.Length);
        Playback[] playbacks = await Task.WhenAll(ways.Select(way => browser.PlayOnceAsync(way.Player, way.Alias.Uri, root)));
        foreach (((AmsStreamingAlias alias, string player, double seconds, _), Playback playback) in ways.Zip(playbacks))
        {
            string how = $"{player} with {alias.Uri}";
            Assert.True(playback.Errors.Length == 0, $"{how}: {string.Join("; ", playback.Errors)}");
            Assert.True(playback.Ended && playback.Frames > 0, $"{how} did not come to the end");
            Assert.True(Math.Abs(playback.EndedAt - playback.Buffered[0][0] - seconds) < 0.2, $"{how} played from {playback.Buffered[0][0]} to {playback.EndedAt}, not {seconds} s");
        }
    }

    /// <summary>What is not played differs from what is in nothing but the name of the manifest.</summary>
    private static void AssertAlike(AmsConversionResult result)
    {
        foreach (IGrouping<string, AmsStreamingAlias> same in result.StreamingAliases.GroupBy(alias => alias.Request))
        {
            Assert.Equal(_locators.Length * _manifests.Length, same.Count());
            Assert.Single(same.Select(alias => Neutral(File.ReadAllText(alias.Uri), alias.ManifestName[..^4])).Distinct());
        }
    }

    private static string Neutral(string text, string name) => text.Replace(Uri.EscapeDataString(name), "clip", StringComparison.Ordinal);

    private async Task<AmsConversionResult> ConvertAsync(IDestination media, IDestination urls, OutputLayout layout)
    {
        string source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        string fixture = Media.Folder("mbr-mp4");
        foreach (string file in Directory.GetFiles(fixture, "*.mp4"))
        {
            File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        }

        foreach (string name in _manifests)
        {
            await File.WriteAllTextAsync(
                Path.Combine(source, name + ".ism"),
                (await File.ReadAllTextAsync(Path.Combine(fixture, "clip.ism"))).Replace("clip.ismc", name + ".ismc", StringComparison.Ordinal));
            File.Copy(Path.Combine(fixture, "clip.ismc"), Path.Combine(source, name + ".ismc"));
        }

        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(source), default, new AmsAssetMetadata
        {
            AssetName = "talk",
            ContainerName = "source",
            Location = source,
            Locators = [.. _locators.Select(id => new AmsStreamingLocator { Name = id, LocatorId = id })],
            StreamingFilters =
            [
                new PresentationFilter("short") { Start = 30_000_000, End = 50_000_000 },
                new PresentationFilter("small")
                {
                    Tracks = [new TrackSelection([new TrackCondition("Type", true, "Audio")]), new TrackSelection([new TrackCondition("Bitrate", true, "0-60000")])],
                },
            ],
        });
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            PathTemplate = PathTemplate.Parse("{AssetName}"),
            Aliases = new AliasOptions(urls, []),
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, media, options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        Assert.Equal(_locators.Length * _manifests.Length * (12 + (2 * 16)), result.StreamingAliases.Length);
        return result;
    }
}
