using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Gaps;

/// <summary>Time without media between two samples of a track, in order of decoding.</summary>
/// <param name="Sample">The first sample behind it.</param>
/// <param name="Start">Where the sample in front of it ends, ticks of decode time.</param>
/// <param name="End">Where <paramref name="Sample"/> begins, ticks of decode time.</param>
internal readonly record struct Gap(int Sample, long Start, long End)
{
    public long Length => End - Start;
}

/// <summary>Finds where samples do not follow each other.</summary>
internal static class GapFinder
{
    /// <summary>All jumps, however small: a walk over runs of durations, not over samples.</summary>
    public static List<Gap> FindJumps(SampleTable samples)
    {
        List<Gap> jumps = [];
        SampleTable.Runs<uint> runs = samples.Durations;
        for (int i = 1; i < runs.Starts.Length; i++)
        {
            long end = samples.RunDecodeTimes[i - 1] + ((long)(runs.Starts[i] - runs.Starts[i - 1]) * runs.Values[i - 1]);
            if (samples.RunDecodeTimes[i] > end)
            {
                jumps.Add(new Gap(runs.Starts[i], end, samples.RunDecodeTimes[i]));
            }
        }

        return jumps;
    }

    /// <summary>Jumps of half a sample or more; what is less is rounding.</summary>
    public static List<Gap> Find(Track track)
    {
        uint usual = RenditionFigures.GetUsualDuration(track.Samples);
        return FindJumps(track.Samples).FindAll(jump => IsGap(jump, usual));
    }

    /// <param name="usual">Duration of most samples, ticks.</param>
    public static bool IsGap(Gap jump, uint usual) => jump.Length * 2 >= Math.Max(usual, 1u);
}
