using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.Infrastructure.StreamingUrls;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.TestAccounts;
using AmsMigration.TestSupport;

namespace AmsMigration.Infrastructure.Tests.Metadata;

public sealed class ExportReaderTests : IAsyncLifetime
{
    private static readonly ITokenSource NoTokens = new GivenToken("none");

    /// <summary>The container of the encrypted asset.</summary>
    private static readonly MemoryAssetStore Container = new("asset-00000000-0000-4000-8000-000000000002");

    private AccountServer _server = null!;
    private Account _account = null!;
    private ExportRun _export = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AccountServer.StartAsync();
        _account = _server.Add(MadeAccount.Create("active", 3));
        _export = new ExportRun(_server);
    }

    public async ValueTask DisposeAsync()
    {
        _export.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("active")]
    public async Task An_export_or_an_account_s_folder_in_it_knows_a_container_with_its_keys(string below)
    {
        var target = new SecretsTarget { Passphrase = "correct horse" };
        await _export.RunAsync(_account, new MetadataExportOptions { Secrets = target });

        ExportedKeys known = await new ExportReader(Path.Combine(_export.Root, below), target, NoTokens).FindAsync(Container, default);

        Assert.Equal("asset 2", known.Metadata?.AssetName);
        Assert.Equal([0xff, 0xff, 0xff, 0xff, 0xc5, 0x0e, 0x20, 0xb6], known.StorageKey?.FindVector("a.mp4"));
        Assert.Equal(Convert.FromBase64String(MadeAccount.Secrets[0]), Assert.Single(known.Metadata!.ContentKeys).Value);
    }

    [Theory]
    [InlineData("asset-00000000-0000-4000-8000-000000000002", "another name", "asset 2")]
    [InlineData("a-copy", "ASSET 2", "asset 2")]
    [InlineData("a-copy", "another name", null)]
    public async Task A_conversion_without_metadata_finds_its_addresses_by_container_then_by_name_and_no_key(string container, string name, string? expected)
    {
        await _export.RunAsync(_account, new MetadataExportOptions { Secrets = new SecretsTarget { Passphrase = "correct horse" } });
        var result = new AmsConversionResult
        {
            AssetName = name,
            Status = AmsConversionStatus.Completed,
            Source = $"https://media.blob.core.windows.net/{container}/?sv=1",
            Destination = "x",
        };

        AmsAssetMetadata? found = await new ExportedAddresses(_export.Root).FindAsync(result, default);

        Assert.Equal(expected, found?.AssetName);
        Assert.Equal(expected is not null, found?.StreamingUrls.Length > 0);
        Assert.Null(found?.StorageKey);
    }

    [Fact]
    public async Task What_is_no_export_is_told_where_addresses_are_looked_for()
    {
        var result = new AmsConversionResult { AssetName = "a", Status = AmsConversionStatus.Completed, Source = "b", Destination = "c" };
        PackagingException missing = await Assert.ThrowsAsync<PackagingException>(() => new ExportedAddresses(_export.Root).FindAsync(result, default));
        Assert.Equal("ExportNotFound", missing.Code);
    }

    [Fact]
    public async Task What_opens_the_keys_is_asked_for_by_name()
    {
        await _export.RunAsync(_account, new MetadataExportOptions { Secrets = new SecretsTarget { Passphrase = "correct horse" } });

        PackagingException missing = await Assert.ThrowsAsync<PackagingException>(() => new ExportReader(_export.Root, new SecretsTarget(), NoTokens).FindAsync(Container, default));
        PackagingException wrong = await Assert.ThrowsAsync<PackagingException>(
            () => new ExportReader(_export.Root, new SecretsTarget { Passphrase = "wrong" }, NoTokens).FindAsync(Container, default));

        Assert.Equal(("PassphraseMissing", "PassphraseWrong"), (missing.Code, wrong.Code));
    }

    [Fact]
    public async Task An_export_without_keys_names_the_asset_and_has_no_key()
    {
        await _export.RunAsync(_account);
        var reader = new ExportReader(_export.Root, new SecretsTarget(), NoTokens);

        ExportedKeys known = await reader.FindAsync(Container, default);
        ExportedKeys unknown = await reader.FindAsync(new MemoryAssetStore("elsewhere"), default);

        Assert.Equal(("asset 2", null), (known.Metadata?.AssetName, known.StorageKey));
        Assert.Null(unknown.Metadata);
    }

    [Theory]
    [InlineData("""{ "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "assetFileEncryptionMetadata": [ { "initializationVector": "18446744073709551615", "assetFileName": "A.mp4" } ] }""", null)]
    [InlineData("""{ "key": "AAAAAAAAAAAAAAAAAAAAAA==", "assetFileEncryptionMetadata": [] }""", "EncryptionKeyWrong")]
    [InlineData("""{ "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "assetFileEncryptionMetadata": [ { "initializationVector": "1.5", "assetFileName": "A.mp4" } ] }""", "EncryptionKeyWrong")]
    [InlineData("not json", "EncryptionKeyWrong")]
    [InlineData("{}", "EncryptionKeyWrong")]
    public async Task A_file_with_the_service_s_answer_is_a_key(string content, string? code)
    {
        string file = Path.Combine(_export.Root, "key.json");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        var reader = new ExportReader(file, new SecretsTarget(), NoTokens);
        if (code is null)
        {
            Assert.Equal([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], (await reader.FindAsync(Container, default)).StorageKey?.FindVector("a.mp4"));
            return;
        }

        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => reader.FindAsync(Container, default));
        Assert.Equal(code, e.Code);
        Assert.DoesNotContain("AAECAwQF", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_export_is_said_to_be_none()
    {
        PackagingException e = await Assert.ThrowsAsync<PackagingException>(() => new ExportReader(_export.Root, new SecretsTarget(), NoTokens).FindAsync(Container, default));

        Assert.Equal("ExportNotFound", e.Code);
    }
}
