namespace AmsMigration.Packaging.Codecs;

/// <summary>What a video bit stream's own header says of its pictures; zero where it says nothing.</summary>
/// <param name="Width">Pixels after cropping.</param>
/// <param name="Transfer">transfer_characteristics (ISO/IEC 23091-2 8.2); 2 where unspecified.</param>
internal sealed record PictureParameters(
    int Width, int Height, int SarWidth = 0, int SarHeight = 0, int Primaries = 2, int Transfer = 2, int Matrix = 2, bool FullRange = false)
{
    private const int MaxDimension = 65535;

    private static readonly (int Width, int Height)[] AspectRatios =
    [
        (0, 0), (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
        (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ];

    /// <summary>A sequence parameter set of ISO/IEC 14496-10 7.3.2.1, NAL unit header included; null where it cannot be read.</summary>
    public static PictureParameters? OfAvc(byte[] data, int start, int count)
    {
        if (count < 4)
        {
            return null;
        }

        BitReader bits = BitReader.OfNalUnit(data, start + 1, count - 1);
        uint profile = bits.Read(8);
        bits.Skip(16);
        bits.ReadUnsignedExpGolomb();
        (uint chromaFormat, bool separatePlanes, _, _) = ReadAvcChroma(bits, profile);
        bits.ReadUnsignedExpGolomb();
        switch (bits.ReadUnsignedExpGolomb())
        {
            case 0:
                bits.ReadUnsignedExpGolomb();
                break;
            case 1:
                bits.Skip(1);
                bits.ReadSignedExpGolomb();
                bits.ReadSignedExpGolomb();
                uint cycle = bits.ReadUnsignedExpGolomb();
                for (uint i = 0; i < cycle && !bits.Overrun; i++)
                {
                    bits.ReadSignedExpGolomb();
                }

                break;
        }

        bits.ReadUnsignedExpGolomb();
        bits.Skip(1);
        long width = 16L * (bits.ReadUnsignedExpGolomb() + 1L);
        long mapUnits = bits.ReadUnsignedExpGolomb() + 1L;
        bool framesOnly = bits.ReadFlag();
        long height = 16L * mapUnits * (framesOnly ? 1 : 2);
        if (!framesOnly)
        {
            bits.Skip(1);
        }

        bits.Skip(1);
        if (bits.ReadFlag())
        {
            bool monochrome = chromaFormat == 0 || separatePlanes;
            int unitX = !monochrome && chromaFormat is 1 or 2 ? 2 : 1;
            int unitY = (!monochrome && chromaFormat == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
            width -= unitX * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
            height -= unitY * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
        }

        return WithUsabilityInformation(bits, width, height);
    }

    /// <summary>A sequence parameter set of ISO/IEC 23008-2 7.3.2.2, NAL unit header included; null where it cannot be read.</summary>
    public static PictureParameters? OfHevc(byte[] data, int start, int count)
    {
        if (count < 16)
        {
            return null;
        }

        BitReader bits = BitReader.OfNalUnit(data, start + 2, count - 2);
        bits.Skip(4);
        int subLayers = (int)bits.Read(3);
        bits.Skip(1);
        SkipProfileTierLevel(bits, subLayers);
        bits.ReadUnsignedExpGolomb();
        uint chromaFormat = bits.ReadUnsignedExpGolomb();
        bool separatePlanes = chromaFormat == 3 && bits.ReadFlag();
        long width = bits.ReadUnsignedExpGolomb();
        long height = bits.ReadUnsignedExpGolomb();
        if (bits.ReadFlag())
        {
            int unitX = !separatePlanes && chromaFormat is 1 or 2 ? 2 : 1;
            int unitY = !separatePlanes && chromaFormat == 1 ? 2 : 1;
            width -= unitX * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
            height -= unitY * ((long)bits.ReadUnsignedExpGolomb() + bits.ReadUnsignedExpGolomb());
        }

        PictureParameters? sized = WithSize(bits, width, height);
        return sized is not null && TrySkipToHevcUsabilityInformation(bits, subLayers)
            ? WithUsabilityInformation(bits, width, height) ?? sized
            : sized;
    }

    private static PictureParameters? WithSize(BitReader bits, long width, long height) =>
        bits.Overrun || width is < 1 or > MaxDimension || height is < 1 or > MaxDimension ? null : new((int)width, (int)height);

    /// <summary>vui_parameters() up to its colour description, alike in both standards (E.1.1 and E.2.1), with the flag in front.</summary>
    private static PictureParameters? WithUsabilityInformation(BitReader bits, long width, long height)
    {
        PictureParameters? picture = WithSize(bits, width, height);
        if (picture is null || !bits.ReadFlag())
        {
            return picture;
        }

        (int Width, int Height) sar = (0, 0);
        if (bits.ReadFlag())
        {
            uint index = bits.Read(8);
            sar = index == 255 ? ((int)bits.Read(16), (int)bits.Read(16)) : index < AspectRatios.Length ? AspectRatios[index] : (0, 0);
        }

        if (bits.ReadFlag())
        {
            bits.Skip(1);
        }

        int primaries = 2;
        int transfer = 2;
        int matrix = 2;
        bool fullRange = false;
        if (bits.ReadFlag())
        {
            bits.Skip(3);
            fullRange = bits.ReadFlag();
            if (bits.ReadFlag())
            {
                primaries = (int)bits.Read(8);
                transfer = (int)bits.Read(8);
                matrix = (int)bits.Read(8);
            }
        }

        return bits.Overrun
            ? picture
            : picture with
            {
                SarWidth = sar.Width,
                SarHeight = sar.Height,
                Primaries = primaries,
                Transfer = transfer,
                Matrix = matrix,
                FullRange = fullRange,
            };
    }

    /// <summary>
    /// What the high profiles have between seq_parameter_set_id and log2_max_frame_num_minus4, bits of a sample less 8; 4:2:0 of 8 bits for the others.
    /// </summary>
    internal static (uint Format, bool HasSeparatePlanes, uint LumaBits, uint ChromaBits) ReadAvcChroma(BitReader bits, uint profile)
    {
        if (profile is not (100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135))
        {
            return (1, false, 0, 0);
        }

        uint format = bits.ReadUnsignedExpGolomb();
        bool hasSeparatePlanes = format == 3 && bits.ReadFlag();
        uint lumaBits = bits.ReadUnsignedExpGolomb();
        uint chromaBits = bits.ReadUnsignedExpGolomb();
        bits.Skip(1);
        if (bits.ReadFlag())
        {
            SkipScalingMatrices(bits, format == 3 ? 12 : 8);
        }

        return (format, hasSeparatePlanes, lumaBits, chromaBits);
    }

    private static void SkipScalingMatrices(BitReader bits, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!bits.ReadFlag())
            {
                continue;
            }

            long next = 8;
            for (int j = 0; j < (i < 6 ? 16 : 64) && next != 0; j++)
            {
                next = (next + bits.ReadSignedExpGolomb() + 256) & 255;
            }
        }
    }

    internal static void SkipProfileTierLevel(BitReader bits, int subLayers)
    {
        bits.Skip(88 + 8);
        var present = new (bool Profile, bool Level)[subLayers];
        for (int i = 0; i < subLayers; i++)
        {
            present[i] = (bits.ReadFlag(), bits.ReadFlag());
        }

        if (subLayers > 0)
        {
            bits.Skip(2 * (8 - subLayers));
        }

        foreach ((bool profile, bool level) in present)
        {
            bits.Skip((profile ? 88 : 0) + (level ? 8 : 0));
        }
    }

    private static bool TrySkipToHevcUsabilityInformation(BitReader bits, int subLayers)
    {
        bits.ReadUnsignedExpGolomb();
        bits.ReadUnsignedExpGolomb();
        uint pictureOrderBits = bits.ReadUnsignedExpGolomb() + 4;
        for (int i = bits.ReadFlag() ? 0 : subLayers; i <= subLayers; i++)
        {
            bits.ReadUnsignedExpGolomb();
            bits.ReadUnsignedExpGolomb();
            bits.ReadUnsignedExpGolomb();
        }

        for (int i = 0; i < 6; i++)
        {
            bits.ReadUnsignedExpGolomb();
        }

        if (bits.ReadFlag() && bits.ReadFlag())
        {
            SkipScalingLists(bits);
        }

        bits.Skip(2);
        if (bits.ReadFlag())
        {
            bits.Skip(8);
            bits.ReadUnsignedExpGolomb();
            bits.ReadUnsignedExpGolomb();
            bits.Skip(1);
        }

        if (!TrySkipShortTermReferences(bits))
        {
            return false;
        }

        if (bits.ReadFlag())
        {
            uint longTerm = bits.ReadUnsignedExpGolomb();
            if (longTerm > 32 || pictureOrderBits > 16)
            {
                return false;
            }

            bits.Skip(longTerm * (pictureOrderBits + 1));
        }

        bits.Skip(2);
        return !bits.Overrun;
    }

    internal static void SkipScalingLists(BitReader bits)
    {
        for (int size = 0; size < 4; size++)
        {
            for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1)
            {
                if (!bits.ReadFlag())
                {
                    bits.ReadUnsignedExpGolomb();
                    continue;
                }

                if (size > 1)
                {
                    bits.ReadSignedExpGolomb();
                }

                for (int i = 0; i < Math.Min(64, 1 << (4 + (size << 1))); i++)
                {
                    bits.ReadSignedExpGolomb();
                }
            }
        }
    }

    private static bool TrySkipShortTermReferences(BitReader bits)
    {
        uint sets = bits.ReadUnsignedExpGolomb();
        if (sets > 64)
        {
            return false;
        }

        uint previous = 0;
        for (uint set = 0; set < sets && !bits.Overrun; set++)
        {
            if (set > 0 && bits.ReadFlag())
            {
                bits.Skip(1);
                bits.ReadUnsignedExpGolomb();
                uint kept = 0;
                for (uint i = 0; i <= previous; i++)
                {
                    bool used = bits.ReadFlag();
                    kept += used || bits.ReadFlag() ? 1u : 0u;
                }

                previous = kept;
                continue;
            }

            uint negative = bits.ReadUnsignedExpGolomb();
            uint positive = bits.ReadUnsignedExpGolomb();
            if (negative > 16 || positive > 16)
            {
                return false;
            }

            for (uint i = 0; i < negative + positive; i++)
            {
                bits.ReadUnsignedExpGolomb();
                bits.Skip(1);
            }

            previous = negative + positive;
        }

        return !bits.Overrun;
    }
}
