using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources;

/// <summary>
/// Smooth Streaming counts audio in ticks of 100 ns, RTMP in milliseconds, and neither divides a frame of 1024 samples: durations alternate and sums drift.
/// Where that is all that is wrong, the track is counted in audio samples instead.
/// </summary>
internal static class AudioClock
{
    /// <summary>The track with its sampling rate as timescale; the track itself where its durations are not those of its frames to the tick.</summary>
    public static Track Retime(Track track)
    {
        AudioSpecificConfig? aac = track.Descriptions[0].Codec.AacConfiguration;
        if (track.Descriptions.Count != 1 || aac is not { FrameLength: > 0, SampleRate: > 0 } || track.Timescale % aac.SampleRate == 0)
        {
            return track;
        }

        uint rate = (uint)aac.SampleRate;
        uint frame = (uint)aac.FrameLength;
        long exact = (long)frame * track.Timescale;

        // The last frame may end with the recording.
        SampleTable.Runs<uint> durations = track.Samples.Durations;
        bool isFrames = durations.Values
            .Where((_, run) => durations.Starts[run] < track.Samples.Count - 1 || run == 0)
            .All(duration => Math.Abs((duration * (long)rate) - exact) < rate);
        return isFrames ? Retime(track, rate, frame) : track;
    }

    private static Track Retime(Track track, uint rate, uint frame)
    {
        var samples = new SampleTableBuilder(track.Samples.Count);
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            // What is less than a quarter of a frame from the grid is rounding; more is a gap.
            long time = TimeMath.Rescale(sample.DecodeTime, track.Timescale, rate);
            if (samples.Count == 0 || Math.Abs(time - samples.DecodeTime) > frame / 4)
            {
                samples.SetDecodeTime(Math.Max(time, samples.Count == 0 ? time : samples.DecodeTime));
            }

            int offset = (int)TimeMath.Rescale(sample.CompositionOffset, track.Timescale, rate);
            uint last = (uint)TimeMath.Rescale(sample.Duration, track.Timescale, rate);
            samples.Add(sample.Index == track.Samples.Count - 1 ? Math.Min(frame, last) : frame, offset, sample.Size, sample.IsSync, sample.File, sample.Offset, sample.Description);
        }

        return track with
        {
            Timescale = rate,
            Samples = samples.Build(),
            MediaTime = TimeMath.Rescale(track.MediaTime, track.Timescale, rate),
            Delay = TimeMath.Rescale(track.Delay, track.Timescale, rate),
        };
    }
}
