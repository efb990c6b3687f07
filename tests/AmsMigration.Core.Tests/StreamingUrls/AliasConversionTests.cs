using System.Xml.Linq;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Manifests.Aliases;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;
using AmsMigration.StreamingUrls;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.StreamingUrls;

public sealed class AliasConversionTests : IDisposable
{
    private static readonly Guid _first = Guid.Parse("9bb78bbd-1111-4f0b-8b6b-1f2d7c9a3c11");
    private static readonly Guid _second = Guid.Parse("06bfeff1-2bb6-4f58-af27-a2767f058bca");

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-aliases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Every_address_of_every_locator_and_presentation_leads_to_the_media(OutputLayout layout)
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync("two-manifests"), new PackagingOptions { Layout = layout }, _first, _second);

        Assert.Equal(2 * 2 * 12, result.StreamingAliases.Length);
        Assert.Equal([_first.ToString(), _second.ToString()], result.StreamingAliases.Select(alias => alias.LocatorId).Distinct());
        foreach (AmsStreamingAlias alias in result.StreamingAliases)
        {
            Assert.Equal(Path.Combine(_folder, "site", alias.LocatorId, alias.ManifestName, alias.Request), alias.Uri);
            string[] references = References(alias);
            Assert.NotEmpty(references);
            Assert.All(references, reference => Assert.True(System.IO.File.Exists(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(alias.Uri)!, reference))), reference));
        }
    }

    [Fact]
    public async Task They_play_what_the_outputs_own_manifests_play()
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync("mbr-mp4"), new PackagingOptions(), _first);

        string master = await System.IO.File.ReadAllTextAsync(result.HlsUri!);
        string alias = await System.IO.File.ReadAllTextAsync(result.StreamingAliases.First(one => one.Request == "manifest(format=m3u8-aapl)").Uri);
        Assert.Equal(master, alias.Replace("../../../media/mbr-mp4/", "", StringComparison.Ordinal));
        XDocument mpd = XDocument.Load(result.StreamingAliases.First(one => one.Request == "manifest(format=mpd-time-csf)").Uri);
        mpd.Root!.Elements().First().Remove();
        Assert.Equal(XDocument.Load(result.DashUri!).ToString(), mpd.ToString());
    }

    [Fact]
    public async Task A_second_run_writes_nothing_and_one_without_them_leaves_them()
    {
        AmsAsset asset = await AssetAsync("mbr-mp4");
        AmsConversionResult first = await ConvertAsync(asset, new PackagingOptions(), _first);
        DateTime written = System.IO.File.GetLastWriteTimeUtc(first.StreamingAliases[0].Uri);

        AmsConversionResult again = await ConvertAsync(asset, new PackagingOptions(), _first);
        AmsConversionResult without = await ConvertAsync(asset, new PackagingOptions());

        Assert.Equal((AmsConversionStatus.Skipped, AmsConversionStatus.Skipped), (again.Status, without.Status));
        Assert.Equal(written, System.IO.File.GetLastWriteTimeUtc(first.StreamingAliases[0].Uri));
    }

    [Fact]
    public async Task An_output_that_is_there_gets_them_without_media_being_written()
    {
        AmsAsset asset = await AssetAsync("mbr-mp4");
        await ConvertAsync(asset, new PackagingOptions());

        AmsConversionResult result = await ConvertAsync(asset, new PackagingOptions(), _first);

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("OnlyAliases", StringComparison.Ordinal) || warning.Contains("locators alone were written", StringComparison.Ordinal));
        Assert.Equal(result.StreamingAliases.Sum(alias => new FileInfo(alias.Uri).Length), result.BytesWritten);
    }

    [Fact]
    public async Task One_that_is_gone_is_written_again_and_one_that_is_planned_no_more_goes()
    {
        AmsAsset asset = await AssetAsync("mbr-mp4", "clip.ism/manifest(format=m3u8-cmaf,encryption=cbc)");
        AmsConversionResult first = await ConvertAsync(asset, new PackagingOptions(), _first);
        string old = first.StreamingAliases.Single(alias => alias.Request == "manifest(format=m3u8-cmaf,encryption=cbc)").Uri;
        System.IO.File.Delete(first.StreamingAliases[0].Uri);

        await ConvertAsync(asset, new PackagingOptions(), _first);
        Assert.True(System.IO.File.Exists(first.StreamingAliases[0].Uri) && System.IO.File.Exists(old));

        await ConvertAsync(await AssetAsync("mbr-mp4"), new PackagingOptions(), _first);
        Assert.False(System.IO.File.Exists(old));
    }

    [Fact]
    public async Task What_belongs_to_another_asset_or_to_nobody_known_is_not_written_over()
    {
        await ConvertAsync(await AssetAsync("mbr-mp4"), new PackagingOptions(), _first);
        string strange = Path.Combine(_folder, "site", _second.ToString(), "two.ism", "manifest(format=m3u8-cmaf)");
        Directory.CreateDirectory(Path.GetDirectoryName(strange)!);
        await System.IO.File.WriteAllTextAsync(strange, "mine");

        AmsAsset other = await AssetAsync("bare-mp4");
        AmsConversionResult taken = await ConvertAsync(other, new PackagingOptions(), _first);
        AmsConversionResult unknown = await ConvertAsync(await AssetAsync("bare-mp4", "two.ism/manifest(format=m3u8-cmaf)", _second), new PackagingOptions(), _second);

        Assert.Equal(["AliasTaken", "AliasTaken"], new[] { taken, unknown }.Select(result => Assert.IsType<PackagingException>(result.Error).Code));
        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(strange));
        Assert.False(Directory.Exists(Path.Combine(_folder, "media", "bare-mp4")));
        Assert.Equal(AmsConversionStatus.Completed, (await ConvertAsync(other, new PackagingOptions(), force: true, _first)).Status);
    }

    [Fact]
    public async Task A_locator_that_streamed_under_a_key_is_warned_of_where_the_output_has_none()
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(Fixture("mbr-mp4")), default, new AmsAssetMetadata
        {
            AssetName = "talk",
            ContainerName = "mbr-mp4",
            Location = Fixture("mbr-mp4"),
            Locators =
            [
                new AmsStreamingLocator { Name = "l", LocatorId = _first.ToString(), Protection = ["Cenc", "Widevine"] },
                new AmsStreamingLocator { Name = "odd", LocatorId = "../../etc" },
            ],
        });

        AmsConversionResult clear = await ConvertAsync(asset, new PackagingOptions(), isAliased: true);

        Assert.Equal(12, clear.StreamingAliases.Length);
        Assert.Contains(clear.Warnings, warning => warning.Contains("streamed with Cenc, Widevine", StringComparison.Ordinal));
        Assert.Contains(clear.Warnings, warning => warning.Contains("'../../etc', which is no GUID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whole_segments_that_are_encrypted_have_no_DASH_at_the_old_paths_either()
    {
        var key = new ContentKey(Guid.NewGuid(), new byte[16]);
        AmsConversionResult result = await AssetConverter.ConvertAsync(await AssetAsync("mbr-mp4"), new LocalDestination(Path.Combine(_folder, "media")), new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = OutputLayout.Segmented },
            Protection = new ProtectionOptions
            {
                Scheme = ProtectionScheme.Aes128,
                LicenseUris = new Dictionary<KeySystem, string> { [KeySystem.ClearKey] = "https://keys.example.com/{KeyId}" },
            },
            ContentKeys = new GivenContentKeys([key]),
            Aliases = new AliasOptions(new LocalDestination(Path.Combine(_folder, "site")), [_first]),
        }, null, default);

        Assert.Equal(8, result.StreamingAliases.Length);
        Assert.All(result.StreamingAliases, alias => Assert.Contains("EXT-X-SESSION-KEY:METHOD=AES-128", System.IO.File.ReadAllText(alias.Uri)));
    }

    [Fact]
    public async Task Without_a_locator_the_output_is_made_and_the_lack_is_said()
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync("mbr-mp4"), new PackagingOptions(), isAliased: true);

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.Empty(result.StreamingAliases);
        Assert.Contains(result.Warnings, warning => warning.Contains("No streaming locator of the asset is known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task They_may_lie_in_the_folder_of_the_output_itself()
    {
        AmsAsset asset = await AssetAsync("mbr-mp4");
        string place = Path.Combine(_folder, "one");
        var options = new ConversionOptions
        {
            PathTemplate = PathTemplate.Parse(_first.ToString()),
            Aliases = new AliasOptions(new LocalDestination(place), [_first]),
        };

        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, new LocalDestination(place), options, null, default);
        AmsConversionResult again = await AssetConverter.ConvertAsync(asset, new LocalDestination(place), options, null, default);

        Assert.Equal((AmsConversionStatus.Completed, AmsConversionStatus.Skipped), (result.Status, again.Status));
        Assert.Contains("../clip/", await System.IO.File.ReadAllTextAsync(result.StreamingAliases[0].Uri), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Filters_show_a_part_of_the_time_and_some_of_the_tracks(OutputLayout layout)
    {
        AmsAsset asset = await FilteredAsync([],
            new PresentationFilter("short") { Start = 30_000_000, End = 50_000_000 },
            new PresentationFilter("small")
            {
                FirstQuality = 60_000,
                Tracks =
                [
                    new TrackSelection([new TrackCondition("Type", true, "Video"), new TrackCondition("Bitrate", true, "0-100000")]),
                    new TrackSelection([new TrackCondition("Type", true, "Audio")]),
                ],
            },
            new PresentationFilter("nothing") { Start = 9_000_000_000 },
            new PresentationFilter("mute") { Tracks = [new TrackSelection([new TrackCondition("Language", true, "fr")])] });

        AmsConversionResult result = await ConvertAsync(asset, new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) }, isAliased: true);

        Assert.Equal(12 + (2 * 16), result.StreamingAliases.Length);
        Assert.All(result.StreamingAliases, alias => Assert.All(References(alias), reference =>
            Assert.True(System.IO.File.Exists(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(alias.Uri)!, Uri.UnescapeDataString(reference)))), reference)));
        Assert.Equal(2, result.Warnings.Count(warning => warning.Contains("nothing passes", StringComparison.Ordinal)));

        AmsStreamingAlias small = Alias(result, "manifest(filter=small,format=m3u8-cmaf)");
        string[] variants = [.. References(small).Where(reference => reference.Contains("video_", StringComparison.Ordinal) && !reference.Contains("iframes", StringComparison.Ordinal))];
        Assert.Equal(["../../../media/mbr-mp4/clip/video_90p_40k.m3u8", "../../../media/mbr-mp4/clip/video_180p_80k.m3u8"], variants);

        AmsStreamingAlias brief = Alias(result, "manifest(format=m3u8-aapl,filter=short).m3u8");
        string playlist = await System.IO.File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(brief.Uri)!, "filters", "short", "video_90p_40k.m3u8"));
        Assert.Equal(2, playlist.Split("#EXTINF:2.000000,").Length - 1);
        Assert.Contains("../../../../../media/mbr-mp4/clip/video_90p_40k", playlist, StringComparison.Ordinal);
        XElement mpd = XElement.Load(Alias(result, "manifest(filter=short,format=mpd-time-csf)").Uri);
        Assert.Equal("PT4S", (string?)mpd.Attribute("mediaPresentationDuration"));
        Assert.All(mpd.Descendants().Attributes("presentationTimeOffset"), offset =>
            Assert.Equal(2, (double)offset / (double)offset.Parent!.Attribute("timescale")!, 0.03));
    }

    [Fact]
    public async Task The_filters_of_a_locator_hold_for_all_of_its_addresses()
    {
        AmsAsset asset = await FilteredAsync(["short", "lost"], new PresentationFilter("short") { Start = 30_000_000, End = 50_000_000 });

        AmsConversionResult result = await ConvertAsync(asset, new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) }, isAliased: true);

        Assert.Equal("PT4S", (string?)XElement.Load(Alias(result, "manifest(format=mpd-time-cmaf)").Uri).Attribute("mediaPresentationDuration"));
        Assert.Contains(result.Warnings, warning => warning.Contains("names the filter 'lost', and nobody knows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_filters_of_one_address_hold_together()
    {
        AmsAsset asset = await FilteredAsync(
            [], "clip.ism/manifest(format=m3u8-cmaf,filter=short;small)",
            new PresentationFilter("short") { Start = 30_000_000, End = 50_000_000 },
            new PresentationFilter("small") { Tracks = [new TrackSelection([new TrackCondition("Bitrate", true, "0-100000")])] });

        AmsConversionResult result = await ConvertAsync(asset, new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) }, isAliased: true);

        XElement mpd = XElement.Load(Alias(result, "manifest(format=mpd-time-cmaf,filter=short;small)").Uri);
        Assert.Equal("PT4S", (string?)mpd.Attribute("mediaPresentationDuration"));
        Assert.Equal(3, mpd.Descendants().Count(element => element.Name.LocalName == "Representation"));
        Assert.Equal(3, Alias(result, "manifest(format=m3u8-cmaf,filter=short;small)") is AmsStreamingAlias both ? References(both).Count(uri => !uri.Contains("iframes", StringComparison.Ordinal)) : 0);
    }

    [Fact]
    public async Task Text_is_cut_with_the_media_it_belongs_to()
    {
        string folder = Fixture("captions");
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(folder), default, new AmsAssetMetadata
        {
            AssetName = "captions",
            ContainerName = "captions",
            Location = folder,
            Locators = [new AmsStreamingLocator { Name = "l", LocatorId = _first.ToString() }],
            StreamingFilters = [new PresentationFilter("late") { Start = 30_000_000 }],
        });

        AmsConversionResult result = await ConvertAsync(asset, new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) }, isAliased: true);

        string place = Path.GetDirectoryName(result.StreamingAliases[0].Uri)!;
        string[] texts = Directory.GetFiles(Path.Combine(place, "filters", "late"), "*.vtt");
        Assert.NotEmpty(texts);
        foreach (string text in texts)
        {
            string whole = await System.IO.File.ReadAllTextAsync(Path.Combine(Path.ChangeExtension(result.HlsUri!, null), Path.GetFileName(text)));
            Assert.True((await System.IO.File.ReadAllTextAsync(text)).Split("-->").Length < whole.Split("-->").Length);
        }
    }

    private static string Fixture(string name) => Path.Combine(Repository.Root, "tests", "fixtures", "assets", name);

    private static string[] References(AmsStreamingAlias alias)
    {
        string text = System.IO.File.ReadAllText(alias.Uri);
        if (!text.StartsWith("#EXTM3U", StringComparison.Ordinal))
        {
            XElement mpd = XElement.Parse(text);
            string root = mpd.Elements().FirstOrDefault(element => element.Name.LocalName == "BaseURL")?.Value ?? "";
            return
            [
                .. mpd.Descendants().Where(element => element.Name.LocalName == "BaseURL" && element.Parent != mpd).Select(element => root + element.Value),
                .. mpd.Descendants().Attributes("initialization").Select(attribute => root + attribute.Value.Replace("$RepresentationID$", (string?)attribute.Parent!.Parent!.Attribute("id"))),
            ];
        }

        return
        [
            .. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'),
            .. text.Split("URI=\"").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]),
        ];
    }

    private static Task<AmsAsset> AssetAsync(string fixture) => AssetCatalog.DescribeAsync(new LocalAssetStore(Fixture(fixture)), default);

    private static Task<AmsAsset> AssetAsync(string fixture, string address, Guid? locator = null) => AssetCatalog.DescribeAsync(
        new LocalAssetStore(Fixture(fixture)), default, new AmsAssetMetadata
        {
            AssetName = fixture,
            ContainerName = fixture,
            Location = Fixture(fixture),
            StreamingUrls = [Known(address, locator ?? _first)],
        });

    private static AmsStreamingAlias Alias(AmsConversionResult result, string request) => result.StreamingAliases.Single(alias => alias.Request == request);

    private static Task<AmsAsset> FilteredAsync(string[] always, params PresentationFilter[] filters) => FilteredAsync(always, "clip.ism/manifest(format=m3u8-cmaf)", filters);

    private static Task<AmsAsset> FilteredAsync(string[] always, string address, params PresentationFilter[] filters) => AssetCatalog.DescribeAsync(
        new LocalAssetStore(Fixture("mbr-mp4")), default, new AmsAssetMetadata
        {
            AssetName = "mbr-mp4",
            ContainerName = "mbr-mp4",
            Location = Fixture("mbr-mp4"),
            Locators = [new AmsStreamingLocator { Name = "l", LocatorId = _first.ToString(), Filters = always }],
            StreamingUrls = [Known(address, _first)],
            StreamingFilters = filters,
        });

    private static AmsStreamingUrl Known(string address, Guid locator) => new()
    {
        Url = $"https://contoso-usea.streaming.media.azure.net/{locator}/{address}",
        Protocol = "Hls",
        Encryption = "NoEncryption",
        LocatorId = locator.ToString(),
        StreamingEndpoint = "default",
    };

    private Task<AmsConversionResult> ConvertAsync(AmsAsset asset, PackagingOptions packaging, params Guid[] locators) =>
        ConvertAsync(asset, packaging, force: false, locators);

    private Task<AmsConversionResult> ConvertAsync(AmsAsset asset, PackagingOptions packaging, bool force, params Guid[] locators) =>
        ConvertAsync(asset, packaging, isAliased: locators.Length > 0, force, locators);

    private Task<AmsConversionResult> ConvertAsync(AmsAsset asset, PackagingOptions packaging, bool isAliased, bool force = false, Guid[]? locators = null) =>
        AssetConverter.ConvertAsync(
            asset, new LocalDestination(Path.Combine(_folder, "media")), new ConversionOptions
            {
                Packaging = packaging,
                Force = force,
                Aliases = isAliased ? new AliasOptions(new LocalDestination(Path.Combine(_folder, "site")), locators ?? []) : null,
            }, null, default);
}
