using AmsMigration.Packaging.Codecs;

namespace AmsMigration.Packaging.Protection.Bitstreams;

/// <summary>NAL units of H.264 (ISO/IEC 14496-10 7.3).</summary>
internal sealed class AvcSyntax : NalSyntax
{
    private const int SequenceSet = 7;
    private const int PictureSet = 8;

    private readonly Dictionary<uint, AvcSequence> _sequences = [];
    private readonly Dictionary<uint, AvcPicture> _pictures = [];

    public override int HeaderLength => 1;

    public override bool IsSlice(byte[] data, int at) => TypeOf(data, at) is >= 1 and <= 5;

    public override bool IsParameterSet(byte[] data, int at) => TypeOf(data, at) is SequenceSet or PictureSet;

    public override void AddParameterSet(byte[] data, int at, int count)
    {
        BitReader bits = BitReader.OfNalUnit(data, at + HeaderLength, count - HeaderLength);
        if (TypeOf(data, at) == SequenceSet)
        {
            var sequence = AvcSequence.Read(bits);
            _sequences[sequence.Id] = sequence;
            return;
        }

        var picture = AvcPicture.Read(bits);
        _pictures[picture.Id] = picture;
    }

    /// <summary>slice_header() of 7.3.3.</summary>
    public override int? GetClearLength(byte[] data, int at, int count)
    {
        const int PartitionB = 3;
        const int PartitionC = 4;
        int type = TypeOf(data, at);
        if (type is PartitionB or PartitionC)
        {
            return HeaderLength;
        }

        BitReader bits = BitReader.OfNalUnit(data, at + HeaderLength, count - HeaderLength);
        long before = bits.BitsLeft;
        var header = new AvcSliceHeader(bits, isIdr: type == 5, isReference: (data[at] & 0x60) != 0);
        if (!header.TrySkip(FindSets))
        {
            return null;
        }

        return HeaderLength + CountRawBytes(data, at + HeaderLength, before - bits.BitsLeft);
    }

    protected override void AddConfiguration(SampleEntryBox entry)
    {
        if (FindConfiguration(entry, "avcC") is not SampleEntryBox box)
        {
            return;
        }

        int at = 5;
        for (int list = 0; list < 2; list++)
        {
            box.Require(at + 1);
            int sets = list == 0 ? box[at] & 0x1f : box[at];
            at++;
            for (; sets > 0; sets--)
            {
                box.Require(at + 2);
                int length = box.UInt16(at);
                box.Require(at + 2 + length);
                if (length > HeaderLength)
                {
                    AddParameterSet(box.Data, box.ContentStart + at + 2, length);
                }

                at += 2 + length;
            }
        }
    }

    private static int TypeOf(byte[] data, int at) => data[at] & 0x1f;

    private (AvcSequence Sequence, AvcPicture Picture) FindSets(uint id) =>
        _pictures.TryGetValue(id, out AvcPicture? picture) && _sequences.TryGetValue(picture.SequenceId, out AvcSequence? sequence)
            ? (sequence, picture)
            : throw Unreadable($"it names the picture parameter set {id}, which is not there");
}
