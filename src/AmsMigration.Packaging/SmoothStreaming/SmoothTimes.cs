using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.SmoothStreaming;

/// <summary>When a fragment plays, and the one behind it: the boxes tfxd and tfrf (MS-SSTR 2.2.4.4, 2.2.4.5) in its traf. Ticks.</summary>
internal readonly record struct SmoothTimes(long Start, long Duration, long NextStart, long NextDuration)
{
    private const int TfxdLength = 8 + 16 + 4 + 16;
    private const int TfrfLength = 8 + 16 + 4 + 1;
    private const int TimesLength = 16;

    private static readonly byte[] _tfxd = [0x6d, 0x1d, 0x9b, 0x05, 0x42, 0xd5, 0x44, 0xe6, 0x80, 0xe2, 0x14, 0x1d, 0xaf, 0xf7, 0x57, 0xb2];
    private static readonly byte[] _tfrf = [0xd4, 0x80, 0x7e, 0xf2, 0xca, 0x39, 0x46, 0x95, 0x8e, 0x54, 0x26, 0xcb, 0x9e, 0x46, 0xa7, 0x9f];

    /// <summary>Bytes of both boxes.</summary>
    public int Length => TfxdLength + TfrfLength + (HasNext ? TimesLength : 0);

    private bool HasNext => NextDuration > 0;

    public void Write(BoxWriter writer)
    {
        int tfxd = Begin(writer, _tfxd);
        WriteTimes(writer, Start, Duration);
        writer.End(tfxd);
        int tfrf = Begin(writer, _tfrf);
        writer.UInt8((byte)(HasNext ? 1 : 0));
        if (HasNext)
        {
            WriteTimes(writer, NextStart, NextDuration);
        }

        writer.End(tfrf);
    }

    private static int Begin(BoxWriter writer, byte[] type)
    {
        const uint Version1 = 0x01000000;
        int box = writer.Begin("uuid");
        writer.Bytes(type);
        writer.UInt32(Version1);
        return box;
    }

    private static void WriteTimes(BoxWriter writer, long start, long duration)
    {
        writer.UInt64((ulong)start);
        writer.UInt64((ulong)duration);
    }
}
