using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>NAL units of HEVC (ISO/IEC 23008-2 7.3).</summary>
internal sealed class HevcSyntax : NalSyntax
{
    private const int FirstOther = 32;
    private const int SequenceSet = 33;
    private const int PictureSet = 34;

    private readonly Dictionary<uint, HevcSequence> _sequences = [];
    private readonly Dictionary<uint, HevcPicture> _pictures = [];

    public override int HeaderLength => 2;

    public override bool IsSlice(byte[] data, int at) => TypeOf(data, at) < FirstOther;

    public override bool IsParameterSet(byte[] data, int at) => TypeOf(data, at) is SequenceSet or PictureSet;

    public override void AddParameterSet(byte[] data, int at, int count)
    {
        if (count <= HeaderLength)
        {
            return;
        }

        BitReader bits = BitReader.OfNalUnit(data, at + HeaderLength, count - HeaderLength);
        if (TypeOf(data, at) == SequenceSet)
        {
            var sequence = HevcSequence.Read(bits);
            _sequences[sequence.Id] = sequence;
            return;
        }

        var picture = HevcPicture.Read(bits);
        _pictures[picture.Id] = picture;
    }

    public override int? GetClearLength(byte[] data, int at, int count)
    {
        BitReader bits = BitReader.OfNalUnit(data, at + HeaderLength, count - HeaderLength);
        long before = bits.BitsLeft;
        var header = new HevcSliceHeader(bits, TypeOf(data, at));
        if (!header.TrySkip(FindSets))
        {
            return null;
        }

        return HeaderLength + CountRawBytes(data, at + HeaderLength, before - bits.BitsLeft);
    }

    protected override void AddConfiguration(SampleEntryBox entry)
    {
        const int FixedSize = 23;
        if (FindConfiguration(entry, "hvcC") is not SampleEntryBox box)
        {
            return;
        }

        box.Require(FixedSize);
        int at = FixedSize;
        for (int array = 0; array < box[FixedSize - 1]; array++)
        {
            box.Require(at + 3);
            int count = box.UInt16(at + 1);
            at += 3;
            for (; count > 0; count--)
            {
                box.Require(at + 2);
                int length = box.UInt16(at);
                box.Require(at + 2 + length);
                if (length > HeaderLength && IsParameterSet(box.Data, box.ContentStart + at + 2))
                {
                    AddParameterSet(box.Data, box.ContentStart + at + 2, length);
                }

                at += 2 + length;
            }
        }
    }

    private static int TypeOf(byte[] data, int at) => (data[at] >> 1) & 0x3f;

    private (HevcSequence Sequence, HevcPicture Picture) FindSets(uint id) =>
        _pictures.TryGetValue(id, out HevcPicture? picture) && _sequences.TryGetValue(picture.SequenceId, out HevcSequence? sequence)
            ? (sequence, picture)
            : throw Unreadable($"it names the picture parameter set {id}, which is not there");
}
