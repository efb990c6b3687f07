using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Codecs;

/// <summary>avcC (ISO/IEC 14496-15 5.3.3.1).</summary>
internal sealed record AvcConfiguration(
    byte[] Box,
    int Profile,
    int Compatibility,
    int Level,
    int NalLengthSize,
    int SequenceParameterSets,
    int PictureParameterSets,
    PictureParameters? Picture)
{
    public static AvcConfiguration Read(SampleEntryBox box)
    {
        box.Require(6);
        int at = 6;
        PictureParameters? picture = null;
        int sequenceSets = box[5] & 0x1f;
        for (int i = 0; i < sequenceSets; i++)
        {
            int length = NalUnit(box, ref at);
            picture ??= PictureParameters.OfAvc(box.Data, box.ContentStart + at - length, length);
        }

        int pictureSets = at < box.ContentLength ? box[at++] : 0;
        for (int i = 0; i < pictureSets; i++)
        {
            NalUnit(box, ref at);
        }

        return new AvcConfiguration(
            box.ToBox(), box[1], box[2], box[3], (box[4] & 3) + 1, sequenceSets, pictureSets, picture);
    }

    /// <param name="sequenceSets">NAL units of at least four bytes, up to 31 of them, at least one.</param>
    /// <param name="pictureSets">Up to 255.</param>
    /// <param name="extensions">Sequence parameter set extensions, up to 255.</param>
    /// <param name="nalLengthSize">1, 2 or 4.</param>
    /// <returns>The box.</returns>
    public static byte[] Write(List<byte[]> sequenceSets, List<byte[]> pictureSets, List<byte[]> extensions, int nalLengthSize)
    {
        byte[] first = sequenceSets[0];
        var writer = new BoxWriter();
        int box = writer.Begin("avcC");
        writer.UInt8(1);
        writer.Bytes([first[1], first[2], first[3], (byte)(0xfc | (nalLengthSize - 1)), (byte)(0xe0 | sequenceSets.Count)]);
        AddUnits(writer, sequenceSets);
        writer.UInt8((byte)pictureSets.Count);
        AddUnits(writer, pictureSets);
        if (first[1] is not (66 or 77 or 88))
        {
            BitReader bits = BitReader.OfNalUnit(first, 1, first.Length - 1);
            uint profile = bits.Read(8);
            bits.Skip(16);
            bits.ReadUnsignedExpGolomb();
            (uint format, _, uint lumaBits, uint chromaBits) = PictureParameters.ReadAvcChroma(bits, profile);
            writer.Bytes([(byte)(0xfc | (format & 3)), (byte)(0xf8 | (lumaBits & 7)), (byte)(0xf8 | (chromaBits & 7)), (byte)extensions.Count]);
            AddUnits(writer, extensions);
        }

        writer.End(box);
        return writer.ToArray();
    }

    private static void AddUnits(BoxWriter writer, List<byte[]> units)
    {
        foreach (byte[] unit in units)
        {
            writer.UInt16((ushort)unit.Length);
            writer.Bytes(unit);
        }
    }

    private static int NalUnit(SampleEntryBox box, ref int at)
    {
        box.Require(at + 2);
        int length = box.UInt16(at);
        at += 2 + length;
        box.Require(at);
        return length;
    }
}
