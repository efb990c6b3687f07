using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.SmoothStreaming;

/// <summary>A StreamIndex (MS-SSTR 2.2.2.3): renditions that are cut at the same times.</summary>
/// <param name="Name">Unique in the presentation, safe in a path.</param>
/// <param name="Timescale">Ticks a second of its chunks.</param>
internal sealed record SmoothStream(string Name, TrackKind Kind, uint Timescale, IReadOnlyList<SmoothChunk> Chunks, IReadOnlyList<SmoothLevel> Levels)
{
    public static string UrlPattern(string name) => $"QualityLevels({{bitrate}})/Fragments({name}={{start time}})";

    /// <summary>The fragments of one level, each a file.</summary>
    /// <param name="folder">Of the client manifest.</param>
    public IEnumerable<OutputFile> Files(SmoothLevel level, string folder)
    {
        Rendition rendition = level.Rendition;
        for (int i = 0; i < Chunks.Count; i++)
        {
            SmoothChunk chunk = Chunks[i];
            SmoothChunk next = i + 1 < Chunks.Count ? Chunks[i + 1] : default;
            var fragment = new CmafFragment(rendition.CompositionBias, times: new SmoothTimes(chunk.Start, chunk.Duration, next.Start, next.Duration));
            (int first, int count) = chunk.Samples(rendition);
            SampleCursor start = rendition.Track.Samples.GetCursor(first);
            SampleCursor sample = start;
            for (int j = 0; j < count; j++, sample.MoveNext())
            {
                fragment.Add(sample);
            }

            uint number = (uint)i + 1;
            yield return new OutputFile
            {
                Path = FormattableString.Invariant($"{folder}/QualityLevels({level.Bitrate})/Fragments({Name}={chunk.Start})"),
                ContentType = Kind == TrackKind.Video ? ContentTypes.Mp4Video : ContentTypes.Mp4Audio,
                Length = fragment.GetHeaderLength(chunk.Start, hasRoll: false) + fragment.PayloadLength,
                Extents = Extents(fragment, start, count, number, chunk.Start, rendition.Track.Samples),
            };
        }
    }

    private static IEnumerable<Extent> Extents(CmafFragment fragment, SampleCursor start, int count, uint number, long time, SampleTable samples)
    {
        yield return Extent.FromBytes(fragment.ToBytes(start, number, time, hasRoll: false));
        foreach (Extent extent in FragmentExtents.EnumerateSamples(samples, start, count))
        {
            yield return extent;
        }
    }
}

/// <summary>What a client asks for at once, of any level of a stream.</summary>
/// <param name="Start">Ticks; its name in addresses.</param>
/// <param name="FirstFragment">Of the renditions' fragments.</param>
internal readonly record struct SmoothChunk(long Start, long Duration, int FirstFragment, int FragmentCount)
{
    /// <summary>The first sample and how many there are.</summary>
    public (int First, int Count) Samples(Rendition rendition)
    {
        int first = rendition.Fragments[FirstFragment].FirstSample;
        Fragment last = rendition.Fragments[FirstFragment + FragmentCount - 1];
        return (first, last.FirstSample + last.SampleCount - first);
    }
}

/// <summary>A QualityLevel (MS-SSTR 2.2.2.5).</summary>
/// <param name="Bitrate">Bits a second, as the source's manifest had it; unique in its stream.</param>
internal sealed record SmoothLevel(Rendition Rendition, long Bitrate, SmoothCodec Codec);
