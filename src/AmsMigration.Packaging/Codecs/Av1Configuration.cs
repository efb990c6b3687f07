namespace AmsMigration.Packaging.Codecs;

/// <summary>av1C (AV1 Codec ISO Media File Format Binding 2.3) and the sequence header in it.</summary>
internal sealed record Av1Configuration(
    byte[] Box, int Profile, int Level, bool HighTier, int BitDepth, bool Monochrome, int Subsampling, PictureParameters? Picture)
{
    private const int SequenceHeader = 1;

    public static Av1Configuration Read(SampleEntryBox box)
    {
        box.Require(4);
        BitReader bits = box.Bits(1);
        int profile = (int)bits.Read(3);
        int level = (int)bits.Read(5);
        bool highTier = bits.ReadFlag();
        int bitDepth = (bits.ReadFlag(), bits.ReadFlag()) switch { (true, true) => 12, (true, false) => 10, _ => 8 };
        bool monochrome = bits.ReadFlag();
        int subsampling = 0;
        subsampling += bits.ReadFlag() ? 100 : 0;
        subsampling += bits.ReadFlag() ? 10 : 0;
        subsampling += subsampling == 110 ? (int)bits.Read(2) : 0;
        return new Av1Configuration(
            box.ToBox(), profile, level, highTier, bitDepth, monochrome, subsampling, FindSequenceHeader(box));
    }

    /// <summary>Section 5 of the binding: the optional fields are there all or none.</summary>
    public string CodecString(PictureParameters? colour)
    {
        string text = $"av01.{Profile}.{Level:00}{(HighTier ? 'H' : 'M')}.{BitDepth:00}";
        (int Primaries, int Transfer, int Matrix) known = (Known(colour?.Primaries), Known(colour?.Transfer), Known(colour?.Matrix));
        bool isDefault = !Monochrome && Subsampling == 110 && known == (1, 1, 1) && colour is not { FullRange: true };
        if (isDefault)
        {
            return text;
        }

        int fullRange = colour is { FullRange: true } ? 1 : 0;
        return $"{text}.{(Monochrome ? 1 : 0)}.{Subsampling:000}.{known.Primaries:00}.{known.Transfer:00}.{known.Matrix:00}.{fullRange}";
    }

    private static int Known(int? value) => value is null or 2 ? 1 : value.Value;

    private static PictureParameters? FindSequenceHeader(SampleEntryBox box)
    {
        int at = 4;
        while (at < box.ContentLength)
        {
            int header = box[at];
            at += (header & 4) != 0 ? 2 : 1;
            long length = box.ContentLength - at;
            if ((header & 2) != 0)
            {
                length = 0;
                for (int shift = 0; shift < 35; shift += 7)
                {
                    if (at >= box.ContentLength)
                    {
                        return null;
                    }

                    byte part = box[at++];
                    length |= (long)(part & 0x7f) << shift;
                    if (part < 0x80)
                    {
                        break;
                    }
                }
            }

            if (length < 0 || length > box.ContentLength - at)
            {
                return null;
            }

            if (((header >> 3) & 15) == SequenceHeader)
            {
                return ReadSequenceHeader(new BitReader(box.Data, box.ContentStart + at, (int)length));
            }

            at += (int)length;
        }

        return null;
    }

    /// <summary>sequence_header_obu() (AV1 specification 5.5.1).</summary>
    private static PictureParameters? ReadSequenceHeader(BitReader bits)
    {
        uint profile = bits.Read(3);
        bits.Skip(1);
        bool reduced = bits.ReadFlag();
        if (reduced)
        {
            bits.Skip(5);
        }
        else
        {
            SkipOperatingPoints(bits);
        }

        int widthBits = (int)bits.Read(4) + 1;
        int heightBits = (int)bits.Read(4) + 1;
        int width = (int)bits.Read(widthBits) + 1;
        int height = (int)bits.Read(heightBits) + 1;
        if (!reduced && bits.ReadFlag())
        {
            bits.Skip(7);
        }

        bits.Skip(3);
        if (!reduced)
        {
            SkipTools(bits);
        }

        bits.Skip(3);
        bool highBitDepth = bits.ReadFlag();
        if (profile == 2 && highBitDepth)
        {
            bits.Skip(1);
        }

        if (profile != 1)
        {
            bits.Skip(1);
        }

        (int primaries, int transfer, int matrix) = bits.ReadFlag() ? ((int)bits.Read(8), (int)bits.Read(8), (int)bits.Read(8)) : (2, 2, 2);
        bool isSrgb = (primaries, transfer, matrix) == (1, 13, 0);
        bool fullRange = isSrgb || bits.ReadFlag();
        return bits.Overrun
            ? null
            : new PictureParameters(width, height, Primaries: primaries, Transfer: transfer, Matrix: matrix, FullRange: fullRange);
    }

    private static void SkipOperatingPoints(BitReader bits)
    {
        int delayBits = 0;
        if (bits.ReadFlag())
        {
            bits.Skip(64);
            if (bits.ReadFlag())
            {
                bits.ReadUnsignedExpGolomb();
            }

            if (bits.ReadFlag())
            {
                delayBits = (int)bits.Read(5) + 1;
                bits.Skip(42);
            }
        }

        bool displayDelays = bits.ReadFlag();
        uint last = bits.Read(5);
        for (uint i = 0; i <= last; i++)
        {
            bits.Skip(12);
            if (bits.Read(5) > 7)
            {
                bits.Skip(1);
            }

            if (delayBits > 0 && bits.ReadFlag())
            {
                bits.Skip((2 * delayBits) + 1);
            }

            if (displayDelays && bits.ReadFlag())
            {
                bits.Skip(4);
            }
        }
    }

    private static void SkipTools(BitReader bits)
    {
        bits.Skip(4);
        bool orderHint = bits.ReadFlag();
        if (orderHint)
        {
            bits.Skip(2);
        }

        bool screenContent = bits.ReadFlag() || bits.ReadFlag();
        if (screenContent && !bits.ReadFlag())
        {
            bits.Skip(1);
        }

        if (orderHint)
        {
            bits.Skip(3);
        }
    }
}
