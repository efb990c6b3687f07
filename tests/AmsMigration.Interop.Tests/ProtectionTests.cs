using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;
using AmsMigration.TestSupport;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>What is encrypted here is decrypted by others, to the very samples.</summary>
public sealed class ProtectionTests : IDisposable
{
    private const string VideoKeyId = "0123456789abcdef0123456789abcdef";
    private const string VideoKeyHex = "00112233445566778899aabbccddeeff";
    private const string AudioKeyId = "fedcba98765432100123456789abcdef";
    private const string AudioKeyHex = "ffeeddccbbaa99887766554433221100";

    private static readonly ContentKey _videoKey = new(Guid.ParseExact(VideoKeyId, "N"), Convert.FromHexString(VideoKeyHex), TrackKind.Video);
    private static readonly ContentKey _audioKey = new(Guid.ParseExact(AudioKeyId, "N"), Convert.FromHexString(AudioKeyHex), TrackKind.Audio);

    private static readonly ContentKey _videoKeyForAll = new(_videoKey.Id, _videoKey.GetBytes());

    /// <summary>Every codec that both schemes can carry.</summary>
    private static readonly string[] _assets =
    [
        "mbr-mp4", "hevc-hvc1", "hevc-hev1", "hevc-hdr", "hevc-hlg", "smooth", "fragmented", "ac3", "surround", "odd-gops", "all-intra", "flac", "mp3", "captions",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-protection-").FullName;

    public static MatrixTheoryData<string, ProtectionScheme> Cases => new(_assets, [ProtectionScheme.Cenc, ProtectionScheme.Cbcs]);

    public static MatrixTheoryData<string, ProtectionScheme, OutputLayout> ShakaCases => new(
        ["mbr-mp4", "hevc-hvc1", "hevc-hev1", "smooth", "ac3", "surround", "odd-gops"],
        [ProtectionScheme.Cenc, ProtectionScheme.Cbcs],
        [OutputLayout.SingleFile, OutputLayout.Segmented]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>ffmpeg 5 loses its way in several fragments that no index lists, shaka-packager's as well as ours: so one layout.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Ffmpeg_decrypts_every_sample(string asset, ProtectionScheme scheme)
    {
        foreach (OutputTrack track in await ConvertAsync(asset, scheme, OutputLayout.SingleFile))
        {
            string decrypted = await HashAsync(track.JoinedFile(), $"0:{Letter(track)}:0", ["-decryption_key", KeyOf(track).Value]);
            Assert.Equal(await HashOfSourceAsync(track), decrypted);
        }
    }

    [Theory]
    [MemberData(nameof(ShakaCases))]
    public async Task Shaka_packager_decrypts_every_sample(string asset, ProtectionScheme scheme, OutputLayout layout)
    {
        string packager = Needs.ShakaPackager();
        foreach (OutputTrack track in await ConvertAsync(asset, scheme, layout))
        {
            string file = Path.Combine(_folder, "decrypted.mp4");
            string stream = track.Source.Kind == TrackKind.Video ? "video" : "audio";
            (string id, string value) = KeyOf(track);
            (int exitCode, _, string error) = await ProcessRunner.RunAsync(
                packager,
                [$"in={track.JoinedFile()},stream={stream},output={file}", "--enable_raw_key_decryption", "--keys", $"label=:key_id={id}:key={value}"],
                TimeSpan.FromMinutes(1));
            Assert.True(exitCode == 0, error);
            Assert.Equal(await HashOfSourceAsync(track), await HashAsync(file, "0", []));
        }
    }

    /// <summary>Each output is read back, decrypted with the keys, and compared with its source sample by sample; without the keys the check says so.</summary>
    [Theory]
    [MemberData(nameof(ShakaCases))]
    public async Task The_verifier_decrypts_what_was_encrypted(string asset, ProtectionScheme scheme, OutputLayout layout)
    {
        IReadOnlyList<OutputTrack> tracks = await ConvertAsync(asset, scheme, layout);
        var output = new LocalAssetStore(tracks[0].Result.Destination);
        var source = new LocalAssetStore(Media.Folder(asset));
        AmsVerificationResult check = await OutputCheck.RunAsync(output, source, default, [_videoKey, _audioKey]);
        Assert.Empty(check.Findings);
        Assert.Equal(tracks.Sum(track => track.Source.Samples.Count), check.SamplesCompared);
        Assert.Empty((await OutputCheck.RunAsync(output, null, default)).Findings);
        Assert.Contains((await OutputCheck.RunAsync(output, source, default)).Findings, finding => finding.Contains(_videoKey.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mbr-mp4", "cenc")]
    [InlineData("mbr-mp4", "cbcs")]
    [InlineData("hevc-hvc1", "cenc")]
    [InlineData("hevc-hvc1", "cbcs")]
    [InlineData("ac3", "cenc")]
    [InlineData("ac3", "cbcs")]
    public async Task What_shaka_packager_encrypts_is_decrypted_here(string asset, string scheme)
    {
        string original = Directory.GetFiles(Media.Folder(asset), "*.mp4").Order(StringComparer.Ordinal).First();
        string encrypted = Directory.CreateDirectory(Path.Combine(_folder, "encrypted")).FullName;
        await PackageAsync(original, Path.Combine(encrypted, "clip.mp4"), scheme);
        AmsAsset described = await AssetCatalog.DescribeAsync(new LocalAssetStore(encrypted), default);

        var options = new ConversionOptions { SourceKeys = new GivenContentKeys([_videoKey]), PathTemplate = PathTemplate.Parse("clear") };
        AmsConversionResult result = await AssetConverter.ConvertAsync(described, new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        string file = Path.Combine(result.Destination, Assert.Single(result.Tracks).File);
        Assert.Equal(await HashAsync(original, "0:v:0", []), await HashAsync(file, "0:v:0", []));

        AmsConversionResult refused = await AssetConverter.ConvertAsync(
            described, new LocalDestination(_folder), new ConversionOptions { PathTemplate = PathTemplate.Parse("refused") }, null, default);
        Assert.Equal("ContentKeyMissing", Assert.IsType<PackagingException>(refused.Error).Code);
        Assert.False(Directory.Exists(Path.Combine(_folder, "refused")));
    }

    [Theory]
    [InlineData(ProtectionScheme.Cenc)]
    [InlineData(ProtectionScheme.Cbcs)]
    public async Task Pssh_boxes_are_those_of_shaka_packager(ProtectionScheme scheme)
    {
        string original = Directory.GetFiles(Media.Folder("mbr-mp4"), "*.mp4").Order(StringComparer.Ordinal).First();
        string packaged = Path.Combine(_folder, "shaka.mp4");
        await PackageAsync(original, packaged, scheme.ToString().ToLowerInvariant(), "--protection_systems", "Common,Widevine,PlayReady");
        OutputTrack ours = (await ConvertAsync("mbr-mp4", scheme, OutputLayout.SingleFile, _videoKeyForAll))[0];
        Assert.Equal(PsshBoxes(packaged), PsshBoxes(ours.JoinedFile()));
    }

    /// <summary>In the order of their systems.</summary>
    private static string[] PsshBoxes(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        List<string> boxes = [];
        for (int at = bytes.AsSpan().IndexOf("pssh"u8); at >= 0;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at - 4));
            boxes.Add(Convert.ToHexString(bytes, at - 4, length));
            int next = bytes.AsSpan(at + 4).IndexOf("pssh"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        Assert.NotEmpty(boxes);
        return [.. boxes.Order(StringComparer.Ordinal)];
    }

    /// <summary>The first video of a file under the key for video.</summary>
    private static async Task PackageAsync(string file, string output, string scheme, params string[] more)
    {
        (int exitCode, _, string error) = await ProcessRunner.RunAsync(
            Needs.ShakaPackager(),
            [
                $"in={file},stream=video,output={output}", "--protection_scheme", scheme, "--enable_raw_key_encryption", "--clear_lead", "0",
                "--keys", $"label=:key_id={VideoKeyId}:key={VideoKeyHex}", .. more,
            ],
            TimeSpan.FromMinutes(1));
        Assert.True(exitCode == 0, error);
    }

    private static string Letter(OutputTrack track) => track.Source.Kind == TrackKind.Video ? "v" : "a";

    private static (string Id, string Value) KeyOf(OutputTrack track) =>
        track.Source.Kind == TrackKind.Video ? (VideoKeyId, VideoKeyHex) : (AudioKeyId, AudioKeyHex);

    private static Task<string> HashOfSourceAsync(OutputTrack track) => HashAsync(track.SourceFile, $"0:i:{track.Source.SourceTrackId}", []);

    private static Task<string> HashAsync(string file, string map, string[] before) =>
        Needs.FfmpegAsync([.. before, "-ignore_editlist", "1", "-i", file, "-map", map, "-c", "copy", "-f", "streamhash", "-"]);

    private async Task<IReadOnlyList<OutputTrack>> ConvertAsync(string asset, ProtectionScheme scheme, OutputLayout layout, params ContentKey[] keys)
    {
        var store = new LocalAssetStore(Media.Folder(asset));
        AmsAsset described = await AssetCatalog.DescribeAsync(store, default);
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            Protection = new ProtectionOptions { Scheme = scheme, Systems = [KeySystem.ClearKey, KeySystem.Widevine, KeySystem.PlayReady] },
            ContentKeys = new GivenContentKeys(keys.Length > 0 ? keys : [_videoKey, _audioKey]),
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(described, new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        AssetContent content = await AssetReader.ReadAsync(store, default);
        Track[] tracks = [.. content.Presentations.SelectMany(presentation => presentation.Tracks)];
        return [.. result.Tracks.Where(track => track.Type != "Text").Zip(tracks, (track, from) => new OutputTrack(result, track, from, store.Location))];
    }
}
