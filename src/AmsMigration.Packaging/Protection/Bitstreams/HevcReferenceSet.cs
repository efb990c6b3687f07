using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>st_ref_pic_set() (ISO/IEC 23008-2 7.3.7, 7.4.8): pictures before and after, by their distance.</summary>
internal sealed record HevcReferenceSet(IReadOnlyList<(long Delta, bool IsUsed)> Before, IReadOnlyList<(long Delta, bool IsUsed)> After)
{
    private const int MaxPictures = 16;

    public int UsedCount => Before.Count(picture => picture.IsUsed) + After.Count(picture => picture.IsUsed);

    /// <param name="earlier">The sets of the sequence in front of it.</param>
    /// <param name="isOfSlice">It stands in a slice header and not in the sequence parameter set.</param>
    /// <exception cref="PackagingException"><c>SliceHeaderUnreadable</c>.</exception>
    public static HevcReferenceSet Read(BitReader bits, IReadOnlyList<HevcReferenceSet> earlier, bool isOfSlice)
    {
        if (earlier.Count > 0 && bits.ReadFlag())
        {
            return Predict(bits, earlier, isOfSlice);
        }

        uint before = bits.ReadUnsignedExpGolomb();
        uint after = bits.ReadUnsignedExpGolomb();
        return before <= MaxPictures && after <= MaxPictures
            ? new HevcReferenceSet(ReadList(bits, before, -1), ReadList(bits, after, 1))
            : throw Impossible();
    }

    private static List<(long Delta, bool IsUsed)> ReadList(BitReader bits, uint count, int sign)
    {
        List<(long, bool)> list = [];
        long delta = 0;
        for (; count > 0; count--)
        {
            delta += sign * (bits.ReadUnsignedExpGolomb() + 1L);
            list.Add((delta, bits.ReadFlag()));
        }

        return list;
    }

    private static HevcReferenceSet Predict(BitReader bits, IReadOnlyList<HevcReferenceSet> earlier, bool isOfSlice)
    {
        long back = isOfSlice ? bits.ReadUnsignedExpGolomb() + 1L : 1;
        bool isNegative = bits.ReadFlag();
        long delta = (bits.ReadUnsignedExpGolomb() + 1L) * (isNegative ? -1 : 1);
        if (back > earlier.Count)
        {
            throw Impossible();
        }

        HevcReferenceSet from = earlier[earlier.Count - (int)back];
        int count = from.Before.Count + from.After.Count;
        var isUsed = new bool[count + 1];
        var isKept = new bool[count + 1];
        for (int i = 0; i <= count; i++)
        {
            isUsed[i] = bits.ReadFlag();
            isKept[i] = isUsed[i] || bits.ReadFlag();
        }

        List<(long Delta, int Index)> before = [.. from.Before.Select((picture, i) => (picture.Delta + delta, i))];
        List<(long Delta, int Index)> after = [.. from.After.Select((picture, i) => (picture.Delta + delta, from.Before.Count + i))];
        return new HevcReferenceSet(
            Keep([.. Backwards(after), (delta, count), .. before], candidate => candidate < 0),
            Keep([.. Backwards(before), (delta, count), .. after], candidate => candidate > 0));

        List<(long, bool)> Keep(List<(long Delta, int Index)> candidates, Func<long, bool> isWanted) =>
            [.. candidates.Where(c => isWanted(c.Delta) && isKept[c.Index]).Select(c => (c.Delta, isUsed[c.Index]))];
    }

    private static IEnumerable<T> Backwards<T>(IEnumerable<T> list) => list.Reverse();

    private static PackagingException Impossible() => new("SliceHeaderUnreadable", "a slice header cannot be kept in the clear: its reference pictures are impossible");
}
