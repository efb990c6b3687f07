using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AmsMigration.Accounts;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Infrastructure.Tests.Accounts;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestAccounts;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public sealed class ExportedKeysTests : IAsyncLifetime
{
    private static readonly string[] KeyActions = ["/listContentKeys", "/getPolicyPropertiesWithSecrets", "/getEncryptionKey"];

    private AccountServer _server = null!;
    private Account _account = null!;
    private ExportRun _export = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AccountServer.StartAsync();
        _account = _server.Add(MadeAccount.Create("expired", 4));
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == _server.Certificate.Thumbprint };
        _export = new ExportRun(_server, new SecretClientOptions { Transport = new HttpClientTransport(handler), DisableChallengeResourceVerification = true });
    }

    public async ValueTask DisposeAsync()
    {
        _export.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_not_asked_for_and_open_secrets_are_hidden_unless_somebody_wants_them()
    {
        await _export.RunAsync(_account, new MetadataExportOptions { Formats = [MetadataFormat.Json, MetadataFormat.Yaml, MetadataFormat.Csv, MetadataFormat.MediaKind] });

        Assert.DoesNotContain(_server.Requests, request => KeyActions.Any(action => request.EndsWith(action, StringComparison.Ordinal)));
        AssertNoSecret();
        Assert.Equal(
            ("(secret)", "rtmp://studio.channel.media.azure.net:1935/live/(secret)"),
            (Studio()["input"]!["accessToken"]!.GetValue<string>(), Studio()["input"]!["endpoints"]![0]!["url"]!.GetValue<string>()));
        Assert.Contains("sv=2020&sig=***", File.ReadAllText(_export.PathOf(_account, "jobs.json")), StringComparison.Ordinal);
        Assert.All(_export.Found, found => Assert.Empty(found.ContentKeys));
    }

    [Fact]
    public async Task Keys_in_clear_are_the_service_s_answers()
    {
        AmsExportSummary summary = await _export.RunAsync(_account, Options(new SecretsTarget { IsPlainText = true }));

        Assert.Equal("files in clear", summary.Keys);
        Assert.Equal(MadeAccount.Secrets[0], _export.Read(_account, "keys/contentKeys/9259eb06-eeee-4f77-987f-000000000002.json")["value"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(
            _account.FindAction("contentKeyPolicies/tokens/getPolicyPropertiesWithSecrets"), _export.Read(_account, "keys/contentKeyPolicies/tokens.json")));
        Assert.True(JsonNode.DeepEquals(_account.FindAction("assets/asset 2/getEncryptionKey"), _export.Read(_account, "keys/storageEncryption/asset 2.json")));
        AssertKeysAttached();
    }

    [Fact]
    public async Task Keys_with_a_passphrase_open_with_it_and_with_no_other()
    {
        var target = new SecretsTarget { Passphrase = "correct horse" };
        await _export.RunAsync(_account, Options(target));
        AssertNoSecret();
        AssertKeysAttached();
        _server.ForgetRequests();

        AmsExportSummary second = await _export.RunAsync(_account, Options(target));

        Assert.Equal(4, second.Unchanged);
        AssertKeysAttached();
        Assert.DoesNotContain(_server.Requests, request => request.EndsWith("/listContentKeys", StringComparison.Ordinal));
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => _export.RunAsync(_account, Options(new SecretsTarget { Passphrase = "wrong" })));
        Assert.Equal("PassphraseWrong", e.Code);
        Assert.DoesNotContain("wrong", e.Message.Replace("PassphraseWrong", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_for_a_certificate_open_with_its_private_key_alone()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=keeper", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 whole = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 open = X509CertificateLoader.LoadCertificate(whole.Export(X509ContentType.Cert));
        var target = new SecretsTarget { Certificate = open };

        await _export.RunAsync(_account, Options(target));

        AssertNoSecret();
        AssertKeysAttached();
        var folder = new ExportFolder(new LocalOutputStore(Path.Combine(_export.Root, _account.Name)));
        byte[]? read = await SealedSecrets.ForReading(folder, target with { Certificate = whole }).FindAsync(SecretKind.ContentKeyPolicy, "tokens", default);
        Assert.Contains(MadeAccount.Secrets[1], Encoding.UTF8.GetString(read!), StringComparison.Ordinal);
        Assert.Null(await SealedSecrets.ForReading(folder, target).FindAsync(SecretKind.ContentKeyPolicy, "tokens", default));
    }

    [Fact]
    public async Task A_damaged_secret_is_said_and_not_guessed()
    {
        var target = new SecretsTarget { Passphrase = "correct horse" };
        await _export.RunAsync(_account, Options(target));
        string file = _export.PathOf(_account, "keys/contentKeyPolicies/tokens.jwe");
        string token = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, token[..^8] + "AAAAAAAA", TestContext.Current.CancellationToken);
        var folder = new ExportFolder(new LocalOutputStore(Path.Combine(_export.Root, _account.Name)));

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(
            () => SealedSecrets.ForReading(folder, target).FindAsync(SecretKind.ContentKeyPolicy, "tokens", default));

        Assert.Equal("SecretUnreadable", e.Code);
    }

    [Fact]
    public async Task Keys_go_into_a_key_vault_and_come_back_from_it()
    {
        await _export.RunAsync(_account, Options(new SecretsTarget { KeyVault = _server.Url }));

        AssertNoSecret();
        AssertKeysAttached();
        JsonObject secret = _server.Vault.Secrets["ams-expired-ContentKey-9259eb06-eeee-4f77-987f-000000000002"];
        Assert.Contains(MadeAccount.Secrets[0], secret["value"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("expired", secret["tags"]!["account"]!.GetValue<string>());
        Assert.All(_server.Vault.Secrets.Keys, name => Assert.Matches("^[0-9a-zA-Z-]{1,127}$", name));
        AmsExportSummary second = await _export.RunAsync(_account, Options(new SecretsTarget { KeyVault = _server.Url }));
        Assert.Equal(4, second.Unchanged);
        AssertKeysAttached();
    }

    [Fact]
    public async Task A_key_vault_that_refuses_ends_the_run()
    {
        _server.Vault.IsForbidden = true;

        AccountException e = await Assert.ThrowsAsync<AccountException>(() => _export.RunAsync(_account, Options(new SecretsTarget { KeyVault = _server.Url })));

        Assert.Equal("KeyVaultForbidden", e.Code);
        AssertNoSecret();
        Assert.All(MadeAccount.Secrets, secret => Assert.DoesNotContain(secret, e.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task MediaKind_s_file_has_keys_only_where_they_are_wanted_in_clear()
    {
        MetadataExportOptions options = Options(new SecretsTarget { IsPlainText = true }) with { Formats = [MetadataFormat.MediaKind] };

        await _export.RunAsync(_account, options);

        JsonNode file = _export.Read(_account, "mediakind-migration.json");
        Assert.Equal(["AssetFilters", "Assets", "ContentKeyPolicies", "StreamingEndpoints", "StreamingLocators", "StreamingPolicies"], file.AsObject().Select(p => p.Key));
        Assert.Equal(4, file["Assets"]!.AsArray().Count);
        Assert.Equal("intro", file["AssetFilters"]!["asset 3"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(
            MadeAccount.Secrets[1],
            file["ContentKeyPolicies"]![0]!["properties"]!["options"]![0]!["restriction"]!["primaryVerificationKey"]!["keyValue"]!.GetValue<string>());
        JsonNode locator = file["StreamingLocators"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == "locator 2")!;
        Assert.Equal(MadeAccount.Secrets[0], locator["properties"]!["contentKeys"]![0]!["value"]!.GetValue<string>());
        Assert.Empty(file["StreamingPolicies"]!.AsArray());
        Assert.All(file["StreamingEndpoints"]!.AsArray(), endpoint => Assert.Null(endpoint!["properties"]!["created"]));
    }

    [Fact]
    public async Task An_interrupted_run_with_keys_asks_for_no_key_twice()
    {
        using var kill = new CancellationTokenSource();
        MetadataExportOptions options = Options(new SecretsTarget { Passphrase = "correct horse" }) with { ThrottleLimit = 1 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _export.RunAsync(_account, options, cancellation: kill.Token, found: _ =>
        {
            if (_export.Found.Count == 2)
            {
                kill.Cancel();
            }

            return Task.CompletedTask;
        }));
        int before = _server.Requests.Count(request => request.EndsWith("/getEncryptionKey", StringComparison.Ordinal));

        await _export.RunAsync(_account, options);

        Assert.Equal((1, 1), (before, _server.Requests.Count(request => request.EndsWith("/getEncryptionKey", StringComparison.Ordinal))));
        AssertKeysAttached();
    }

    private static MetadataExportOptions Options(SecretsTarget target) => new() { Secrets = target };

    private JsonNode Studio() => _export.Items(_account, "liveEvents").Values.Single()["properties"]!;

    private void AssertKeysAttached()
    {
        AmsAssetMetadata encrypted = _export.Found.Single(found => found.AssetName == "asset 2");
        Assert.Equal(Convert.FromBase64String(MadeAccount.Secrets[0]), Assert.Single(encrypted.ContentKeys).Value);
        Assert.Equal([0xff, 0xff, 0xff, 0xff, 0xc5, 0x0e, 0x20, 0xb6], encrypted.StorageKey?.FindVector("a.mp4"));
        Assert.Equal("9259eb06-eeee-4f77-987f-000000000002", Assert.Single(encrypted.Locators.Single().ContentKeys).KeyId);
    }

    private void AssertNoSecret()
    {
        foreach ((string path, string text) in _export.Texts())
        {
            foreach (string secret in MadeAccount.Secrets.Concat(MadeAccount.OpenSecrets))
            {
                Assert.False(text.Contains(secret, StringComparison.Ordinal), path);
                Assert.False(text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), StringComparison.Ordinal), path);
            }
        }
    }
}
