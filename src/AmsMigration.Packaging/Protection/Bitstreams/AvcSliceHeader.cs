using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>Steps over a slice header (ISO/IEC 14496-10 7.3.3).</summary>
/// <param name="bits">Behind the NAL unit header.</param>
internal sealed class AvcSliceHeader(BitReader bits, bool isIdr, bool isReference)
{
    /// <summary>Lists of the standard have at most 32 entries; a loop past it reads what is no slice header.</summary>
    private const int MaxReferences = 32;
    private const int MaxCommands = 66;

    private uint _references0;
    private uint _references1;

    private enum SliceType
    {
        P,
        B,
        I,
        SP,
        SI,
    }

    /// <returns>False where the bits end inside it.</returns>
    public bool TrySkip(Func<uint, (AvcSequence Sequence, AvcPicture Picture)> findSets)
    {
        bits.ReadUnsignedExpGolomb();
        var type = (SliceType)(bits.ReadUnsignedExpGolomb() % 5);
        uint id = bits.ReadUnsignedExpGolomb();
        if (bits.Overrun)
        {
            return false;
        }

        (AvcSequence sequence, AvcPicture picture) = findSets(id);
        if (picture.HasSliceGroups)
        {
            throw new PackagingException("SliceHeaderUnreadable", "a slice header cannot be kept in the clear: its pictures have slice groups");
        }

        SkipOrder(sequence, picture);
        SkipReferences(type, picture);
        bool isPredicted = type is SliceType.P or SliceType.SP;
        if ((picture.IsWeighted && isPredicted) || (picture.WeightedBiIdc == 1 && type == SliceType.B))
        {
            SkipWeights(sequence.HasChroma, type == SliceType.B);
        }

        if (isReference)
        {
            SkipMarking();
        }

        if (picture.IsCabac && type is not (SliceType.I or SliceType.SI))
        {
            bits.ReadUnsignedExpGolomb();
        }

        bits.ReadSignedExpGolomb();
        if (type is SliceType.SP or SliceType.SI)
        {
            bits.Skip(type == SliceType.SP ? 1 : 0);
            bits.ReadSignedExpGolomb();
        }

        if (picture.HasDeblockingControl && bits.ReadUnsignedExpGolomb() != 1)
        {
            bits.ReadSignedExpGolomb();
            bits.ReadSignedExpGolomb();
        }

        return !bits.Overrun;
    }

    private void SkipOrder(AvcSequence sequence, AvcPicture picture)
    {
        bits.Skip(sequence.HasSeparatePlanes ? 2 : 0);
        bits.Skip(sequence.FrameNumberBits);
        bool isField = !sequence.FramesOnly && bits.ReadFlag();
        bits.Skip(isField ? 1 : 0);
        if (isIdr)
        {
            bits.ReadUnsignedExpGolomb();
        }

        bool hasSecond = picture.HasFieldOrder && !isField;
        if (sequence.OrderType == 0)
        {
            bits.Skip(sequence.OrderBits);
            SkipSigned(hasSecond ? 1 : 0);
        }
        else if (sequence is { OrderType: 1, IsDeltaAlwaysZero: false })
        {
            SkipSigned(hasSecond ? 2 : 1);
        }

        if (picture.HasRedundantCount)
        {
            bits.ReadUnsignedExpGolomb();
        }
    }

    private void SkipReferences(SliceType type, AvcPicture picture)
    {
        bits.Skip(type == SliceType.B ? 1 : 0);
        if (type is SliceType.I or SliceType.SI)
        {
            return;
        }

        (_references0, _references1) = (picture.References0, picture.References1);
        if (bits.ReadFlag())
        {
            _references0 = bits.ReadUnsignedExpGolomb() + 1;
            _references1 = type == SliceType.B ? bits.ReadUnsignedExpGolomb() + 1 : _references1;
        }

        for (int list = type == SliceType.B ? 2 : 1; list > 0; list--)
        {
            if (bits.ReadFlag())
            {
                for (int i = 0; i < MaxCommands && bits.ReadUnsignedExpGolomb() != 3 && !bits.Overrun; i++)
                {
                    bits.ReadUnsignedExpGolomb();
                }
            }
        }
    }

    private void SkipWeights(bool hasChroma, bool isBi)
    {
        bits.ReadUnsignedExpGolomb();
        if (hasChroma)
        {
            bits.ReadUnsignedExpGolomb();
        }

        SkipList(_references0);
        SkipList(isBi ? _references1 : 0);

        void SkipList(uint references)
        {
            for (uint i = 0; i < Math.Min(references, MaxReferences); i++)
            {
                SkipSigned(bits.ReadFlag() ? 2 : 0);
                SkipSigned(hasChroma && bits.ReadFlag() ? 4 : 0);
            }
        }
    }

    private void SkipMarking()
    {
        if (isIdr)
        {
            bits.Skip(2);
            return;
        }

        if (!bits.ReadFlag())
        {
            return;
        }

        for (int i = 0; i < MaxCommands && !bits.Overrun; i++)
        {
            uint operation = bits.ReadUnsignedExpGolomb();
            if (operation == 0)
            {
                return;
            }

            for (int values = operation switch { 3 => 2, 5 => 0, _ => 1 }; values > 0; values--)
            {
                bits.ReadUnsignedExpGolomb();
            }
        }
    }

    private void SkipSigned(int count)
    {
        for (; count > 0; count--)
        {
            bits.ReadSignedExpGolomb();
        }
    }
}
