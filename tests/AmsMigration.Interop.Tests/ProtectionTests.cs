using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;
using AmsMigration.TestSupport;

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

    private static string Letter(OutputTrack track) => track.Source.Kind == TrackKind.Video ? "v" : "a";

    private static (string Id, string Value) KeyOf(OutputTrack track) =>
        track.Source.Kind == TrackKind.Video ? (VideoKeyId, VideoKeyHex) : (AudioKeyId, AudioKeyHex);

    private static Task<string> HashOfSourceAsync(OutputTrack track) => HashAsync(track.SourceFile, $"0:i:{track.Source.SourceTrackId}", []);

    private static Task<string> HashAsync(string file, string map, string[] before) =>
        Needs.FfmpegAsync([.. before, "-ignore_editlist", "1", "-i", file, "-map", map, "-c", "copy", "-f", "streamhash", "-"]);

    private async Task<IReadOnlyList<OutputTrack>> ConvertAsync(string asset, ProtectionScheme scheme, OutputLayout layout)
    {
        var store = new LocalAssetStore(Media.Folder(asset));
        AmsAsset described = await AssetCatalog.DescribeAsync(store, default);
        var options = new ConversionOptions
        {
            Packaging = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) },
            Protection = new ProtectionOptions { Scheme = scheme, Systems = [KeySystem.ClearKey, KeySystem.Widevine, KeySystem.PlayReady] },
            ContentKeys = new GivenContentKeys([_videoKey, _audioKey]),
        };
        AmsConversionResult result = await AssetConverter.ConvertAsync(described, new LocalDestination(_folder), options, null, default);
        Assert.True(result.Status == AmsConversionStatus.Completed, result.Error?.ToString());
        var content = await AmsMigration.Packaging.Sources.AssetReader.ReadAsync(store, default);
        Track[] tracks = [.. content.Presentations.SelectMany(presentation => presentation.Tracks)];
        return [.. result.Tracks.Where(track => track.Type != "Text").Zip(tracks, (track, from) => new OutputTrack(result, track, from, store.Location))];
    }
}
