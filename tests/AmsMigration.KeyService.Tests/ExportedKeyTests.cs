using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.KeyService.Keys;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.TestAccounts;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using ExportRun = AmsMigration.Infrastructure.Tests.Metadata.ExportRun;

namespace AmsMigration.KeyService.Tests;

/// <summary>Keys and policies as an export has them, wherever it put them.</summary>
public sealed class ExportedKeyTests : IAsyncLifetime
{
    private static readonly Guid _second = new("9259eb06-eeee-4f77-987f-000000000004");

    private AccountServer _server = null!;
    private Account _account = null!;
    private ExportRun _export = null!;
    private SecretClientOptions _vault = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AccountServer.StartAsync();
        _account = _server.Add(MakeAccount("contoso", 2));
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == _server.Certificate.Thumbprint };
        _vault = new SecretClientOptions { Transport = new HttpClientTransport(handler), DisableChallengeResourceVerification = true };
        _vault.Retry.MaxRetries = 0;
        _export = new ExportRun(_server, _vault);
    }

    public async ValueTask DisposeAsync()
    {
        _export.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("passphrase")]
    [InlineData("certificate")]
    [InlineData("vault")]
    public async Task Keys_are_served_behind_their_policies_from_every_kind_of_store(string store)
    {
        using X509Certificate2 certificate = MakeCertificate();
        SecretsTarget target = store switch
        {
            "plain" => new SecretsTarget { IsPlainText = true },
            "passphrase" => new SecretsTarget { Passphrase = "correct horse" },
            "certificate" => new SecretsTarget { Certificate = certificate },
            _ => new SecretsTarget { KeyVault = _server.Url },
        };
        await ExportAsync(target);

        await using Service service = await ServeAsync(new SecretsTarget { Passphrase = target.Passphrase ?? "of another export", Certificate = target.Certificate });

        Assert.Equal("200 delivered", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
        Assert.Equal("401 TokenMissing", await service.AskAsync());
        Assert.Equal("200 delivered", await service.AskAsync(null, _second));
        Assert.Equal("404 KeyUnknown", await service.AskAsync(null, Guid.NewGuid()));
    }

    [Fact]
    public async Task An_export_of_several_accounts_serves_the_keys_of_all()
    {
        Account other = _server.Add(MakeAccount("fabrikam", 3));
        await ExportAsync(new SecretsTarget { IsPlainText = true });
        await _export.RunAsync(other, new MetadataExportOptions { Secrets = new SecretsTarget { Passphrase = "correct horse" } });

        await using Service service = await ServeAsync(new SecretsTarget { Passphrase = "correct horse" });

        // Both accounts have it: the policies of both let in with the same token.
        Assert.Equal("200 delivered", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
        Assert.Equal("200 delivered", await service.AskAsync(null, new Guid("9259eb06-eeee-4f77-987f-000000000006")));
        Assert.Contains("published under 2 policies", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_open_stops_the_service_from_starting()
    {
        await ExportAsync(new SecretsTarget { Passphrase = "correct horse" });
        Assert.Equal("PassphraseMissing", await CodeAsync(new SecretsTarget()));
        Assert.Equal("PassphraseWrong", await CodeAsync(new SecretsTarget { Passphrase = "battery staple" }));

        using X509Certificate2 certificate = MakeCertificate();
        using X509Certificate2 other = MakeCertificate();
        await ExportAsync(new SecretsTarget { Certificate = certificate });
        Assert.Equal("CertificateMissing", await CodeAsync(new SecretsTarget { Passphrase = "correct horse" }));
        Assert.Equal("CertificateWrong", await CodeAsync(new SecretsTarget { Certificate = other }));
    }

    [Fact]
    public async Task A_vault_that_refuses_stops_the_service_from_starting_and_one_that_goes_away_is_said()
    {
        await ExportAsync(new SecretsTarget { KeyVault = _server.Url });
        _server.Vault.IsForbidden = true;
        AccountException refused = await Assert.ThrowsAsync<AccountException>(() => ServeAsync(new SecretsTarget()));
        Assert.Equal("KeyVaultForbidden", refused.Code);
        _server.Vault.IsForbidden = false;

        await using Service service = await ServeAsync(new SecretsTarget());
        _server.Vault.IsForbidden = true;
        Assert.Equal("503 KeyStoreUnavailable", await service.AskAsync(null, _second));
        _server.Vault.IsForbidden = false;
        Assert.Equal("200 delivered", await service.AskAsync(null, _second));
        _server.Vault.IsForbidden = true;
        Assert.Equal("200 delivered", await service.AskAsync(null, _second));
    }

    [Fact]
    public async Task A_policy_that_was_not_saved_keeps_its_keys_shut()
    {
        await ExportAsync(new SecretsTarget { IsPlainText = true });
        File.Delete(_export.PathOf(_account, "keys/contentKeyPolicies/open.json"));

        await using Service service = await ServeAsync(new SecretsTarget());

        Assert.Equal("403 PolicyMissing", await service.AskAsync(null, _second));
        Assert.Equal("200 delivered", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
    }

    [Fact]
    public async Task A_key_that_was_not_saved_is_known_and_not_served()
    {
        await ExportAsync(new SecretsTarget { IsPlainText = true });
        File.Delete(_export.PathOf(_account, $"keys/contentKeys/{Service.KeyId}.json"));
        File.WriteAllText(_export.PathOf(_account, $"keys/contentKeys/{_second}.json"), """{ "id": "x", "value": "AAAA" }""");

        await using Service service = await ServeAsync(new SecretsTarget());

        Assert.Equal("500 Failed", await service.AskAsync(Tokens.Hmac(Tokens.Secret)));
        Assert.Equal("500 Failed", await service.AskAsync(null, _second));
        Assert.Contains("ContentKeyUnavailable", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_without_keys_is_said_to_have_none()
    {
        await _export.RunAsync(_account);

        Assert.Equal("ExportWithoutKeys", (await Assert.ThrowsAsync<StartException>(() => ServeAsync(new SecretsTarget()))).Code);
        using var empty = new ExportRun(_server);
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => ExportedKeyRing.OpenAsync(empty.Root, new SecretsTarget(), NoTokens(), default));
        Assert.Equal("ExportNotFound", e.Code);
    }

    [Fact]
    public async Task Thousands_of_keys_are_served_from_a_start_of_seconds()
    {
        const int Count = 2000;
        Account large = _server.Add(MakeAccount("large", Count));
        await _export.RunAsync(large, new MetadataExportOptions { Secrets = new SecretsTarget { Passphrase = "correct horse" }, KeyRequestsPerHour = int.MaxValue });

        var clock = Stopwatch.StartNew();
        await using Service service = await ServeAsync(new SecretsTarget { Passphrase = "correct horse" }, Path.Combine(_export.Root, "large"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"it took {clock.Elapsed}");

        clock.Restart();
        foreach (int number in Enumerable.Range(1, 400).Select(i => i * 5))
        {
            Assert.Equal("200 delivered", await service.AskAsync(null, new Guid($"9259eb06-eeee-4f77-987f-{number * 2:000000000000}")));
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"400 keys took {clock.Elapsed}");
    }

    private Task ExportAsync(SecretsTarget target) => _export.RunAsync(_account, new MetadataExportOptions { Secrets = target });

    private async Task<string> CodeAsync(SecretsTarget opening) => (await Assert.ThrowsAsync<PackagingException>(() => ServeAsync(opening))).Code;

    private Task<Service> ServeAsync(SecretsTarget opening, string? path = null) => Service.StartAsync(async (ring, policies, log) =>
    {
        ExportedKeyRing export = await ExportedKeyRing.OpenAsync(path ?? _export.Root, opening, new GivenToken(_server.Options.Token), _vault, default);
        await new KeyRingLoader(policies, log.CreateLogger("loader")).AddExportAsync(ring, export, default);
    });

    private static ITokenSource NoTokens() => new GivenToken("");

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=keeper", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>An account whose first key asks for a token, and whose others are open.</summary>
    private static Account MakeAccount(string name, int assets)
    {
        var account = new Account(MadeAccount.Subscription, MadeAccount.ResourceGroup, name) { RetirementDate = "Sun, 30 Jun 2024 00:00:00 GMT", IsReadOnly = true };
        AddPolicy(account, "tokens", Policies.Token(Policies.Symmetric(Tokens.Secret)));
        AddPolicy(account, "open", Policies.Open());
        for (int i = 1; i <= assets; i++)
        {
            string policy = i == 1 ? "tokens" : "open";
            Add(account, "assets", $"asset {i}", new JsonObject { ["assetId"] = Guid.NewGuid(), ["container"] = $"asset-{i}" });
            Add(account, "streamingLocators", $"locator {i}", new JsonObject
            {
                ["assetName"] = $"asset {i}",
                ["streamingLocatorId"] = Guid.NewGuid(),
                ["streamingPolicyName"] = "Predefined_ClearKey",
                ["defaultContentKeyPolicyName"] = policy,
            });
            account.Answer($"streamingLocators/locator {i}/listPaths", new JsonObject());
            account.Answer($"streamingLocators/locator {i}/listContentKeys", new JsonObject
            {
                // What the service leaves out is the locator's default.
                ["contentKeys"] = new JsonArray(new JsonObject
                {
                    ["id"] = $"9259eb06-eeee-4f77-987f-{i * 2:000000000000}",
                    ["type"] = "EnvelopeEncryption",
                    ["value"] = Convert.ToBase64String(Service.Key),
                    ["policyName"] = i == 1 ? policy : null,
                }),
            });
        }

        return account;
    }

    private static void AddPolicy(Account account, string name, JsonObject option)
    {
        Add(account, "contentKeyPolicies", name, []);
        account.Answer($"contentKeyPolicies/{name}/getPolicyPropertiesWithSecrets", JsonObject.Create(Policies.Of(option))!);
    }

    private static void Add(Account account, string list, string name, JsonObject properties) =>
        account.Add(list, new JsonObject { ["name"] = name, ["id"] = $"{account.Id}/{list}/{name}", ["properties"] = properties });
}
