using System.Text;
using System.Text.Json;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.KeyService.Tests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;

namespace AmsMigration.Interop.Tests;

/// <summary>From a conversion with new keys to players that get them from the key service: with the right token it plays, with any other it does not.</summary>
public sealed class KeyServicePlayerTests(ProtectedOutputs outputs, Browser browser) : IClassFixture<ProtectedOutputs>
{
    [Theory]
    [InlineData(ProtectionScheme.Aes128, "hls.js m3u8", "shaka m3u8")]
    [InlineData(ProtectionScheme.Cenc, "shaka mpd", "dash.js mpd")]
    [InlineData(ProtectionScheme.Cbcs, "shaka mpd", "shaka m3u8", "dash.js mpd")]
    public async Task The_right_token_plays_and_no_other_does(ProtectionScheme scheme, params string[] ways)
    {
        Needs.Browser();
        AmsConversionResult output = await outputs.GetAsync(scheme);
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string right = Tokens.Hmac(Tokens.Secret);
        string wrong = Tokens.Hmac(Encoding.ASCII.GetBytes("somebody-else-s-secret-of-40-bytes-or-so"));
        string expired = Tokens.Hmac(Tokens.Secret, Tokens.Claims(("nbf", now - 7200), ("exp", now - 3600)));

        Task<Playback>[] allowed = [.. ways.Select(way => PlayAsync(output, way, right))];
        string[] refused = [.. ways.SelectMany(way => Enumerable.Repeat(way, 3))];
        Playback[] refusals = await Task.WhenAll(ways.SelectMany(way => new[] { wrong, expired, null }.Select(token => PlayAsync(output, way, token))));

        foreach ((string way, Playback playback) in ways.Zip(await Task.WhenAll(allowed)))
        {
            Assert.SkipWhen(playback.Unsupported is { Length: > 0 }, $"this machine's Chromium does not decode {string.Join(", ", playback.Unsupported ?? [])}");
            Assert.True(playback.Errors.Length == 0, $"{way}: {string.Join("; ", playback.Errors)}");
            Assert.True(playback.Ended && playback.Frames > 0, $"{way}: ended {playback.Ended}, {playback.Frames} pictures");
        }

        foreach ((string way, Playback playback) in refused.Zip(refusals))
        {
            Assert.True(playback is { Errors.Length: > 0, Ended: false, Frames: 0 }, $"{way}: ended {playback.Ended}, {playback.Frames} pictures");
            Assert.Contains(playback.Errors, error => error.Contains("401", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_token_in_the_address_of_the_key_plays()
    {
        Needs.Browser();
        AmsConversionResult output = await outputs.ConvertAsync(ProtectionScheme.Aes128, "token", $"&token={Tokens.Hmac(Tokens.Secret)}");

        Playback playback = await browser.PlayAsync("hls.js", output.HlsUri!, []);

        Assert.True(playback.Ended, string.Join("; ", playback.Errors));
    }

    /// <param name="way">Player and manifest.</param>
    private Task<Playback> PlayAsync(AmsConversionResult output, string way, string? token)
    {
        string[] parts = way.Split(' ');
        string manifest = parts[1] == "mpd" ? output.DashUri! : output.HlsUri!;
        string[] types = [.. output.Tracks.Select(track => $"{track.Type.ToLowerInvariant()}/mp4; codecs=\"{track.CodecString}\"")];
        return token is null ? browser.PlayAsync(parts[0], manifest, types) : browser.PlayAsync(parts[0], manifest, types, outputs.Keys, token);
    }
}

/// <summary>One asset in every scheme, and the key service that has its key.</summary>
public sealed class ProtectedOutputs : IAsyncLifetime
{
    private const string Asset = "fragmented";

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-keyservice-").FullName;
    private readonly Dictionary<ProtectionScheme, Task<AmsConversionResult>> _outputs = [];
    private AmsAsset _asset = null!;
    private ContentKeyFile _keys = null!;
    private ServiceProcess _service = null!;

    /// <summary>Where the key service is.</summary>
    public Uri Keys => _service.Address;

    public async ValueTask InitializeAsync()
    {
        string keys = Path.Combine(_folder, "keys.csv");
        string policy = Path.Combine(_folder, "policy.json");
        JsonElement tokens = Policies.Of(Policies.Token(Policies.Symmetric(Tokens.Secret)));
        await File.WriteAllTextAsync(policy, tokens.GetRawText());
        _asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(Media.Folder(Asset)), default);
        _keys = ContentKeyFile.Open(keys);
        await _keys.FindAsync(_asset, default);
        await _keys.KeepAsync(_asset, default);
        _service = await ServiceProcess.StartAsync([], "--keys", keys, "--policy", policy);
    }

    public Task<AmsConversionResult> GetAsync(ProtectionScheme scheme)
    {
        lock (_outputs)
        {
            if (!_outputs.TryGetValue(scheme, out Task<AmsConversionResult>? output))
            {
                output = _outputs[scheme] = ConvertAsync(scheme, scheme.ToString());
            }

            return output;
        }
    }

    /// <param name="query">Put behind the address of the key.</param>
    public async Task<AmsConversionResult> ConvertAsync(ProtectionScheme scheme, string name, string query = "")
    {
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions
            {
                Layout = scheme == ProtectionScheme.Aes128 ? OutputLayout.Segmented : OutputLayout.SingleFile,
                SegmentDuration = TimeSpan.FromSeconds(2),
            },
            Protection = new ProtectionOptions
            {
                Scheme = scheme,
                LicenseUris = new Dictionary<KeySystem, string> { [KeySystem.ClearKey] = $"{Keys}?kid={{KeyIdGuid}}{query}" },
            },
            ContentKeys = _keys,
            PathTemplate = PathTemplate.Parse(name),
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(_asset, new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
