using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>
/// What leads from a time to the bytes of a CMAF track file: sidx (ISO/IEC 14496-12 8.16.3), and styp of a segment that is a file
/// (8.16.2).
/// </summary>
internal static class CmafIndex
{
    /// <summary>References that one sidx can hold.</summary>
    public const int MaxReferences = ushort.MaxValue;

    /// <summary>Bytes that one reference can cover.</summary>
    public const long MaxReferencedLength = int.MaxValue;

    /// <summary>Bytes of <see cref="CreateStyp"/>.</summary>
    public const int StypLength = 24;

    public static byte[] CreateStyp()
    {
        var writer = new BoxWriter(StypLength);
        int styp = writer.Begin("styp");
        writer.FourCC("msdh");
        writer.UInt32(0);
        writer.FourCC("msdh");
        writer.FourCC("cmfs");
        writer.End(styp);
        return writer.ToArray();
    }

    /// <summary>Bytes of <see cref="CreateSidx"/>: the same for all content but the time of the first segment and their number.</summary>
    public static int GetSidxLength(long start, int segments) => (start > uint.MaxValue ? 40 : 32) + (12 * segments);

    /// <summary>One reference a segment; the first segment follows the box at once.</summary>
    /// <param name="segments">At least one, at most <see cref="MaxReferences"/>, in one file.</param>
    /// <param name="accessTypes">SAP_type of each segment (ISO/IEC 14496-12 Annex I); 0 where it starts with none.</param>
    public static byte[] CreateSidx(IReadOnlyList<Segment> segments, IReadOnlyList<byte> accessTypes, uint timescale)
    {
        uint indexTimescale = GetTimescale(segments, timescale);
        long start = TimeMath.Rescale(segments[0].Start, timescale, indexTimescale);
        bool isLong = segments[0].Start > uint.MaxValue;
        var writer = new BoxWriter(GetSidxLength(segments[0].Start, segments.Count));
        int sidx = writer.Begin("sidx", (byte)(isLong ? 1 : 0), 0);
        writer.UInt32(CmafHeader.OnlyTrackId);
        writer.UInt32(indexTimescale);
        if (isLong)
        {
            writer.UInt64((ulong)start);
            writer.UInt64(0);
        }
        else
        {
            writer.UInt32((uint)start);
            writer.UInt32(0);
        }

        writer.UInt16(0);
        writer.UInt16(checked((ushort)segments.Count));
        for (int i = 0; i < segments.Count; i++)
        {
            long end = TimeMath.Rescale(segments[i].Start + segments[i].Duration + segments[i].Gap, timescale, indexTimescale);
            writer.UInt32((uint)segments[i].Length);
            writer.UInt32((uint)(end - start));
            writer.UInt32(accessTypes[i] == 0 ? 0 : 0x80000000u | ((uint)accessTypes[i] << 28));
            start = end;
        }

        writer.End(sidx);
        return writer.ToArray();
    }

    /// <summary>A subsegment_duration has 32 bits: a gap of minutes in a track of 10 MHz needs an index of a coarser timescale.</summary>
    private static uint GetTimescale(IReadOnlyList<Segment> segments, uint timescale)
    {
        long longest = segments.Max(s => s.Duration + s.Gap);
        uint coarser = timescale;
        while (coarser > 1 && TimeMath.RescaleUp(longest, timescale, coarser) >= uint.MaxValue)
        {
            coarser = Math.Max(1, coarser / 10);
        }

        return coarser;
    }
}
