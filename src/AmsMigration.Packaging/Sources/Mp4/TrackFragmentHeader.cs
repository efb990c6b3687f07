using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>'tfhd' (ISO/IEC 14496-12 8.8.7); null where it leaves a value to 'trex'.</summary>
/// <param name="BaseOffset">Bytes from the start of the file that the runs' offsets are relative to.</param>
/// <param name="Description">1-based, as stored.</param>
internal readonly record struct TrackFragmentHeader(uint TrackId, long BaseOffset, uint? Description, uint? Duration, uint? Size, uint? Flags)
{
    /// <param name="moofOffset">Bytes from the start of the file.</param>
    /// <param name="followingData">Where the data of the traf in front ends; of the first traf, the moof's offset.</param>
    public static TrackFragmentHeader Read(BoxReader tfhd, long moofOffset, long followingData)
    {
        const uint HasBaseOffset = 0x1;
        const uint HasDescription = 0x2;
        const uint HasDuration = 0x8;
        const uint HasSize = 0x10;
        const uint HasFlags = 0x20;
        const uint DefaultBaseIsMoof = 0x20000;
        (_, uint flags) = tfhd.FullBox();
        uint trackId = tfhd.U32();
        long baseOffset = (flags & HasBaseOffset) != 0 ? Clamp(tfhd.U64())
            : (flags & DefaultBaseIsMoof) != 0 ? moofOffset
            : followingData;
        return new TrackFragmentHeader(
            trackId,
            baseOffset,
            (flags & HasDescription) != 0 ? tfhd.U32() : null,
            (flags & HasDuration) != 0 ? tfhd.U32() : null,
            (flags & HasSize) != 0 ? tfhd.U32() : null,
            (flags & HasFlags) != 0 ? tfhd.U32() : null);
    }

    /// <summary>Far behind the end of any file, and far enough from 2^63 for sums.</summary>
    private static long Clamp(ulong offset) => (long)Math.Min(offset, 1UL << 62);
}
