using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>Steps over a slice segment header (ISO/IEC 23008-2 7.3.6) with its alignment.</summary>
/// <param name="bits">Behind the NAL unit header.</param>
internal sealed class HevcSliceHeader(BitReader bits, int unitType)
{
    private const int MaxReferences = 16;

    /// <summary>Entry points and extension bytes of a picture of the highest level are fewer.</summary>
    private const int MaxEntryPoints = 440 * 20;

    private HevcSequence _sequence = null!;
    private HevcPicture _picture = null!;
    private bool _isB;

    private bool IsRandomAccess => unitType is >= 16 and <= 23;

    private bool IsInstantRefresh => unitType is 19 or 20;

    /// <returns>False where the bits end inside it.</returns>
    public bool TrySkip(Func<uint, (HevcSequence Sequence, HevcPicture Picture)> findSets)
    {
        bool isFirst = bits.ReadFlag();
        bits.Skip(IsRandomAccess ? 1 : 0);
        uint id = bits.ReadUnsignedExpGolomb();
        if (bits.Overrun)
        {
            return false;
        }

        (_sequence, _picture) = findSets(id);
        bool isDependent = false;
        if (!isFirst)
        {
            isDependent = _picture.HasDependentSlices && bits.ReadFlag();
            bits.Skip(BitsFor(_sequence.Blocks));
        }

        if (!isDependent)
        {
            SkipIndependent();
        }

        if (_picture.HasEntryPoints)
        {
            SkipEntryPoints();
        }

        if (_picture.HasHeaderExtension)
        {
            bits.Skip(8L * bits.ReadUnsignedExpGolomb());
        }

        bits.Skip(1);
        return !bits.Overrun;
    }

    private void SkipIndependent()
    {
        const uint B = 0;
        const uint I = 2;
        bits.Skip(_picture.ExtraBits);
        uint type = bits.ReadUnsignedExpGolomb();
        _isB = type == B;
        bits.Skip(_picture.HasOutputFlag ? 1 : 0);
        bits.Skip(_sequence.HasSeparatePlanes ? 2 : 0);
        (int pictures, bool hasTemporalVectors) = IsInstantRefresh ? (0, false) : SkipReferencePictures();
        bool hasOffset = false;
        if (_sequence.HasSampleOffset)
        {
            hasOffset = bits.ReadFlag();
            hasOffset |= _sequence.HasChroma && bits.ReadFlag();
        }

        if (type < I)
        {
            SkipPrediction(pictures, hasTemporalVectors);
        }

        bits.ReadSignedExpGolomb();
        SkipSigned(_picture.HasChromaOffsets ? 2 : 0);
        bits.Skip(_picture.HasChromaOffsetList ? 1 : 0);
        bool isDeblockingOff = _picture.IsDeblockingOff;
        if (_picture.MayOverrideDeblocking && bits.ReadFlag())
        {
            isDeblockingOff = bits.ReadFlag();
            SkipSigned(isDeblockingOff ? 0 : 2);
        }

        bits.Skip(_picture.FiltersAcrossSlices && (hasOffset || !isDeblockingOff) ? 1 : 0);
    }

    /// <returns>Pictures that this one may refer to (NumPicTotalCurr), and slice_temporal_mvp_enabled_flag.</returns>
    private (int Pictures, bool HasTemporalVectors) SkipReferencePictures()
    {
        bits.Skip(_sequence.OrderBits);
        HevcReferenceSet? set;
        if (!bits.ReadFlag())
        {
            set = HevcReferenceSet.Read(bits, _sequence.ReferenceSets, isOfSlice: true);
        }
        else
        {
            int index = (int)bits.Read(BitsFor(_sequence.ReferenceSets.Count));
            set = index < _sequence.ReferenceSets.Count ? _sequence.ReferenceSets[index] : null;
        }

        int pictures = (set?.UsedCount ?? 0) + (_sequence.HasLongTerm ? SkipLongTerm() : 0);
        return (pictures, _sequence.HasTemporalVectors && bits.ReadFlag());
    }

