using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>tfxd (MS-SSTR 2.2.4.4): when a fragment is presented and how long.</summary>
internal static class SmoothTime
{
    private static readonly byte[] ExtendedType = [0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5, 0x44, 0xe6, 0x80, 0xe2, 0x14, 0x1d, 0xaf, 0xf7, 0x57, 0xb2];

    /// <summary>Of 32 bits, what is above this and begins a track stands for priming in front of 0, and not for a late start.</summary>
    private const uint Negative = 0xF0000000;

    /// <summary>Ticks of the track; null where the traf has none. MS-SSTR has them unsigned, but encoders write AAC priming as a negative time.</summary>
    /// <param name="isFirst">Of the track: others do not begin before 0.</param>
    public static (long Time, long Duration)? Read(BoxReader traf, bool isFirst)
    {
        while (traf.NextChild(out BoxReader box))
        {
            if (box.Type == "uuid" && box.Remaining >= 16 + 12 && box.Bytes(16).SequenceEqual(ExtendedType))
            {
                (byte version, _) = box.FullBox();
                if (version == 1)
                {
                    return (box.I64(), box.I64());
                }

                uint time = box.U32();
                return (isFirst && time >= Negative ? unchecked((int)time) : time, box.U32());
            }
        }

        return null;
    }
}
