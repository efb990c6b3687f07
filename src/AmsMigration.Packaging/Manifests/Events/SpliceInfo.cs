using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Manifests.Events;

internal enum SpliceKind
{
    /// <summary>Neither the start nor the end of a break.</summary>
    Command,

    /// <summary>A break begins.</summary>
    Out,

    /// <summary>A break ends.</summary>
    In,
}

/// <summary>What a splice_info_section (SCTE 35 9.6) says, as far as playlists tell it apart.</summary>
/// <param name="EventId">splice_event_id or segmentation_event_id; null where there is none.</param>
/// <param name="Duration">Ticks of 90 kHz; null where not told.</param>
internal sealed record SpliceInfo(SpliceKind Kind, uint? EventId, long? Duration)
{
    private const byte TableId = 0xFC;
    private const int SpliceInsert = 5;
    private const int TimeSignal = 6;
    private const int SegmentationDescriptor = 2;

    /// <summary>Starts of breaks and advertisements (SCTE 35 table 23); each one's end is the next number.</summary>
    private static readonly HashSet<uint> Starts = [0x22, 0x30, 0x32, 0x34, 0x36, 0x38, 0x3A, 0x44, 0x46];

    /// <returns>Null where it is no such section, or is cut off.</returns>
    public static SpliceInfo? Read(byte[] section)
    {
        if (section.Length < 14 || section[0] != TableId)
        {
            return null;
        }

        var bits = new BitReader(section, 0, section.Length);
        bits.Skip(24 + 8);
        bool isEncrypted = bits.ReadFlag();
        bits.Skip(6 + 33 + 8 + 12 + 12);
        int command = (int)bits.Read(8);
        SpliceInfo info = (isEncrypted, command) switch
        {
            (false, SpliceInsert) => ReadInsert(bits),
            (false, TimeSignal) => ReadSignal(bits),
            _ => new SpliceInfo(SpliceKind.Command, null, null),
        };
        return bits.Overrun ? null : info;
    }

    private static SpliceInfo ReadInsert(BitReader bits)
    {
        uint id = bits.Read(32);
        if (bits.ReadFlag())
        {
            return new SpliceInfo(SpliceKind.Command, id, null);
        }

        bits.Skip(7);
        bool isOut = bits.ReadFlag();
        bool isProgram = bits.ReadFlag();
        bool hasDuration = bits.ReadFlag();
        bool isImmediate = bits.ReadFlag();
        bits.Skip(4);
        int components = isProgram ? 1 : (int)bits.Read(8);
        for (int i = 0; i < components && !bits.Overrun; i++)
        {
            bits.Skip(isProgram ? 0 : 8);
            if (!isImmediate)
            {
                SkipTime(bits);
            }
        }

        long? duration = null;
        if (hasDuration)
        {
            bits.Skip(7);
            duration = ReadTicks(bits, 1);
        }

        return new SpliceInfo(isOut ? SpliceKind.Out : SpliceKind.In, id, duration);
    }

    /// <summary>The first segmentation_descriptor (10.3.3) says what a time_signal is about.</summary>
    private static SpliceInfo ReadSignal(BitReader bits)
    {
        SkipTime(bits);
        for (int left = (int)bits.Read(16); left >= 6 && !bits.Overrun;)
        {
            int tag = (int)bits.Read(8);
            int length = (int)bits.Read(8);
            left -= 2 + length;
            if (tag == SegmentationDescriptor)
            {
                bits.Skip(32);
                return ReadSegmentation(bits);
            }

            bits.Skip(8L * length);
        }

        return new SpliceInfo(SpliceKind.Command, null, null);
    }

    private static SpliceInfo ReadSegmentation(BitReader bits)
    {
        uint id = bits.Read(32);
        if (bits.ReadFlag())
        {
            return new SpliceInfo(SpliceKind.Command, id, null);
        }

        bits.Skip(7);
        bool isProgram = bits.ReadFlag();
        bool hasDuration = bits.ReadFlag();
        bits.Skip(6);
        if (!isProgram)
        {
            bits.Skip(48L * bits.Read(8));
        }

        long? duration = hasDuration ? ReadTicks(bits, 8) : null;
        bits.Skip(8);
        bits.Skip(8L * bits.Read(8));
        uint type = bits.Read(8);
        SpliceKind kind = Starts.Contains(type) ? SpliceKind.Out : Starts.Contains(type - 1) ? SpliceKind.In : SpliceKind.Command;
        return new SpliceInfo(kind, id, duration);
    }

    private static void SkipTime(BitReader bits) => bits.Skip(bits.ReadFlag() ? 6 + 33 : 7);

    private static long ReadTicks(BitReader bits, int high) => ((long)bits.Read(high) << 32) | bits.Read(32);
}
