using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.Verification;

namespace AmsMigration.Interop.Tests;

/// <summary>What is wrong is said with file and place; what is left of it is sound, and ffmpeg decodes it.</summary>
public sealed class DamagedAssetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-damaged-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_that_are_cut_empty_or_text_are_named_and_what_is_there_of_the_cut_one_plays()
    {
        AmsConversionResult result = await ConvertAsync(new LocalAssetStore(Media.Folder("damaged")));

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("empty.mp4", StringComparison.Ordinal) && warning.Contains("is empty"));
        Assert.Contains(result.Warnings, warning => warning.StartsWith("text.mp4", StringComparison.Ordinal) && warning.Contains("no MP4 file"));
        Assert.Contains(result.Warnings, warning => warning.StartsWith("cut.mp4", StringComparison.Ordinal) && warning.Contains("lacks 132 of 150 samples"));
        await AssertSoundAsync(result);
        await Needs.FfmpegAsync("-allowed_extensions", "ALL", "-i", result.HlsUri!, "-map", "0", "-f", "null", "-");
    }

    [Theory]
    [InlineData("damaged-header", "cut.mp4", "'moov'")]
    [InlineData("missing-files", "gone.ism", "'gone_360p.mp4' is not in the asset")]
    public async Task An_asset_of_which_nothing_can_be_read_leaves_no_output_and_says_why(string asset, string file, string reason)
    {
        AmsConversionResult result = await ConvertAsync(new LocalAssetStore(Media.Folder(asset)));

        Assert.NotEqual(AmsConversionStatus.Completed, result.Status);
        IEnumerable<string> said = [.. result.Warnings, result.Error?.Message ?? "", (result.Error as PackagingException)?.ToString() ?? ""];
        Assert.Contains(said, text => text.Contains(file) && text.Contains(reason));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Manifests_that_point_elsewhere_or_explode_do_neither()
    {
        AmsConversionResult result = await ConvertAsync(new LocalAssetStore(Media.Folder("hostile")));

        Assert.Equal(AmsConversionStatus.Completed, result.Status);
        Assert.Equal(["escape"], result.Presentations.Select(presentation => presentation.Name));
        AmsTrack track = Assert.Single(result.Tracks);
        Assert.Equal((160, 90), (track.Width, track.Height));
        Assert.Contains(result.Warnings, warning => warning.Contains("'../../video-only/silent.mp4'"));
        Assert.Contains(result.Warnings, warning => warning.Contains("bomb.ism") && warning.Contains("document type"));
        await AssertSoundAsync(result);
    }

    [Theory]
    [InlineData("bare-mp4", "holiday.mp4")]
    [InlineData("quicktime", "clip.mov")]
    [InlineData("large-boxes", "large.mp4")]
    [InlineData("fragmented", "clip.mp4")]
    [InlineData("smooth", "clip.ismv")]
    public async Task A_file_cut_anywhere_converts_soundly_or_not_at_all(string asset, string file)
    {
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(Media.Folder(asset), file));
        const int Cuts = 40;
        for (int i = 1; i < Cuts; i++)
        {
            byte[] cut = whole[..(int)((long)whole.Length * i / Cuts)];
            AmsConversionResult result = await ConvertAsync(new MemoryAssetStore($"cut-{i}").With(file, cut));

            if (result.Status != AmsConversionStatus.Completed)
            {
                Assert.True(result.Error is PackagingException || result.Warnings.Length > 0, $"cut {i}: {result.Error}");
                Assert.False(Directory.Exists(result.Destination), $"cut {i} left something in {result.Destination}");
                continue;
            }

            Assert.Contains(result.Warnings, warning => warning.Contains(file));
            await AssertSoundAsync(result);
        }
    }

    private async Task<AmsConversionResult> ConvertAsync(IAssetStore store)
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
        var options = new ConversionOptions { Packaging = new PackagingOptions { SegmentDuration = TimeSpan.FromSeconds(2) } };
        return await AssetConverter.ConvertAsync(asset, new LocalDestination(_folder), options, null, default);
    }

    private static async Task AssertSoundAsync(AmsConversionResult result)
    {
        AmsVerificationResult check = await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), null, default);
        Assert.Empty(check.Findings);
        Assert.Equal(result.Tracks.Length, check.Renditions);
    }
}
