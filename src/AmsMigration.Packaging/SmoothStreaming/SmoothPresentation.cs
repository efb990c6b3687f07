using System.Text;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.SmoothStreaming;

/// <summary>
/// A presentation for clients of Smooth Streaming (MS-SSTR): a client manifest, and a file for each fragment at the path at which such clients ask for it.
/// </summary>
public sealed class SmoothPresentation
{
    private readonly List<SmoothStream> _streams;

    private SmoothPresentation(List<SmoothStream> streams) => _streams = streams;

    /// <param name="plan">Of an output that is not encrypted.</param>
    /// <param name="warnings">Gets what clients cannot play.</param>
    /// <returns>Null where nothing is left.</returns>
    /// <exception cref="PackagingException"><c>ProtectionNotPossible</c>: fragments would lie in the clear.</exception>
    public static SmoothPresentation? Of(PackagingPlan plan, ICollection<PackagingWarning> warnings)
    {
        if (plan.Renditions.Any(rendition => rendition.Protection is not null || rendition.SegmentProtection is not null))
        {
            throw new PackagingException("ProtectionNotPossible", "fragments for Smooth Streaming are not encrypted, and beside an encrypted output they would be the same in the clear");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        List<SmoothStream> streams = [];
        Dictionary<Rendition, SmoothCodec> codecs = FindCodecs(plan, warnings);
        Rendition[] media = [.. plan.Renditions.Where(codecs.ContainsKey)];
        (long priming, uint timescale) = FindStart(media);
        foreach (IGrouping<string, Rendition> group in media.GroupBy(GroupOf))
        {
            List<Rendition> left = [.. group];
            while (left.Count > 0)
            {
                SmoothStream stream = MakeStream(left, codecs, priming, timescale, names);
                left.RemoveAll(rendition => stream.Levels.Any(level => level.Rendition == rendition));
                streams.Add(stream);
            }
        }

        return streams.Count == 0 ? null : new SmoothPresentation(streams);
    }

    /// <summary>Fragments by rendition, each with the indexes of the source files that they are made of.</summary>
    /// <param name="folder">Of the client manifest, relative.</param>
    public IReadOnlyList<(IEnumerable<OutputFile> Files, IEnumerable<int> Sources)> Fragments(string folder) =>
        [.. _streams.SelectMany(stream => stream.Levels.Select(level => (stream.Files(level, folder), level.Rendition.Track.Samples.Files)))];

    /// <summary>The client manifest (MS-SSTR 2.2.2) as a file.</summary>
    /// <param name="path">Relative.</param>
    public OutputFile ToManifest(string path) => ManifestFile.FromText(path, "application/vnd.ms-sstr+xml", SmoothManifestWriter.Write(_streams));

    /// <summary>Of sound and pictures that clients play.</summary>
    private static Dictionary<Rendition, SmoothCodec> FindCodecs(PackagingPlan plan, ICollection<PackagingWarning> warnings)
    {
        var codecs = new Dictionary<Rendition, SmoothCodec>();
        foreach (Rendition rendition in plan.Renditions.Where(rendition => rendition.Track.Kind != TrackKind.Text))
        {
            if (SmoothCodec.Of(rendition.Track) is SmoothCodec codec)
            {
                codecs.Add(rendition, codec);
                continue;
            }

            string name = rendition.Track.Descriptions[0].Codec.Name;
            warnings.Add(new PackagingWarning(
                "NotForSmooth", $"'{rendition.Name}' ({name}) is nothing that clients of Smooth Streaming play, and stays out of its manifest.", rendition.Track.SourceFile));
        }

        return codecs;
    }

    /// <summary>Levels of one stream are switched between; sounds are not, and each is a stream of its own.</summary>
    private static string GroupOf(Rendition rendition) => rendition.Track.Kind == TrackKind.Video ? rendition.Track.GroupKey : rendition.Name;

    /// <summary>
    /// Clients know no edit list: what sounds in front of the first picture has to be in front of it on the time line, too. So that no time is negative, all
    /// begin so much later.
    /// </summary>
    private static (long Value, uint Timescale) FindStart(Rendition[] media)
    {
        (long value, uint timescale) = (0L, 1u);
        foreach (Rendition rendition in media)
        {
            if (TimeMath.Compare(rendition.Priming, rendition.Track.Timescale, value, timescale) > 0)
            {
                (value, timescale) = (rendition.Priming, rendition.Track.Timescale);
            }
        }

        return (value, timescale);
    }

    /// <summary>Of all that is cut at the same times as the first; what is left forms further streams.</summary>
    private static SmoothStream MakeStream(
        List<Rendition> renditions, Dictionary<Rendition, SmoothCodec> codecs, long priming, uint primingTimescale, HashSet<string> names)
    {
        Rendition first = renditions[0];
        Rendition[] alike = [.. renditions.Where(other => other.Track.Timescale == first.Track.Timescale)];
        bool byFragment = Array.TrueForAll(alike, other => SameTimes(first.Fragments.Select(f => f.DecodeTime), other.Fragments.Select(f => f.DecodeTime)));
        Rendition[] aligned = byFragment
            ? alike
            : [.. alike.Where(other => SameTimes(SegmentTimes(first), SegmentTimes(other)) && FragmentsOf(first).SequenceEqual(FragmentsOf(other)))];
        long shift = TimeMath.Rescale(priming, primingTimescale, first.Track.Timescale) - first.Priming;
        IEnumerable<(int First, int Count)> cuts = byFragment ? first.Fragments.Select((_, i) => (i, 1)) : FragmentsOf(first);
        SmoothChunk[] chunks = [.. cuts.Select(cut => MakeChunk(first, cut.First, cut.Count, shift))];
        var bitrates = new HashSet<long>();
        List<SmoothLevel> levels = [];
        foreach (Rendition rendition in aligned)
        {
            long bitrate = TrackSelection.BitrateOf(rendition.Track);
            while (!bitrates.Add(bitrate))
            {
                bitrate++;
            }

            levels.Add(new SmoothLevel(rendition, bitrate, codecs[rendition]));
        }

        return new SmoothStream(UniqueName(first.Track, names), first.Track.Kind, first.Track.Timescale, chunks, levels);
    }

    private static SmoothChunk MakeChunk(Rendition rendition, int first, int count, long shift)
    {
        Fragment last = rendition.Fragments[first + count - 1];
        long end = last.DecodeTime;
        SampleCursor sample = rendition.Track.Samples.GetCursor(last.FirstSample);
        for (int i = 0; i < last.SampleCount; i++, sample.MoveNext())
        {
            end += sample.Duration;
        }

        long start = rendition.Fragments[first].DecodeTime;
        return new SmoothChunk(start + shift, end - start, first, count);
    }

    private static IEnumerable<(int First, int Count)> FragmentsOf(Rendition rendition) =>
        rendition.Segments.Select(segment => (segment.FirstFragment, segment.FragmentCount));

    private static IEnumerable<long> SegmentTimes(Rendition rendition) => rendition.Segments.Select(segment => rendition.Fragments[segment.FirstFragment].DecodeTime);

    private static bool SameTimes(IEnumerable<long> one, IEnumerable<long> other) => one.SequenceEqual(other);

    /// <summary>Addresses and clients take letters, digits and a few signs.</summary>
    private static string UniqueName(Track track, HashSet<string> names)
    {
        var clean = new StringBuilder();
        foreach (char c in track.Name)
        {
            clean.Append(c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' ? c : '_');
        }

        string wanted = clean.Length == 0 ? track.Kind.ToString().ToLowerInvariant() : clean.ToString();
        string name = wanted;
        for (int i = 2; !names.Add(name); i++)
        {
            name = $"{wanted}_{i}";
        }

        return name;
    }
}
