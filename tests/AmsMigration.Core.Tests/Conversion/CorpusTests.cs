using System.Diagnostics;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;
using AmsMigration.Verification;

namespace AmsMigration.Core.Tests.Conversion;

/// <summary>
/// Media files that others made, as they are and damaged: each converts or is refused with a reason; none crashes, hangs, or takes memory out of
/// proportion.
/// </summary>
public sealed class CorpusTests : IDisposable
{
    private static readonly string[] Extensions = [".mp4", ".m4a", ".m4v", ".mov", ".ismv", ".isma", ".3gp", ".cmfv", ".cmfa"];

    /// <summary>Of the fixtures, those with a codec that no player plays.</summary>
    private static readonly Dictionary<string, string> _refused = new()
    {
        ["motion-jpeg.mov"] = "Motion JPEG",
        ["mpeg2.mp4"] = "MPEG-2",
        ["pro-res.mov"] = "ProRes 422",
        ["uncompressed.mov"] = "PCM",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("amsmigration-corpus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Odd_files_of_a_common_muxer_become_sound_outputs_or_are_refused_by_name()
    {
        string[] files = Find(Path.Combine(Repository.Root, "tests", "fixtures", "corpus"));
        Assert.Superset(_refused.Keys.ToHashSet(), files.Select(Path.GetFileName).ToHashSet()!);
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            MemoryAssetStore source = new MemoryAssetStore("asset").With("film" + Path.GetExtension(file), File.ReadAllBytes(file));
            foreach (OutputLayout layout in new[] { OutputLayout.SingleFile, OutputLayout.Segmented })
            {
                AmsConversionResult result = await ConvertAsync(source, layout);

                if (_refused.TryGetValue(name, out string? codec))
                {
                    Assert.Equal("NothingConvertible", Assert.IsType<PackagingException>(result.Error).Code);
                    Assert.Contains($"{codec} track 1 is left out", result.Error.Message);
                }
                else
                {
                    Assert.True(result.Status == AmsConversionStatus.Completed, $"{name} as {layout}: {result.Error}");
                    AmsVerificationResult verified = await OutputCheck.RunAsync(new LocalAssetStore(result.Destination), source, default);
                    Assert.True(verified.Findings.Length == 0, $"{name} as {layout}: {string.Join("; ", verified.Findings)}");
                    Assert.NotEqual(0, verified.SamplesCompared);
                }
            }
        }
    }

    [Fact]
    public async Task Files_of_other_projects_convert_or_are_refused_with_a_reason()
    {
        string[] files = Find(Path.Combine(Repository.Root, "tests", "node", "node_modules"));
        Assert.SkipWhen(files.Length == 0, "tests/node/node_modules holds no media files (npm ci in tests/node).");
        int converted = 0;
        foreach (string file in files)
        {
            converted += await TryAsync(file, File.ReadAllBytes(file)) ? 1 : 0;
        }

        Assert.True(converted > files.Length / 10, $"{converted} of {files.Length} converted");
    }

    [Fact]
    public async Task Cut_and_flipped_files_convert_or_are_refused_with_a_reason()
    {
        string[] files = [.. Find(Path.Combine(Repository.Root, "tests", "fixtures", "assets")), .. Find(Path.Combine(Repository.Root, "tests", "node", "node_modules")).Take(40)];
        var random = new Random(11);
        var clock = Stopwatch.StartNew();
        int runs = 0;
        for (; runs < 400 && clock.Elapsed < TimeSpan.FromSeconds(60); runs++)
        {
            string file = files[random.Next(files.Length)];
            byte[] content = File.ReadAllBytes(file);
            if (content.Length == 0)
            {
                continue;
            }

            if (runs % 2 == 0)
            {
                Array.Resize(ref content, random.Next(content.Length));
            }

            for (int flips = random.Next(1, 20); flips > 0 && content.Length > 0; flips--)
            {
                // Headers are where damage does most.
                int at = random.Next(4) == 0 ? random.Next(content.Length) : random.Next(Math.Min(content.Length, 4096));
                content[at] ^= (byte)(1 << random.Next(8));
            }

            await TryAsync($"run {runs} of {Path.GetFileName(file)}", content);
        }

        Assert.True(runs > 20, $"only {runs} runs in {clock.Elapsed}");
    }

    /// <returns>True where it was converted.</returns>
    private async Task<bool> TryAsync(string name, byte[] content)
    {
        MemoryAssetStore store = new MemoryAssetStore("asset").With("film.mp4", content);
        long before = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        AmsConversionResult result = await ConvertAsync(store, OutputLayout.SingleFile);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{name} took {clock.Elapsed}");

        // Buffers of the transfer cost the same for every file; beyond them memory follows what is there.
        long allocated = GC.GetTotalAllocatedBytes() - before;
        Assert.True(allocated < (256L << 20) + (content.Length * 64L), $"{name}: {allocated} bytes were allocated for {content.Length}");
        Assert.True(result.Error is null or PackagingException, $"{name}: {result.Error}");
        Assert.True(result.Status == AmsConversionStatus.Completed || result.Error?.Message.Length > 0 || result.Warnings.Length > 0, name);
        return result.Status == AmsConversionStatus.Completed;
    }

    private async Task<AmsConversionResult> ConvertAsync(MemoryAssetStore store, OutputLayout layout)
    {
        AmsAsset asset = await AssetCatalog.DescribeAsync(store, default);
        var options = new ConversionOptions { Force = true, Packaging = new PackagingOptions { Layout = layout }, PathTemplate = PathTemplate.None };
        return await AssetConverter.ConvertAsync(asset, new LocalDestination(Path.Combine(_folder, $"{layout}")), options, null, default);
    }

    private static string[] Find(string folder) => !Directory.Exists(folder)
        ? []
        :
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
                .Order(StringComparer.Ordinal),
        ];
}
