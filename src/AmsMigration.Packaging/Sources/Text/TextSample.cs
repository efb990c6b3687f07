using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>The bytes of a text track's sample.</summary>
/// <param name="MediaStart">Milliseconds on the media's own clock.</param>
/// <param name="Start">Milliseconds of presentation time.</param>
/// <param name="End">Milliseconds of presentation time.</param>
internal sealed record TextSample(long MediaStart, long Start, long End, byte[] Data)
{
    /// <summary>Ranges read at once: a live archive has a blob for each.</summary>
    private const int Parallelism = 16;

    /// <exception cref="PackagingException"><c>TextTooLong</c>, or what reading the files throws.</exception>
    public static async Task<IReadOnlyList<TextSample>> ReadAllAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, Track track, CancellationToken cancellation)
    {
        if (track.Samples.TotalBytes > TextBytes.MaxLength)
        {
            throw new PackagingException(
                "TextTooLong", $"The text has {track.Samples.TotalBytes} bytes; at most {TextBytes.MaxLength} are read.", track.SourceFile);
        }

        List<Range> ranges = FindRanges(track);
        List<TextSample> samples = [];
        for (int i = 0; i < ranges.Count; i += Parallelism)
        {
            IEnumerable<Task<byte[]>> reading = ranges.Skip(i).Take(Parallelism).Select(range => ReadAsync(store, files[range.File].Path, range, cancellation));
            byte[][] contents = await Task.WhenAll(reading).ConfigureAwait(false);
            for (int j = 0; j < contents.Length; j++)
            {
                Split(track, ranges[i + j], contents[j], samples);
            }
        }

        return samples;
    }

    private static List<Range> FindRanges(Track track)
    {
        List<Range> ranges = [];
        for (SampleCursor sample = track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            Range? last = ranges.Count > 0 ? ranges[ranges.Count - 1] : null;
            if (last is not null && last.File == sample.File && last.Offset + last.Length == sample.Offset)
            {
                last.Length += sample.Size;
                last.Count++;
            }
            else
            {
                ranges.Add(new Range(sample.File, sample.Offset, sample.Index) { Length = sample.Size, Count = 1 });
            }
        }

        return ranges;
    }

    private static async Task<byte[]> ReadAsync(IAssetStore store, string path, Range range, CancellationToken cancellation)
    {
        if (range.Length == 0)
        {
            return [];
        }

        using IByteSource source = await store.OpenAsync(path, cancellation).ConfigureAwait(false);
        return await TextBytes.ReadAsync(source, range.Offset, (int)range.Length, cancellation).ConfigureAwait(false);
    }

    private static void Split(Track track, Range range, byte[] content, List<TextSample> samples)
    {
        SampleCursor sample = track.Samples.GetCursor(range.FirstSample);
        for (int i = 0; i < range.Count; i++, sample.MoveNext())
        {
            var data = new byte[sample.Size];
            Buffer.BlockCopy(content, (int)(sample.Offset - range.Offset), data, 0, data.Length);
            samples.Add(new TextSample(
                TimeMath.Rescale(sample.CompositionTime, track.Timescale, 1000),
                TimeMath.Rescale(track.ToPresentationTime(sample.CompositionTime), track.Timescale, 1000),
                TimeMath.Rescale(track.ToPresentationTime(sample.CompositionTime + sample.Duration), track.Timescale, 1000),
                data));
        }
    }

    private sealed class Range(int file, long offset, int firstSample)
    {
        public int File { get; } = file;

        public long Offset { get; } = offset;

        public long Length { get; set; }

        public int FirstSample { get; } = firstSample;

        public int Count { get; set; }
    }
}
