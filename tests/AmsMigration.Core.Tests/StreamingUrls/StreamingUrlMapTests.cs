using System.Diagnostics;
using System.Text.Json;
using AmsMigration.Conversion;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;
using AmsMigration.StreamingUrls.Map;
using AmsMigration.TestSupport;

namespace AmsMigration.Core.Tests.StreamingUrls;

public sealed class StreamingUrlMapTests : IDisposable
{
    private const string OldHost = "contoso-euwe.streaming.media.azure.net";
    private const string Locator = "0cf2e3a1-5b7c-4d13-9a5e-2f3b4c5d6e7f";
    private const string Storage = "https://contoso.blob.core.windows.net/video";
    private static readonly NewAddresses _storage = new(null, null);
    private static readonly AmsStreamingUrlMapFormat[] _formats = Enum.GetValues<AmsStreamingUrlMapFormat>();

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-map-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_host_and_format_and_spelling_leads_to_the_manifest_of_its_protocol()
    {
        AmsConversionResult result = Result("talk", Listed("manifest(format=m3u8-cmaf)", "Hls"), Listed("manifest(format=mpd-time-cmaf)", "Dash"), Listed("manifest", "SmoothStreaming"));

        Dictionary<string, AmsStreamingUrlMapEntry> map = Map(_storage, ["video.contoso.com"], result).ToDictionary(entry => entry.OldUrl);

        string[] hls = ["m3u8-cmaf", "m3u8-aapl", "m3u8-aapl-v3", "m3u8-aapl-v4"];
        foreach (string host in (string[])[OldHost, "video.contoso.com"])
        {
            Assert.All(hls, format => Assert.Equal($"{Storage}/talk/talk.m3u8", map[$"https://{host}/{Locator}/talk.ism/manifest(format={format}).m3u8"].NewUrl));
            Assert.Equal($"{Storage}/talk/talk.mpd", map[$"https://{host}/{Locator}/talk.ism/manifest(format=mpd-time-csf)"].NewUrl);
            AmsStreamingUrlMapEntry smooth = map[$"https://{host}/{Locator}/talk.ism/Manifest"];
            Assert.Equal(($"{Storage}/talk/talk.mpd", AmsStreamingProtocol.SmoothStreaming), (smooth.NewUrl, smooth.Protocol));
            Assert.Contains("Smooth Streaming", smooth.Note);
        }

        Assert.Equal(2 * 16, map.Count);
    }

    [Fact]
    public void Only_protocols_and_encryptions_that_a_locator_served_are_old_addresses()
    {
        AmsConversionResult result = Result("talk", Listed("manifest(format=m3u8-cmaf,encryption=cbc)", "Hls"));

        string[] old = [.. Map(_storage, [], result).Select(entry => StreamingAddress.Parse(entry.OldUrl).RequestName)];

        Assert.Equal(8, old.Length);
        Assert.All(old, request => Assert.Contains(",encryption=cbc)", request));
    }

    [Fact]
    public void An_alias_is_better_than_the_presentation_whatever_the_encryption_was()
    {
        AmsConversionResult result = Result("talk", Listed("manifest(format=m3u8-cmaf,encryption=cbc)", "Hls"));
        string alias = $"https://contoso.blob.core.windows.net/{Locator}/talk.ism/manifest(format=m3u8-cmaf)";
        result = With(result, new AmsStreamingAlias { Uri = alias, LocatorId = Locator, ManifestName = "talk.ism", Request = "manifest(format=m3u8-cmaf)" });

        Dictionary<string, AmsStreamingUrlMapEntry> map = Map(_storage, [], result).ToDictionary(entry => StreamingAddress.Parse(entry.OldUrl).RequestName);

        Assert.Equal((alias, AmsStreamingUrlTarget.Alias), (map["manifest(format=m3u8-cmaf,encryption=cbc).m3u8"].NewUrl, map["manifest(format=m3u8-cmaf)"].Target));
        Assert.Equal(AmsStreamingUrlTarget.Presentation, map["manifest(format=m3u8-aapl,encryption=cbc)"].Target);
    }

    [Fact]
    public void An_alias_of_Smooth_Streaming_stands_for_the_format_by_name_but_not_for_its_older_version()
    {
        string alias = $"https://contoso.blob.core.windows.net/{Locator}/talk.ism/manifest";
        AmsConversionResult result = With(
            Result("talk", Listed("manifest", "SmoothStreaming")), new AmsStreamingAlias { Uri = alias, LocatorId = Locator, ManifestName = "talk.ism", Request = "manifest" });

        Dictionary<string, string?> map = Map(_storage, [], result).ToDictionary(entry => StreamingAddress.Parse(entry.OldUrl).RequestName, entry => entry.NewUrl);

        Assert.All((string[])["manifest", "Manifest", "manifest(format=fmp4)"], request => Assert.Equal(alias, map[request]));
        Assert.Equal($"{Storage}/talk/talk.mpd", map["manifest(format=fmp4-v20)"]);
    }

