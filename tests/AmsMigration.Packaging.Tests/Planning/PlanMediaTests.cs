using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Planning;

public class PlanMediaTests
{
    private static readonly string _fixtures = Path.Combine(Repository.Root, "tests", "fixtures", "assets");
    private static readonly string _realAsset = Repository.Shared(Path.Combine("assets", "mbr-mp4-interview1"));

    public static TheoryData<string, OutputLayout> Fixtures
    {
        get
        {
            TheoryData<string, OutputLayout> files = [];
            IEnumerable<string> paths = Directory.EnumerateFiles(_fixtures, "*.m*4*", SearchOption.AllDirectories).Order();
            foreach (string path in paths.Select(p => Path.GetRelativePath(_fixtures, p)).Where(p => !p.StartsWith("damaged")))
            {
                files.Add(path, OutputLayout.SingleFile);
                files.Add(path, OutputLayout.Segmented);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public Task Every_sample_of_a_fixture_is_found_again_at_its_time(string file, OutputLayout layout) =>
        CheckAsync(Path.Combine(_fixtures, file), layout);

    [Theory]
    [InlineData(OutputLayout.SingleFile)]
    [InlineData(OutputLayout.Segmented)]
    public async Task Every_sample_of_a_real_asset_is_found_again_at_its_time(OutputLayout layout)
    {
        Assert.SkipUnless(Directory.Exists(_realAsset), "The real assets are not beside the repository.");
        foreach (string file in Directory.EnumerateFiles(_realAsset, "*.mp4"))
        {
            await CheckAsync(file, layout);
        }
    }

    private static async Task CheckAsync(string path, OutputLayout layout)
    {
        byte[] source = await File.ReadAllBytesAsync(path);
        MediaFileContent content = await Mp4Reader.ReadAsync(new MemorySource(path, source), 0, CancellationToken.None);
        if (content.Tracks.Count == 0)
        {
            return;
        }

        var presentation = new Presentation { Name = "media", Files = [new AssetFile(path, source.Length)], Tracks = content.Tracks };
        var options = new PackagingOptions { Layout = layout, SegmentDuration = TimeSpan.FromSeconds(2) };
        PackagingPlan plan = PackagingPlanner.Plan(presentation, options);
        Assert.Empty(plan.Warnings);
        PlanInvariants.Check(plan, source);
        foreach (Rendition rendition in plan.Renditions)
        {
            await PlanInvariants.CheckReadBackAsync(plan, rendition, source);
        }
    }
}
