using System.Text.Json.Nodes;
using AmsMigration.Accounts;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Infrastructure.Tests.Accounts;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestAccounts;
using AmsMigration.TestSupport;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Tests.Metadata;

/// <summary>What was protected is converted with the exported keys, or not at all.</summary>
public sealed class ExportedProtectionTests : IAsyncLifetime
{
    private const string KeyId = "9259eb06-eeee-4f77-987f-000000000004";
    private const string SecretName = "ams-active-ContentKey-" + KeyId;

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-exported-").FullName;
    private readonly string _output;
    private readonly string _asset;
    private AccountServer _server = null!;
    private ExportRun _export = null!;
    private SecretClientOptions _vault = null!;

    public ExportedProtectionTests()
    {
        _output = Path.Combine(_folder, "output");
        _asset = Path.Combine(_folder, "asset-00000000-0000-4000-8000-000000000004");
        MemoryAssetStore.OfFolder(Path.Combine(Repository.Root, "tests", "fixtures", "assets", "fragmented")).WriteTo(_asset);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await AccountServer.StartAsync();
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == _server.Certificate.Thumbprint };
        _vault = new SecretClientOptions { Transport = new HttpClientTransport(handler), DisableChallengeResourceVerification = true };
        _vault.Retry.MaxRetries = 0;
        _export = new ExportRun(_server, _vault);
        Account account = _server.Add(MadeAccount.Create("active", 4));
        account.Answer("streamingLocators/locator 4/listContentKeys", Keys(Convert.ToBase64String(new byte[16])));
        await _export.RunAsync(account, new MetadataExportOptions { Secrets = new SecretsTarget { KeyVault = _server.Url } });
    }

    public async ValueTask DisposeAsync()
    {
        _export.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_vault_that_has_the_key_is_asked_for_it()
    {
        AmsConversionResult result = await ConvertAsync();

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        string playlist = await File.ReadAllTextAsync(Directory.EnumerateFiles(result.Destination, "video*.m3u8", SearchOption.AllDirectories).First());
        Assert.Contains($"#EXT-X-KEY:METHOD=AES-128,URI=\"https://keys.example.com/?kid={KeyId}\"", playlist, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_refuses_or_is_away_stops_the_conversion_before_it_writes()
    {
        _server.Vault.IsForbidden = true;
        Assert.Equal("KeyVaultForbidden", (await Assert.ThrowsAsync<AccountException>(ConvertAsync)).Code);
        await _server.DisposeAsync();
        Assert.Equal("KeyVaultUnavailable", (await Assert.ThrowsAsync<AccountException>(ConvertAsync)).Code);

        Assert.False(Directory.Exists(_output));
    }

    [Theory]
    [InlineData("{}", "ContentKeyUnavailable")]
    [InlineData("""{ "value": "no base 64" }""", "ContentKeyUnavailable")]
    [InlineData("""{ "id": "9259eb06-eeee-4f77-987f-000000000004", "value": "AAAA" }""", "InvalidContentKey")]
    public async Task A_key_whose_value_is_lost_or_spoiled_stops_the_conversion_before_it_writes(string secret, string code)
    {
        _server.Vault.Secrets[SecretName]["value"] = secret;

        AmsConversionResult result = await ConvertAsync();

        Assert.Equal((AmsConversionStatus.Failed, code), (result.Status, (result.Error as PackagingException)?.Code));
        Assert.False(Directory.Exists(_output));
    }

    private async Task<AmsConversionResult> ConvertAsync()
    {
        var store = new LocalAssetStore(_asset);
        ExportedKeys found = await new ExportReader(_export.Root, new SecretsTarget(), TestClient.Token(_server), _vault).FindAsync(store, default);
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default, found.Metadata, found.StorageKey);
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = OutputLayout.Segmented },
            Protection = new ProtectionOptions
            {
                Scheme = ProtectionScheme.Aes128,
                LicenseUris = new Dictionary<KeySystem, string> { [KeySystem.ClearKey] = "https://keys.example.com/?kid={KeyIdGuid}" },
            },
        };
        return await AssetConverter.ConvertAsync(asset, new LocalDestination(_output), options, null, default);
    }

    private static JsonNode Keys(string value) => JsonNode.Parse(
        $$"""{ "contentKeys": [ { "id": "{{KeyId}}", "type": "EnvelopeEncryption", "value": "{{value}}", "policyName": "tokens", "tracks": [] } ] }""")!;
}
