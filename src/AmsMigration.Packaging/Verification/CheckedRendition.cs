using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>A rendition whose boxes could be read.</summary>
internal sealed class CheckedRendition : IDisposable
{
    /// <param name="parts">Initialization segment first, then the media segments.</param>
    /// <param name="track">What they hold; offsets are those in <paramref name="source"/>.</param>
    public CheckedRendition(string manifest, IReadOnlyList<MediaPart> parts, PartsSource source, Track track)
    {
        Manifest = manifest;
        Parts = parts;
        Source = source;
        Track = track;
        Segments = CollectSegments();
        End = Segments.Max(segment => segment.End);
    }

    /// <summary>The playlist or MPD that plays it, for messages.</summary>
    public string Manifest { get; }

    /// <summary>Null where only the MPD has it.</summary>
    public HlsPlaylist? Playlist { get; init; }

    public IReadOnlyList<MediaPart> Parts { get; }

    /// <summary>Players jump over what is missing.</summary>
    public bool HasJumps => Playlist?.Segments.Exists(segment => segment.IsBehindJump) == true;

    /// <summary>Its media lies where an event's archive has it, and not beside its initialization segment.</summary>
    public bool IsInPlace => Folder(Parts[1].Path) != Folder(Parts[0].Path);

    public PartsSource Source { get; }

    public Track Track { get; }

    /// <summary>The sample entries as they lie in stsd, one behind the other.</summary>
    public byte[] SampleEntries { get; set; } = [];

    /// <summary>The same as they were before encryption.</summary>
    public byte[] ClearSampleEntries => Track.KeyIds.Count == 0 ? SampleEntries : [.. Track.Descriptions.SelectMany(description => description.Entry)];

    /// <summary>Of the media parts, in their order.</summary>
    public IReadOnlyList<CheckedSegment> Segments { get; }

    /// <summary>End of presentation, ticks.</summary>
    public long End { get; }

    /// <summary>The bytes of its samples in the clear; null where a key is missing.</summary>
    public IByteSource? Decrypt(IReadOnlyList<ContentKey> keys) => Track.KeyIds.Count == 0 ? Source
        : Track.KeyIds.Any(id => DecryptingSource.FindKey(keys, id) is null) ? null
        : new DecryptingSource(Source, [.. Track.Encrypted[0].OrderBy(range => range.Offset)], keys);

    public void Dispose() => Source.Dispose();

    private static string Folder(string path) => path.Substring(0, path.LastIndexOf('/') + 1);

    private CheckedSegment[] CollectSegments()
    {
        var segments = new CheckedSegment[Parts.Count - 1];
        SampleCursor sample = Track.Samples.GetCursor();
        for (int i = 0; i < segments.Length; i++)
        {
            long end = Source.StartOf(i + 2);
            int first = sample.Index;
            bool isSync = !sample.IsEnd && sample.IsSync;
            long start = long.MaxValue;
            long last = long.MinValue;
            long bytes = 0;
            // An empty sample at the end of a part lies where the next one begins; the samples of that come behind its header.
            for (; !sample.IsEnd && sample.Offset <= end; sample.MoveNext())
            {
                start = Math.Min(start, Track.ToPresentationTime(sample.CompositionTime));
                last = Math.Max(last, Track.ToPresentationTime(sample.CompositionTime) + sample.Duration);
                bytes += sample.Size;
            }

            // Priming is in front of the time that the edit list names, and the first segment begins there.
            segments[i] = sample.Index == first ? default : new CheckedSegment(sample.Index - first, i == 0 ? start + Track.MediaTime : start, last, bytes, isSync);
        }

        return segments;
    }
}

/// <summary>What the boxes of a media part say.</summary>
/// <param name="Start">Earliest presentation time, ticks.</param>
/// <param name="End">Of presentation, ticks.</param>
/// <param name="SampleBytes">Sum of the sizes of its samples.</param>
/// <param name="StartsWithSync">Its first sample is a sync sample.</param>
internal readonly record struct CheckedSegment(int SampleCount, long Start, long End, long SampleBytes, bool StartsWithSync);
