using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.TestSupport;
using AmsMigration.TestSupport.Assets;

namespace AmsMigration.Packaging.Tests.Archives;

/// <summary>Reads made assets and compares the times of their samples with those that the maker gave them.</summary>
internal static class Read
{
    public const uint Ticks = TimeMath.TimeSpanTimescale;

    /// <summary>A video and an audio stream of twelve seconds, the audio with 1024 samples of priming in front of the start.</summary>
    public static (MadeStream Video, MadeStream Audio) Streams(
        uint videoTimescale = Ticks, uint audioTimescale = Ticks, long startSeconds = 0, MadeTimes times = MadeTimes.DecodeTime)
    {
        MadeStream video = MadeStream.Of("live.mp4", TrackKind.Video, videoTimescale, startSeconds * videoTimescale);
        MadeStream audio = MadeStream.Of("live.mp4", TrackKind.Audio, audioTimescale, startSeconds * audioTimescale);
        audio.TrackId = 2;
        video.Times = audio.Times = times;
        return (video, audio);
    }

    public static async Task<(AssetContent Content, Presentation Presentation)> AssetAsync(MemoryAssetStore store)
    {
        AssetContent content = await AssetReader.ReadAsync(store, default);
        Assert.Equal(0, store.StillOpen);
        return (content, Assert.Single(content.Presentations));
    }

    public static Track Of(this Presentation presentation, TrackKind kind) => Assert.Single(presentation.Tracks, track => track.Kind == kind);

    public static IReadOnlyList<string> Codes(this Presentation presentation) => [.. presentation.Warnings.Select(warning => warning.Code)];

    /// <summary>Every sample is presented when the maker said, less the origin, to a tick of the coarser timescale.</summary>
    public static void HasTimesOf(this Track track, MadeStream stream, decimal originSeconds = 0)
    {
        List<decimal> expected = [.. stream.Presentations().Select(time => ((decimal)time / stream.Timescale) - originSeconds)];
        List<decimal> actual = [];
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            actual.Add((decimal)track.ToPresentationTime(sample.CompositionTime) / track.Timescale);
        }

        Assert.Equal(expected.Count, actual.Count);
        decimal tolerance = 2m / Math.Min(track.Timescale, stream.Timescale);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"Sample {i} of {stream.Name} is presented at {actual[i]}; expected {expected[i]}.");
        }
    }

    /// <summary>Presentation time of each sample, ticks of the stream.</summary>
    private static IEnumerable<long> Presentations(this MadeStream stream)
    {
        foreach (MadeChunk chunk in stream.Chunks)
        {
            long time = chunk.Time;
            foreach (MadeSample sample in chunk.Samples)
            {
                yield return time + sample.CompositionOffset;
                time += sample.Duration;
            }
        }
    }
}