    /// <returns>Those that are used.</returns>
    private int SkipLongTerm()
    {
        uint ofSequence = _sequence.LongTerm.Count > 0 ? bits.ReadUnsignedExpGolomb() : 0;
        uint count = Math.Min(ofSequence + bits.ReadUnsignedExpGolomb(), 2 * MaxReferences);
        int used = 0;
        for (uint i = 0; i < count; i++)
        {
            if (i < ofSequence)
            {
                int index = (int)bits.Read(BitsFor(_sequence.LongTerm.Count));
                used += index < _sequence.LongTerm.Count && _sequence.LongTerm[index] ? 1 : 0;
            }
            else
            {
                bits.Skip(_sequence.OrderBits);
                used += bits.ReadFlag() ? 1 : 0;
            }

            if (bits.ReadFlag())
            {
                bits.ReadUnsignedExpGolomb();
            }
        }

        return used;
    }

    private void SkipPrediction(int pictures, bool hasTemporalVectors)
    {
        (uint references0, uint references1) = (_picture.References0, _picture.References1);
        if (bits.ReadFlag())
        {
            references0 = bits.ReadUnsignedExpGolomb() + 1;
            references1 = _isB ? bits.ReadUnsignedExpGolomb() + 1 : references1;
        }

        references0 = Math.Min(references0, MaxReferences);
        references1 = _isB ? Math.Min(references1, MaxReferences) : 0;
        if (_picture.MayModifyLists && pictures > 1)
        {
            bits.Skip(bits.ReadFlag() ? references0 * BitsFor(pictures) : 0);
            bits.Skip(_isB && bits.ReadFlag() ? references1 * BitsFor(pictures) : 0);
        }

        bits.Skip(_isB ? 1 : 0);
        bits.Skip(_picture.HasCabacInit ? 1 : 0);
        if (hasTemporalVectors)
        {
            bool isOfFirstList = !_isB || bits.ReadFlag();
            if ((isOfFirstList ? references0 : references1) > 1)
            {
                bits.ReadUnsignedExpGolomb();
            }
        }

        if (_isB ? _picture.IsWeightedBi : _picture.IsWeighted)
        {
            SkipWeights(references0, references1);
        }

        bits.ReadUnsignedExpGolomb();
    }

    /// <summary>pred_weight_table() of 7.3.6.3; references of the same layer have another time, so each has its flags.</summary>
    private void SkipWeights(uint references0, uint references1)
    {
        bits.ReadUnsignedExpGolomb();
        SkipSigned(_sequence.HasChroma ? 1 : 0);
        foreach (uint references in new[] { references0, references1 })
        {
            var hasLuma = new bool[references];
            var hasChroma = new bool[references];
            for (uint i = 0; i < references; i++)
            {
                hasLuma[i] = bits.ReadFlag();
            }

            for (uint i = 0; i < references && _sequence.HasChroma; i++)
            {
                hasChroma[i] = bits.ReadFlag();
            }

            for (uint i = 0; i < references; i++)
            {
                SkipSigned((hasLuma[i] ? 2 : 0) + (hasChroma[i] ? 4 : 0));
            }
        }
    }

    private void SkipEntryPoints()
    {
        uint count = bits.ReadUnsignedExpGolomb();
        if (count > MaxEntryPoints)
        {
            throw new PackagingException("SliceHeaderUnreadable", $"a slice header cannot be kept in the clear: it lists {count} entry points");
        }

        if (count > 0)
        {
            bits.Skip((long)count * (bits.ReadUnsignedExpGolomb() + 1L));
        }
    }

    private void SkipSigned(int count)
    {
        for (; count > 0; count--)
        {
            bits.ReadSignedExpGolomb();
        }
    }

    private static int BitsFor(long values) => NalSyntax.BitsFor(values);
}