    [Fact]
    public void Without_metadata_locators_and_presentations_say_the_addresses_and_hosts_are_optional()
    {
        AmsConversionResult result = Result("talk");
        string[] paths = [.. Map(_storage, [], result).Select(entry => entry.OldUrl)];
        Assert.Equal(16, paths.Length);
        Assert.All(paths, path => Assert.StartsWith($"/{Locator}/talk.ism/", path, StringComparison.OrdinalIgnoreCase));

        Assert.Equal([.. paths.Select(path => "https://old.example.com" + path)], Map(_storage, ["old.example.com"], result).Select(entry => entry.OldUrl));
    }

    [Theory]
    [InlineData("https://video.contoso.com", null, "https://video.contoso.com/video/talk/talk.m3u8")]
    [InlineData("https://video.contoso.com/", Storage, "https://video.contoso.com/talk/talk.m3u8")]
    [InlineData("https://cdn.contoso.com/a", Storage + "/?sv=1&sig=secret", "https://cdn.contoso.com/a/talk/talk.m3u8")]
    [InlineData("https://cdn.contoso.com", "https://contoso.blob.core.windows.net/vid", "https://cdn.contoso.com/video/talk/talk.m3u8")]
    [InlineData("https://bücher.example", Storage, "https://xn--bcher-kva.example/talk/talk.m3u8")]
    public void A_public_address_stands_for_the_account_or_for_the_destination(string baseUri, string? destination, string expected)
    {
        Assert.Equal(expected, new NewAddresses(new Uri(baseUri), destination).Of($"{Storage}/talk/talk.m3u8?sv=1&sig=secret"));
    }

    [Fact]
    public void A_folder_has_an_address_only_where_somebody_publishes_it()
    {
        Assert.Equal("https://v.example/a%20b/x%23.m3u8", new NewAddresses(new Uri("https://v.example"), "/srv/www/").Of("/srv/www/a b/x#.m3u8"));
        Assert.Null(new NewAddresses(new Uri("https://v.example"), null).Of("/srv/www/a/x.m3u8"));
        Assert.Null(new NewAddresses(new Uri("https://v.example"), "/srv/ww").Of("/srv/www/a/x.m3u8"));
        Assert.Null(_storage.Of("/srv/www/a/x.m3u8"));
    }

    [Fact]
    public void No_signature_gets_into_any_file()
    {
        AmsConversionResult result = Result("talk", Listed("manifest(format=m3u8-cmaf)?sig=secret", "Hls"));
        result = new AmsConversionResult
        {
            AssetName = result.AssetName,
            Status = result.Status,
            Source = result.Source,
            Destination = result.Destination,
            StreamingUrls = result.StreamingUrls,
            Presentations = [new() { Name = "talk", HlsUri = $"{Storage}/talk/talk.m3u8?sv=1&sig=secret", DashUri = null, Duration = TimeSpan.Zero }],
        };

        Write(Fill(Map(_storage, [], result)));

        Assert.All(Directory.GetFiles(_folder), file => Assert.DoesNotContain("secret", File.ReadAllText(file)));
    }

    [Fact]
    public void What_leads_to_itself_has_no_rule_but_stands_in_the_map()
    {
        AmsConversionResult result = With(
            Result("talk", Listed("manifest(format=m3u8-cmaf)", "Hls")),
            new AmsStreamingAlias { Uri = $"https://contoso.blob.core.windows.net/{Locator}/talk.ism/manifest(format=m3u8-cmaf)", LocatorId = Locator, ManifestName = "talk.ism", Request = "manifest(format=m3u8-cmaf)" });

        StreamingUrlMap map = Fill(Map(new NewAddresses(new Uri($"https://{OldHost}"), null), [], result));

        Assert.Contains(map.Entries, entry => entry.OldUrl == entry.NewUrl);
        Assert.All(map.Rules(), rule => Assert.NotEqual(rule.From.ToString(), rule.To));
        Assert.NotEmpty(map.Rules());
    }

