using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.SmoothStreaming;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>
/// The moof and the mdat header of one CMAF fragment (ISO/IEC 23000-19 7.3.2.3): one traf, one trun, every default repeated in the tfhd,
/// so that a fragment needs nothing of trex. Samples are added first, so that the size is known before the bytes are made.
/// </summary>
internal struct CmafFragment
{
    private const uint SyncFlags = 0x02000000;
    private const uint NonSyncFlags = 0x01010000;

    private const uint TrunDataOffset = 0x1;
    private const uint TrunFirstSampleFlags = 0x4;
    private const uint TrunDuration = 0x100;
    private const uint TrunSize = 0x200;
    private const uint TrunFlags = 0x400;
    private const uint TrunCompositionOffset = 0x800;

    private const int MoofAndMfhd = 8 + 16;
    private const int TfhdLength = 12 + 4 + 4 + 4 + 4 + 4;
    private const int SbgpLength = 28;

    private readonly long _compositionBias;
    private uint _firstDuration;
    private uint _firstSize;
    private bool _durationsDiffer;
    private bool _sizesDiffer;
    private bool _firstIsSync;
    private bool _laterIsSync;
    private bool _laterDiffers;
    private long _leastOffset;
    private long _greatestOffset;
    private readonly SmoothTimes? _times;
    private FragmentProtection _protection;

    /// <param name="compositionBias">Added to every composition offset of the source, ticks.</param>
    /// <param name="times">For clients of Smooth Streaming; null for others.</param>
    public CmafFragment(long compositionBias, FragmentProtection protection = default, SmoothTimes? times = null)
        : this() => (_compositionBias, _protection, _times) = (compositionBias, protection, times);

    public int SampleCount { get; private set; }

    public long PayloadLength { get; private set; }

    /// <summary>Bytes of the mdat's header: 16 where its size needs 64 bits (ISO/IEC 14496-12 4.2).</summary>
    public readonly int MdatHeaderLength => PayloadLength + 8 > uint.MaxValue ? 16 : 8;

    private readonly uint TrunPresence =>
        TrunDataOffset
        | (_durationsDiffer ? TrunDuration : 0)
        | (_sizesDiffer ? TrunSize : 0)
        | (_laterDiffers ? TrunFlags : SampleCount > 1 && _firstIsSync != _laterIsSync ? TrunFirstSampleFlags : 0)
        | (_leastOffset != 0 || _greatestOffset != 0 ? TrunCompositionOffset : 0);

    public void Add(in SampleCursor sample)
    {
        long offset = sample.CompositionOffset + _compositionBias;
        if (SampleCount == 0)
        {
            _firstDuration = sample.Duration;
            _firstSize = sample.Size;
            _firstIsSync = sample.IsSync;
            _leastOffset = _greatestOffset = offset;
        }
        else if (SampleCount == 1)
        {
            _laterIsSync = sample.IsSync;
        }

        _durationsDiffer |= sample.Duration != _firstDuration;
        _sizesDiffer |= sample.Size != _firstSize;
        _laterDiffers |= SampleCount > 1 && sample.IsSync != _laterIsSync;
        _leastOffset = Math.Min(_leastOffset, offset);
        _greatestOffset = Math.Max(_greatestOffset, offset);
        PayloadLength += sample.Size;
        _protection.Add(sample.Index);
        SampleCount++;
    }

    /// <summary>
    /// True where the composition offsets fit a trun of either version (ISO/IEC 14496-12 8.8.8). Version 0 could hold twice as much, but many readers, ours
    /// among them, take that for negative, which encoders write there.
    /// </summary>
    public readonly bool FitsTrun => _leastOffset >= int.MinValue && _greatestOffset <= int.MaxValue;

    /// <summary>Bytes of moof and mdat header.</summary>
    public readonly int GetHeaderLength(long decodeTime, bool hasRoll) =>
        checked(MoofAndMfhd + 8 + TfhdLength + TfdtLength(decodeTime) + TrunLength() + (hasRoll ? SbgpLength : 0) + _protection.Length + (_times?.Length ?? 0) + MdatHeaderLength);

