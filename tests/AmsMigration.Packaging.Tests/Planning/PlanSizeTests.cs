using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using static AmsMigration.Packaging.Tests.Planning.TestPresentation;

namespace AmsMigration.Packaging.Tests.Planning;

public class PlanSizeTests
{
    /// <summary>More than eleven hours of video at 30 frames a second, each at a place of its own.</summary>
    [Theory]
    [InlineData(60, OutputLayout.SingleFile, 12)]
    [InlineData(60, OutputLayout.Segmented, 16)]
    [InlineData(1, OutputLayout.SingleFile, 32)]
    [InlineData(int.MaxValue, OutputLayout.SingleFile, 1)]
    public void A_plan_of_a_million_samples_costs_little_over_its_sample_table(int gop, OutputLayout layout, int megabytes)
    {
        Track video = Film(1_200_000, gop);
        // What the runtime sets up for the first plan of a process is none of a plan's cost.
        Plan(layout, 6, Film(60, gop));
        long start = GC.GetAllocatedBytesForCurrentThread();
        PackagingPlan plan = Plan(layout, 6, video);
        long planned = GC.GetAllocatedBytesForCurrentThread();
        ManifestWriter.Write(plan.ManifestName, plan.Renditions, [], [], plan.Events);
        long manifests = GC.GetAllocatedBytesForCurrentThread() - planned;
        long allocated = planned - start - manifests;
        int fragments = plan.Renditions[0].Fragments.Count;
        Assert.True(allocated < (long)megabytes << 20, $"{allocated} bytes were allocated for {fragments} fragments.");
    }

    private static Track Film(int pictures, int gop)
    {
        var samples = new SampleTableBuilder(pictures);
        for (int i = 0; i < pictures; i++)
        {
            samples.Add(1001, i % 3 * 1001, (uint)(100 + (i % 300)), i % gop == 0, 0, i % 500_000 * 2L);
        }

        return Video(samples.Build());
    }
}
