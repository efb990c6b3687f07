using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Mp4;

namespace AmsMigration.Packaging.Sources;

/// <summary>Gives the fragments of a track, which do not say themselves when they start, the times that something else tells.</summary>
internal static class FragmentTimes
{
    /// <summary>Encoders round the times of chunks, so that less than 10 ms says nothing.</summary>
    private const uint Tolerance = 100;

    /// <param name="fragments">All of the track, in order.</param>
    /// <param name="times">Presentation time of each fragment's first sample, ticks of the track.</param>
    public static Track Apply(Track track, IReadOnlyList<TrackFragment> fragments, IReadOnlyList<long> times)
    {
        var samples = new SampleTableBuilder(track.Samples.Count);
        SampleCursor sample = track.Samples.GetCursor();
        int previous = 0;
        for (int i = 0; i < fragments.Count; i++)
        {
            Place(samples, times[i] - fragments[i].CompositionOffset, previous, track.Timescale / Tolerance);
            previous = samples.Count;
            for (int left = fragments[i].SampleCount; left > 0; left--, sample.MoveNext())
            {
                samples.Add(sample.Duration, sample.CompositionOffset, sample.Size, sample.IsSync, sample.File, sample.Offset, sample.Description);
            }
        }

        return track with { Samples = samples.Build(), MediaTime = 0, Delay = 0 };
    }

    private static void Place(SampleTableBuilder samples, long decodeTime, int previous, long tolerance)
    {
        if (samples.Count > 0 && Math.Abs(decodeTime - samples.DecodeTime) <= tolerance)
        {
            return;
        }

        if (samples.Count == 0 || decodeTime > samples.DecodeTime)
        {
            samples.SetDecodeTime(decodeTime);
        }
        else
        {
            samples.ShortenTo(decodeTime, previous);
        }
    }
}