    /// <summary>Makes the bytes; <paramref name="first"/> stands on the first of the samples that were added.</summary>
    /// <param name="sequenceNumber">mfhd's, from 1.</param>
    /// <param name="decodeTime">tfdt's, ticks.</param>
    /// <param name="hasRoll">Puts every sample in the first group of the 'roll' grouping that the moov describes (ISO/IEC 14496-12
    /// 8.9.2).</param>
    public readonly byte[] ToBytes(SampleCursor first, uint sequenceNumber, long decodeTime, bool hasRoll)
    {
        int headerLength = GetHeaderLength(decodeTime, hasRoll);
        var writer = new BoxWriter(headerLength);
        int moof = writer.Begin("moof");
        int mfhd = writer.Begin("mfhd", 0, 0);
        writer.UInt32(sequenceNumber);
        writer.End(mfhd);
        int traf = writer.Begin("traf");
        WriteTfhd(writer, (uint)first.Description + 1);
        WriteTfdt(writer, decodeTime);
        if (hasRoll)
        {
            WriteRoll(writer);
        }

        WriteTrun(writer, first, headerLength);
        _protection.Write(writer, first.Index);
        _times?.Write(writer);
        writer.End(traf);
        writer.End(moof);
        WriteMdatHeader(writer);
        return writer.ToArray();
    }

    private static int TfdtLength(long decodeTime) => decodeTime > uint.MaxValue ? 20 : 16;

    private readonly int TrunLength()
    {
        uint presence = TrunPresence;
        int each = Bytes(TrunDuration) + Bytes(TrunSize) + Bytes(TrunFlags) + Bytes(TrunCompositionOffset);
        return checked(12 + 4 + 4 + Bytes(TrunFirstSampleFlags) + (each * SampleCount));

        int Bytes(uint field) => (presence & field) != 0 ? 4 : 0;
    }

    private readonly void WriteTfhd(BoxWriter writer, uint descriptionIndex)
    {
        const uint DefaultBaseIsMoof = 0x020000;
        const uint DescriptionIndex = 0x02;
        const uint DefaultDurationSizeAndFlags = 0x08 | 0x10 | 0x20;
        int tfhd = writer.Begin("tfhd", 0, DefaultBaseIsMoof | DescriptionIndex | DefaultDurationSizeAndFlags);
        writer.UInt32(CmafHeader.OnlyTrackId);
        writer.UInt32(descriptionIndex);
        writer.UInt32(_firstDuration);
        writer.UInt32(_firstSize);
        writer.UInt32((SampleCount > 1 ? _laterIsSync : _firstIsSync) ? SyncFlags : NonSyncFlags);
        writer.End(tfhd);
    }

    private static void WriteTfdt(BoxWriter writer, long decodeTime)
    {
        bool isLong = TfdtLength(decodeTime) == 20;
        int tfdt = writer.Begin("tfdt", (byte)(isLong ? 1 : 0), 0);
        if (isLong)
        {
            writer.UInt64((ulong)decodeTime);
        }
        else
        {
            writer.UInt32((uint)decodeTime);
        }

        writer.End(tfdt);
    }

    private readonly void WriteRoll(BoxWriter writer)
    {
        int sbgp = writer.Begin("sbgp", 0, 0);
        writer.FourCC("roll");
        writer.UInt32(1);
        writer.UInt32((uint)SampleCount);
        writer.UInt32(1);
        writer.End(sbgp);
    }

    private readonly void WriteTrun(BoxWriter writer, SampleCursor sample, int headerLength)
    {
        uint presence = TrunPresence;
        int trun = writer.Begin("trun", (byte)(_greatestOffset <= int.MaxValue ? 1 : 0), presence);
        writer.UInt32((uint)SampleCount);
        writer.UInt32((uint)headerLength);
        if ((presence & TrunFirstSampleFlags) != 0)
        {
            writer.UInt32(_firstIsSync ? SyncFlags : NonSyncFlags);
        }

        for (int i = 0; i < SampleCount; i++, sample.MoveNext())
        {
            if ((presence & TrunDuration) != 0)
            {
                writer.UInt32(sample.Duration);
            }

            if ((presence & TrunSize) != 0)
            {
                writer.UInt32(sample.Size);
            }

            if ((presence & TrunFlags) != 0)
            {
                writer.UInt32(sample.IsSync ? SyncFlags : NonSyncFlags);
            }

            if ((presence & TrunCompositionOffset) != 0)
            {
                writer.UInt32((uint)(sample.CompositionOffset + _compositionBias));
            }
        }

        writer.End(trun);
    }

    private readonly void WriteMdatHeader(BoxWriter writer)
    {
        if (MdatHeaderLength == 8)
        {
            writer.UInt32((uint)(PayloadLength + 8));
            writer.FourCC("mdat");
            return;
        }

        writer.UInt32(1);
        writer.FourCC("mdat");
        writer.UInt64((ulong)PayloadLength + 16);
    }
}
