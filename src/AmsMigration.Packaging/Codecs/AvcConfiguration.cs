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

    private static int NalUnit(SampleEntryBox box, ref int at)
    {
        box.Require(at + 2);
        int length = box.UInt16(at);
        at += 2 + length;
        box.Require(at);
        return length;
    }
}