    [Fact]
    public void Two_results_for_one_address_are_named_and_the_order_of_results_says_nothing()
    {
        AmsStreamingUrlMapEntry[] one = [.. Map(_storage, [], Result("a", Listed("manifest(format=m3u8-cmaf)", "Hls")))];
        AmsStreamingUrlMapEntry[] two = [.. Map(_storage, [], Result("b", Listed("manifest(format=m3u8-cmaf)", "Hls")))];

        StreamingUrlMap map = Fill(one.Concat(two).Concat(one));
        StreamingUrlMap reversed = Fill(two.Concat(one).Reverse());

        Assert.Equal(8, map.Count);
        Assert.Equal(8, map.Conflicts.Count());
        Assert.All(map.Conflicts, conflict => Assert.Equal([$"{Storage}/a/a.m3u8", $"{Storage}/b/b.m3u8"], conflict.NewUrls));
        Assert.Equal(map.Entries.Select(entry => entry.NewUrl), reversed.Entries.Select(entry => entry.NewUrl));
        Assert.All(map.Entries, entry => Assert.Equal("a", entry.AssetName));
    }

    /// <summary>
    /// All files for names that each format has to escape, compared with tests/fixtures/golden/streaming-urls. With RECORD_GOLDEN=1 in the environment they
    /// are written anew; read the difference before committing it.
    /// </summary>
    [Fact]
    public void Files_are_those_that_were_agreed_on()
    {
        string golden = Path.Combine(Repository.Root, "tests", "fixtures", "golden", "streaming-urls");
        const string hostile = "Ünï \"q\" $x (1)+;,=&'#%25 [a] {b}^~|`@! <i>.*?";
        AmsConversionResult plain = Result("talk", Listed("manifest(format=m3u8-cmaf)", "Hls"), Listed("manifest(format=mpd-time-cmaf,encryption=cenc)", "Dash"), Listed("manifest", "SmoothStreaming"));
        AmsConversionResult odd = Result(hostile, Listed("manifest(format=m3u8-cmaf,filter=a;b)", "Hls", hostile));
        AmsConversionResult failed = new()
        {
            AssetName = "broken",
            Status = AmsConversionStatus.Failed,
            Source = "https://ams.blob.core.windows.net/asset-2",
            Destination = Storage,
            StreamingUrls = [Listed("manifest(format=m3u8-cmaf)", "Hls", "broken")],
        };

        Write(Fill(Map(new NewAddresses(new Uri("https://video.contoso.com"), Storage), [], odd, plain, failed)));
        if (Environment.GetEnvironmentVariable("RECORD_GOLDEN") == "1")
        {
            Directory.CreateDirectory(golden);
            Array.ForEach(Directory.GetFiles(golden), File.Delete);
            Array.ForEach(Directory.GetFiles(_folder), file => File.Copy(file, Path.Combine(golden, Path.GetFileName(file))));
        }

        Assert.Equal(Directory.GetFiles(golden).Select(Path.GetFileName).Order(), Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(golden), file => Assert.Equal(
            File.ReadAllText(file).ReplaceLineEndings("\n"), File.ReadAllText(Path.Combine(_folder, Path.GetFileName(file))).ReplaceLineEndings("\n")));
    }

