using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>tfxd (MS-SSTR 2.2.4.4): when a fragment is presented and how long.</summary>
internal static class SmoothTime
{
    private static readonly byte[] ExtendedType = [0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5, 0x44, 0xe6, 0x80, 0xe2, 0x14, 0x1d, 0xaf, 0xf7, 0x57, 0xb2];

    /// <summary>Ticks of the track; null where the traf has none. MS-SSTR has them unsigned, but encoders write AAC priming as a negative time.</summary>
    public static (long Time, long Duration)? Read(BoxReader traf)
    {
        while (traf.NextChild(out BoxReader box))
        {
            if (box.Type == "uuid" && box.Remaining >= 16 + 12 && box.Bytes(16).SequenceEqual(ExtendedType))
            {
                (byte version, _) = box.FullBox();
                return version == 1 ? (box.I64(), box.I64()) : (box.I32(), box.I32());
            }
        }

        return null;
    }
}
