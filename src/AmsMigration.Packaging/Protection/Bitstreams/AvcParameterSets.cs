using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>What slice headers need of a sequence parameter set (ISO/IEC 14496-10 7.3.2.1.1).</summary>
internal sealed record AvcSequence(
    uint Id, bool HasSeparatePlanes, bool HasChroma, int FrameNumberBits, uint OrderType, int OrderBits, bool IsDeltaAlwaysZero, bool FramesOnly)
{
    /// <param name="bits">Behind the NAL unit header.</param>
    public static AvcSequence Read(BitReader bits)
    {
        uint profile = bits.Read(8);
        bits.Skip(16);
        uint id = bits.ReadUnsignedExpGolomb();
        (uint chroma, bool separate, _, _) = PictureParameters.ReadAvcChroma(bits, profile);
        int frameNumberBits = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 4, 32);
        uint orderType = bits.ReadUnsignedExpGolomb();
        int orderBits = 0;
        bool alwaysZero = false;
        if (orderType == 0)
        {
            orderBits = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 4, 32);
        }
        else if (orderType == 1)
        {
            alwaysZero = bits.ReadFlag();
            bits.ReadSignedExpGolomb();
            bits.ReadSignedExpGolomb();
            for (uint cycle = bits.ReadUnsignedExpGolomb(); cycle > 0 && !bits.Overrun; cycle--)
            {
                bits.ReadSignedExpGolomb();
            }
        }

        bits.ReadUnsignedExpGolomb();
        bits.Skip(1);
        bits.ReadUnsignedExpGolomb();
        bits.ReadUnsignedExpGolomb();
        return new AvcSequence(id, separate, chroma != 0 && !separate, frameNumberBits, orderType, orderBits, alwaysZero, bits.ReadFlag());
    }
}

/// <summary>What slice headers need of a picture parameter set (7.3.2.2).</summary>
internal sealed record AvcPicture(
    uint Id, uint SequenceId, bool IsCabac, bool HasFieldOrder, bool HasSliceGroups, uint References0, uint References1, bool IsWeighted, uint WeightedBiIdc,
    bool HasDeblockingControl, bool HasRedundantCount)
{
    /// <param name="bits">Behind the NAL unit header.</param>
    public static AvcPicture Read(BitReader bits)
    {
        uint id = bits.ReadUnsignedExpGolomb();
        uint sequence = bits.ReadUnsignedExpGolomb();
        bool isCabac = bits.ReadFlag();
        bool hasFieldOrder = bits.ReadFlag();
        if (bits.ReadUnsignedExpGolomb() > 0)
        {
            // Slice groups are a tool of two profiles that no source here has; headers under them are refused when they come.
            return new AvcPicture(id, sequence, isCabac, hasFieldOrder, true, 0, 0, false, 0, false, false);
        }

        uint references0 = bits.ReadUnsignedExpGolomb() + 1;
        uint references1 = bits.ReadUnsignedExpGolomb() + 1;
        bool isWeighted = bits.ReadFlag();
        uint weightedBi = bits.Read(2);
        bits.ReadSignedExpGolomb();
        bits.ReadSignedExpGolomb();
        bits.ReadSignedExpGolomb();
        bool hasDeblocking = bits.ReadFlag();
        bits.Skip(1);
        return new AvcPicture(id, sequence, isCabac, hasFieldOrder, false, references0, references1, isWeighted, weightedBi, hasDeblocking, bits.ReadFlag());
    }
}
