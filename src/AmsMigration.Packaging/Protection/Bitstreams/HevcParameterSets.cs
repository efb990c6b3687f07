using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>What slice headers need of a sequence parameter set (ISO/IEC 23008-2 7.3.2.2).</summary>
internal sealed record HevcSequence
{
    private const int MaxReferenceSets = 64;
    private const int MaxLongTerm = 32;

    public required uint Id { get; init; }

    public bool HasSeparatePlanes { get; init; }

    public bool HasChroma { get; init; }

    /// <summary>Coding tree blocks of a picture.</summary>
    public long Blocks { get; init; }

    public int OrderBits { get; init; }

    public bool HasSampleOffset { get; init; }

    public IReadOnlyList<HevcReferenceSet> ReferenceSets { get; init; } = [];

    public bool HasLongTerm { get; init; }

    /// <summary>Whether the pictures of the long-term list are used.</summary>
    public IReadOnlyList<bool> LongTerm { get; init; } = [];

    public bool HasTemporalVectors { get; init; }

    /// <param name="bits">Behind the NAL unit header.</param>
    /// <exception cref="PackagingException"><c>SliceHeaderUnreadable</c>.</exception>
    public static HevcSequence Read(BitReader bits)
    {
        bits.Skip(4);
        int subLayers = (int)bits.Read(3);
        bits.Skip(1);
        PictureParameters.SkipProfileTierLevel(bits, subLayers);
        uint id = bits.ReadUnsignedExpGolomb();
        uint chroma = bits.ReadUnsignedExpGolomb();
        bool separate = chroma == 3 && bits.ReadFlag();
        long width = bits.ReadUnsignedExpGolomb();
        long height = bits.ReadUnsignedExpGolomb();
        Skip(bits, bits.ReadFlag() ? 4 : 0);
        Skip(bits, 2);
        int orderBits = (int)Math.Min(bits.ReadUnsignedExpGolomb() + 4, 32);
        Skip(bits, bits.ReadFlag() ? 3 * (subLayers + 1) : 3);
        long blockBits = Math.Min(16, bits.ReadUnsignedExpGolomb() + 3L + bits.ReadUnsignedExpGolomb());
        Skip(bits, 4);
        if (bits.ReadFlag() && bits.ReadFlag())
        {
            PictureParameters.SkipScalingLists(bits);
        }

        bits.Skip(1);
        bool hasSampleOffset = bits.ReadFlag();
        if (bits.ReadFlag())
        {
            bits.Skip(8);
            Skip(bits, 2);
            bits.Skip(1);
        }

        List<HevcReferenceSet> sets = [];
        for (uint left = Math.Min(bits.ReadUnsignedExpGolomb(), MaxReferenceSets); left > 0 && !bits.Overrun; left--)
        {
            sets.Add(HevcReferenceSet.Read(bits, sets, isOfSlice: false));
        }

        bool hasLongTerm = bits.ReadFlag();
        List<bool> longTerm = [];
        for (uint left = hasLongTerm ? Math.Min(bits.ReadUnsignedExpGolomb(), MaxLongTerm) : 0; left > 0; left--)
        {
            bits.Skip(orderBits);
            longTerm.Add(bits.ReadFlag());
        }

        long block = 1L << (int)blockBits;
        return new HevcSequence
        {
            Id = id,
            HasSeparatePlanes = separate,
            HasChroma = chroma != 0 && !separate,
            Blocks = ((width + block - 1) / block) * ((height + block - 1) / block),
            OrderBits = orderBits,
            HasSampleOffset = hasSampleOffset,
            ReferenceSets = sets,
            HasLongTerm = hasLongTerm,
            LongTerm = longTerm,
            HasTemporalVectors = bits.ReadFlag(),
        };
    }

    private static void Skip(BitReader bits, int numbers)
    {
        for (; numbers > 0; numbers--)
        {
            bits.ReadUnsignedExpGolomb();
        }
    }
}

/// <summary>What slice headers need of a picture parameter set (7.3.2.3).</summary>
internal sealed record HevcPicture
{
    public required uint Id { get; init; }

