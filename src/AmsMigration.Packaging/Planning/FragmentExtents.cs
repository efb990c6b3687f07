using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Ciphers;

namespace AmsMigration.Packaging.Planning;

/// <summary>The bytes of fragments: headers that are made on the way, and where their samples lie.</summary>
/// <param name="fragments">Those of the whole track; may still grow.</param>
/// <param name="protection">Null where samples are not encrypted.</param>
internal sealed class FragmentExtents(TrackTimeline timeline, IReadOnlyList<Fragment> fragments, TrackProtection? protection)
{
    public bool HasRoll { get; } = timeline.Track.RollDistance > 0;

    private SampleTable Samples => timeline.Track.Samples;

    /// <param name="literals">What stands in front of the first.</param>
    /// <param name="sample">Stands on the first sample.</param>
    public IEnumerable<Extent> Enumerate(byte[][] literals, SampleCursor sample, int first, int count)
    {
        foreach (byte[] literal in literals)
        {
            yield return Extent.FromBytes(literal);
        }

        for (int i = first; i < first + count; i++)
        {
            Fragment fragment = fragments[i];
            var content = new CmafFragment(timeline.CompositionBias, new FragmentProtection(protection, fragment.IsClear));
            SampleCursor ahead = sample;
            for (int j = 0; j < fragment.SampleCount; j++, ahead.MoveNext())
            {
                content.Add(ahead);
            }

            yield return Extent.FromBytes(content.ToBytes(sample, (uint)i + 1, fragment.DecodeTime, HasRoll));

            ByteTransform? cipher = fragment.IsClear ? null : protection?.CreateCipher(fragment.FirstSample, fragment.SampleCount, fragment.PayloadLength);
            foreach (Extent extent in EnumerateSamples(Samples, sample, fragment.SampleCount))
            {
                yield return extent.Through(cipher);
            }

            sample = ahead;
        }
    }

    /// <summary>The same bytes with padding, encrypted as a whole.</summary>
    /// <param name="length">Bytes with padding.</param>
    public static IEnumerable<Extent> Encrypt(IEnumerable<Extent> extents, SegmentProtection protection, long length)
    {
        ByteTransform cipher = protection.CreateCipher(length);
        long clear = 0;
        foreach (Extent extent in extents)
        {
            clear += extent.Length;
            yield return extent.Through(cipher);
        }

        yield return Extent.FromBytes(SegmentCipher.PaddingOf(clear)).Through(cipher);
    }

    /// <summary>Where samples lie, one behind the other.</summary>
    public static IEnumerable<Extent> EnumerateSamples(SampleTable samples, SampleCursor sample, int count)
    {
        Extent range = default;
        for (int j = 0; j < count; j++, sample.MoveNext())
        {
            if (sample.File == SampleTable.LiteralFile)
            {
                if (range.Length > 0)
                {
                    yield return range;
                    range = default;
                }

                yield return Extent.FromBytes(samples.GetLiteral(sample));
                continue;
            }

            if (range.Length > 0 && (sample.File != range.File || sample.Offset != range.Offset + range.Length) && sample.Size > 0)
            {
                yield return range;
                range = default;
            }

            range = range.Length == 0
                ? Extent.FromSource(sample.File, sample.Offset, sample.Size)
                : Extent.FromSource(range.File, range.Offset, range.Length + sample.Size);
        }

        if (range.Length > 0)
        {
            yield return range;
        }
    }
}
