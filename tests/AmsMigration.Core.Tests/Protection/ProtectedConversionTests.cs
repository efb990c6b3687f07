using System.Text;
using System.Xml.Linq;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Metadata;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;
using AmsMigration.TestSupport;
using AmsMigration.Verification;

namespace AmsMigration.Core.Tests.Protection;

public sealed class ProtectedConversionTests : IDisposable
{
    private static readonly ContentKey Key = new(Guid.Parse("9259eb06-eeee-4f77-987f-48f4ea5c649f"), Convert.FromHexString("00112233445566778899aabbccddeeff"));

    private static readonly ProtectionOptions Segments = new()
    {
        Scheme = ProtectionScheme.Aes128,
        LicenseUris = new Dictionary<KeySystem, string> { [KeySystem.ClearKey] = "https://keys.example.com/?kid={KeyIdGuid}" },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-protected-").FullName;

    public static MatrixTheoryData<ProtectionScheme, OutputLayout, int> Cases => new(
        [ProtectionScheme.Cenc, ProtectionScheme.Cbcs], [OutputLayout.SingleFile, OutputLayout.Segmented], [0, 3]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_was_encrypted_is_the_source_again_with_its_key_a_clear_lead_included(ProtectionScheme scheme, OutputLayout layout, int clearLead)
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync(), new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            Protection = new ProtectionOptions { Scheme = scheme, ClearLead = TimeSpan.FromSeconds(clearLead) },
            ContentKeys = new GivenContentKeys([Key]),
        });