    public required uint SequenceId { get; init; }

    public bool HasDependentSlices { get; init; }

    public bool HasOutputFlag { get; init; }

    public int ExtraBits { get; init; }

    public bool HasCabacInit { get; init; }

    public uint References0 { get; init; }

    public uint References1 { get; init; }

    public bool HasChromaOffsets { get; init; }

    public bool IsWeighted { get; init; }

    public bool IsWeightedBi { get; init; }

    /// <summary>Tiles, or rows that are decoded beside each other: slice headers list where they begin.</summary>
    public bool HasEntryPoints { get; init; }

    public bool FiltersAcrossSlices { get; init; }

    public bool MayOverrideDeblocking { get; init; }

    public bool IsDeblockingOff { get; init; }

    public bool MayModifyLists { get; init; }

    public bool HasHeaderExtension { get; init; }

    public bool HasChromaOffsetList { get; init; }

    /// <param name="bits">Behind the NAL unit header.</param>
    public static HevcPicture Read(BitReader bits)
    {
        var picture = new HevcPicture
        {
            Id = bits.ReadUnsignedExpGolomb(),
            SequenceId = bits.ReadUnsignedExpGolomb(),
            HasDependentSlices = bits.ReadFlag(),
            HasOutputFlag = bits.ReadFlag(),
            ExtraBits = (int)bits.Read(3),
            HasCabacInit = bits.Read(2) is 1 or 3,
            References0 = bits.ReadUnsignedExpGolomb() + 1,
            References1 = bits.ReadUnsignedExpGolomb() + 1,
        };
        bits.ReadSignedExpGolomb();
        bits.Skip(1);
        bool hasTransformSkip = bits.ReadFlag();
        if (bits.ReadFlag())
        {
            bits.ReadUnsignedExpGolomb();
        }

        bits.ReadSignedExpGolomb();
        bits.ReadSignedExpGolomb();
        picture = picture with { HasChromaOffsets = bits.ReadFlag(), IsWeighted = bits.ReadFlag(), IsWeightedBi = bits.ReadFlag() };
        bits.Skip(1);
        bool hasTiles = bits.ReadFlag();
        picture = picture with { HasEntryPoints = bits.ReadFlag() || hasTiles };
        if (hasTiles)
        {
            SkipTiles(bits);
        }

        picture = picture with { FiltersAcrossSlices = bits.ReadFlag() };
        if (bits.ReadFlag())
        {
            picture = picture with { MayOverrideDeblocking = bits.ReadFlag(), IsDeblockingOff = bits.ReadFlag() };
            if (!picture.IsDeblockingOff)
            {
                bits.ReadSignedExpGolomb();
                bits.ReadSignedExpGolomb();
            }
        }

        if (bits.ReadFlag())
        {
            PictureParameters.SkipScalingLists(bits);
        }

        picture = picture with { MayModifyLists = bits.ReadFlag() };
        bits.ReadUnsignedExpGolomb();
        picture = picture with { HasHeaderExtension = bits.ReadFlag() };
        return picture with { HasChromaOffsetList = bits.ReadFlag() && ReadsChromaOffsetList(bits, hasTransformSkip) };
    }

    private static void SkipTiles(BitReader bits)
    {
        uint columns = bits.ReadUnsignedExpGolomb();
        uint rows = bits.ReadUnsignedExpGolomb();
        if (!bits.ReadFlag())
        {
            for (long left = (long)columns + rows; left > 0 && !bits.Overrun; left--)
            {
                bits.ReadUnsignedExpGolomb();
            }
        }

        bits.Skip(1);
    }

    /// <summary>pps_range_extension() of 7.3.2.3.2, as far as it matters.</summary>
    private static bool ReadsChromaOffsetList(BitReader bits, bool hasTransformSkip)
    {
        bool hasRange = bits.ReadFlag();
        bits.Skip(7);
        if (!hasRange)
        {
            return false;
        }

        if (hasTransformSkip)
        {
            bits.ReadUnsignedExpGolomb();
        }

        bits.Skip(1);
        return bits.ReadFlag();
    }
}