    [Fact]
    public void Tables_read_back_as_they_were_written()
    {
        AmsConversionResult result = Result("a \"b\",\nc", Listed("manifest(format=m3u8-cmaf)", "Hls"));
        StreamingUrlMap map = Fill(Map(_storage, [], result));
        Write(map);

        string[][] csv = [.. CsvText.Read(new StringReader(File.ReadAllText(Path.Combine(_folder, "streaming-urls.csv")))).Select(fields => fields.ToArray())];
        JsonElement json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "streaming-urls.json"))).RootElement;

        Assert.Equal([.. map.Entries.Select(entry => entry.OldUrl).Prepend("OldUrl")], csv.Select(fields => fields[0]));
        Assert.All(csv.Skip(1), fields => Assert.Equal("a \"b\",\nc", fields[5]));
        Assert.Equal(map.Entries.Select(entry => entry.NewUrl), json.EnumerateArray().Select(entry => entry.GetProperty("newUrl").GetString()));
    }

    [Fact]
    public async Task Files_that_are_there_stay_unless_they_may_be_overwritten()
    {
        StreamingUrlMap map = Fill(Map(_storage, [], Result("talk", Listed("manifest(format=m3u8-cmaf)", "Hls"))));
        string csv = Path.Combine(_folder, "streaming-urls.csv");
        await File.WriteAllTextAsync(csv, "mine", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "front-door-007.json"), "of a longer map", TestContext.Current.CancellationToken);

        PackagingException refusal = await Assert.ThrowsAsync<PackagingException>(() =>
            StreamingUrlMapWriter.WriteAsync(map, map.Rules(), _folder, _formats, overwrite: false, TestContext.Current.CancellationToken));
        Assert.Equal("OutputExists", refusal.Code);
        Assert.Equal(["front-door-007.json", "streaming-urls.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());

        Write(map);
        Assert.StartsWith("OldUrl,", await File.ReadAllTextAsync(csv, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Path.Combine(_folder, "front-door-007.json")));
    }

    [Fact]
    public void Templates_for_Front_Door_keep_to_its_limits()
    {
        StreamingUrlMap map = Fill(Enumerable.Range(0, 700).SelectMany(i => Map(_storage, [], Result($"talk{i:000}", new Guid(i, 0, 0, new byte[8]).ToString()))));
        Write(map);

        string[] files = [.. Directory.GetFiles(_folder, "front-door-*.json").Order()];
        Assert.True(files.Length > 1);
        var names = new HashSet<string>();
        int paths = 0;
        foreach (string file in files)
        {
            Assert.True(new FileInfo(file).Length < 4 << 20);
            JsonElement[] resources = [.. JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("resources").EnumerateArray()];
            Assert.True(resources.Length <= 800);
            Assert.All(resources, resource => Assert.True(names.Add(resource.GetProperty("name").GetString()!)));
            foreach (JsonElement rule in resources.Where(resource => resource.TryGetProperty("properties", out _)))
            {
                int values = rule.GetProperty("properties").GetProperty("conditions")[0].GetProperty("parameters").GetProperty("matchValues").GetArrayLength();
                Assert.InRange(values, 1, 10);
                Assert.InRange(rule.GetProperty("properties").GetProperty("order").GetInt32(), 1, 100);
                paths += values;
            }
        }

        Assert.Equal(map.Rules().Count, paths);
    }

    [Fact]
    public void A_hundred_thousand_addresses_take_seconds()
    {
        var watch = Stopwatch.StartNew();
        var map = new StreamingUrlMap();
        for (int i = 0; i < 6_250; i++)
        {
            foreach (AmsStreamingUrlMapEntry entry in Map(_storage, ["old.example.com"], Result($"talk{i}", new Guid(i, 0, 0, new byte[8]).ToString())))
            {
                map.Add(entry);
            }
        }

        Write(map);

        Assert.Equal(100_000, map.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) < 600L << 20);
    }

    private static StreamingUrlMap Fill(IEnumerable<AmsStreamingUrlMapEntry> entries)
    {
        var map = new StreamingUrlMap();
        foreach (AmsStreamingUrlMapEntry entry in entries)
        {
            map.Add(entry);
        }

        return map;
    }

    private void Write(StreamingUrlMap map) =>
        StreamingUrlMapWriter.WriteAsync(map, map.Rules(), _folder, _formats, overwrite: true, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private static IEnumerable<AmsStreamingUrlMapEntry> Map(NewAddresses addresses, string[] hosts, params AmsConversionResult[] results) =>
        results.SelectMany(result => new StreamingUrlMapper(addresses, hosts).Map(result, null));

    private static AmsStreamingUrl Listed(string request, string protocol, string name = "talk") => new()
    {
        Url = $"https://{OldHost}/{Locator}/{Uri.EscapeDataString(name)}.ism/{request}",
        Protocol = protocol,
        Encryption = "NoEncryption",
        LocatorId = Locator,
        StreamingEndpoint = "default",
    };

    private static AmsConversionResult Result(string name, params AmsStreamingUrl[] urls) => Result(name, Locator, urls);

    private static AmsConversionResult Result(string name, string locator, params AmsStreamingUrl[] urls) => new()
    {
        AssetName = name,
        Status = AmsConversionStatus.Completed,
        LocatorIds = [locator],
        StreamingUrls = urls,
        Source = "https://ams.blob.core.windows.net/asset-1",
        Destination = $"{Storage}/{Uri.EscapeDataString(name)}",
        Presentations =
        [
            new()
            {
                Name = name,
                HlsUri = $"{Storage}/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(name)}.m3u8",
                DashUri = $"{Storage}/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(name)}.mpd",
                Duration = TimeSpan.FromSeconds(10),
            },
        ],
    };

    private static AmsConversionResult With(AmsConversionResult result, params AmsStreamingAlias[] aliases) => new()
    {
        AssetName = result.AssetName,
        Status = result.Status,
        LocatorIds = result.LocatorIds,
        StreamingUrls = result.StreamingUrls,
        StreamingAliases = aliases,
        Source = result.Source,
        Destination = result.Destination,
        Presentations = result.Presentations,
    };
}