        AmsVerificationResult check = await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), new LocalAssetStore(Fixture), default, [Key]);

        Assert.Empty(check.Findings);
        Assert.True(check.SamplesCompared > 0);
        string media = Encoding.Latin1.GetString(Bytes(result).SelectMany(file => file).ToArray());
        Assert.Equal(clearLead > 0, media.Contains("seig", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Segments_that_were_encrypted_as_a_whole_are_the_source_again_with_their_key(int clearLead)
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync(), new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = OutputLayout.Segmented, SegmentDuration = TimeSpan.FromSeconds(2) },
            Protection = Segments with { ClearLead = TimeSpan.FromSeconds(clearLead) },
            ContentKeys = new GivenContentKeys([Key]),
        });
        var output = new LocalAssetStore(result.Destination);
        var source = new LocalAssetStore(Fixture);
        ContentKey other = new(Guid.NewGuid(), Key.GetBytes().Reverse().ToArray());

        AmsVerificationResult check = await OutputCheck.RunAsync(output, source, default, [other, Key]);
        AmsVerificationResult closed = await OutputCheck.RunAsync(output, source, default, [other]);
        FileInfo segment = new DirectoryInfo(result.Destination).EnumerateFiles("*.m4s", SearchOption.AllDirectories).OrderBy(file => file.FullName).Last();
        await using (FileStream file = segment.OpenWrite())
        {
            file.Seek(-40, SeekOrigin.End);
            file.WriteByte(0x5a);
        }

        AmsVerificationResult damaged = await OutputCheck.RunAsync(output, source, default, [Key]);

        Assert.Empty(check.Findings);
        Assert.True(check.SamplesCompared > 0);
        Assert.Contains(closed.Findings, finding => finding.Contains("no key that is known opens them", StringComparison.Ordinal));
        Assert.NotEmpty(damaged.Findings);
    }

    [Fact]
    public async Task No_file_and_no_text_of_a_run_holds_the_key()
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync(), new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = OutputLayout.Segmented },
            Protection = Segments,
            ContentKeys = new GivenContentKeys([Key]),
        });

        Assert.Contains(Bytes(result), file => Encoding.UTF8.GetString(file).Contains("https://keys.example.com/?kid=9259eb06", StringComparison.Ordinal));
        foreach (byte[] file in Bytes(result))
        {
            Assert.Equal(-1, file.AsSpan().IndexOf(Key.GetBytes()));
            string text = Encoding.Latin1.GetString(file);
            Assert.DoesNotContain("00112233445566778899aabbccddeeff", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Key.GetBytes()), text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ProtectionScheme.Aes128)]
    [InlineData(ProtectionScheme.Cenc)]
    [InlineData(ProtectionScheme.Cbcs)]
    public async Task Without_a_key_nothing_is_written(ProtectionScheme scheme)
    {
        AmsConversionResult result = await ConvertAsync(await AssetAsync(), new ConversionOptions { Protection = new ProtectionOptions { Scheme = scheme } }, isSound: false);

        Assert.Equal((AmsConversionStatus.Failed, "ContentKeyMissing"), (result.Status, (result.Error as Packaging.PackagingException)?.Code));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_key_that_the_account_knew_and_nobody_has_any_more_is_no_reason_to_write_in_clear()
    {
        var metadata = new AmsAssetMetadata
        {
            AssetName = "talk",
            ContainerName = "mbr-mp4",
            Location = Fixture,
            Locators =
            [
                new AmsStreamingLocator { Name = "l", LocatorId = "l", ContentKeys = [new AmsContentKey { KeyId = Key.ToString(), Type = "CommonEncryptionCenc" }] },
            ],
        };
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(Fixture), default, metadata);
        var options = new ConversionOptions { Protection = new ProtectionOptions { Scheme = ProtectionScheme.Cenc } };

        AmsConversionResult lost = await ConvertAsync(asset, options, isSound: false);
        metadata.ContentKeys = [new ContentKeyValue(metadata.Locators[0].ContentKeys[0], Key.GetBytes())];
        AmsConversionResult known = await ConvertAsync(asset, options);

        Assert.Equal("ContentKeyUnavailable", (lost.Error as Packaging.PackagingException)?.Code);
        Assert.Contains(Key.HexId, Encoding.UTF8.GetString(File.ReadAllBytes(known.DashUri!)).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Exported_keys_that_name_tracks_are_for_these_and_the_one_that_names_none_for_the_others()
    {
        const string OtherKey = "06bfeff1-2bb6-4f58-af27-a2767f058bca";
        var english = new TrackSelection([new TrackCondition("Type", true, "Audio"), new TrackCondition("Language", true, "eng")]);
        AmsContentKey[] keys =
        [
            new AmsContentKey { KeyId = Key.ToString(), Type = "CommonEncryptionCenc" },
            new AmsContentKey { KeyId = OtherKey, Type = "CommonEncryptionCenc", Tracks = [english] },
        ];
        AmsAsset asset = await AssetCatalog.DescribeAsync(new LocalAssetStore(Fixture), default, new AmsAssetMetadata
        {
            AssetName = "talk",
            ContainerName = "mbr-mp4",
            Location = Fixture,
            Locators = [new AmsStreamingLocator { Name = "a", LocatorId = "a", ContentKeys = keys }],
            ContentKeys = [.. keys.Select(key => new ContentKeyValue(key, Guid.Parse(key.KeyId).ToByteArray()))],
        });

        AmsConversionResult result = await ConvertAsync(asset, new ConversionOptions { Protection = new ProtectionOptions { Scheme = ProtectionScheme.Cenc } });

        XDocument mpd = XDocument.Load(result.DashUri!);
        XName defaultKid = XName.Get("default_KID", "urn:mpeg:cenc:2013");
        string[] KeysOf(string type) =>
        [
            .. mpd.Descendants().Where(element => element.Name.LocalName == "AdaptationSet" && (string?)element.Attribute("contentType") == type)
                .SelectMany(set => set.Descendants()).Select(element => (string?)element.Attribute(defaultKid)).OfType<string>().Distinct(),
        ];
        Assert.Equal([OtherKey], KeysOf("audio"));
        Assert.Equal([Key.ToString()], KeysOf("video"));
    }

    private static string Fixture => Path.Combine(Repository.Root, "tests", "fixtures", "assets", "mbr-mp4");

    private static Task<AmsAsset> AssetAsync() => AssetCatalog.DescribeAsync(new LocalAssetStore(Fixture), default);

    private static IEnumerable<byte[]> Bytes(AmsConversionResult result) =>
        Directory.EnumerateFiles(result.Destination, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes);

    private async Task<AmsConversionResult> ConvertAsync(AmsAsset asset, ConversionOptions options, bool isSound = true)
    {
        AmsConversionResult result = await AssetConverter.ConvertAsync(asset, new LocalDestination(_folder), options, null, default);
        Assert.True(!isSound || result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        return result;
    }
}
