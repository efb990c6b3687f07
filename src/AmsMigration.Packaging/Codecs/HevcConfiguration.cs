using System.Globalization;
using System.Text;
using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Codecs;

/// <summary>hvcC (ISO/IEC 14496-15 8.3.3.1).</summary>
internal sealed class HevcConfiguration
{
    private const int FixedSize = 23;
    private const int VideoParameterSet = 32;
    private const int SequenceParameterSet = 33;
    private const int PictureParameterSet = 34;

    private readonly byte[] _content;
    private readonly List<int> _arrays = [];

    private HevcConfiguration(SampleEntryBox box)
    {
        box.Require(FixedSize);
        _content = box.Content();
        int at = FixedSize;
        var found = new HashSet<int>();
        for (int array = 0; array < _content[22]; array++)
        {
            box.Require(at + 3);
            _arrays.Add(at);
            int type = box[at] & 0x3f;
            int count = box.UInt16(at + 1);
            at += 3;
            for (int i = 0; i < count; i++)
            {
                box.Require(at + 2);
                int length = box.UInt16(at);
                at += 2;
                box.Require(at + length);
                found.Add(type);
                if (type == SequenceParameterSet)
                {
                    Picture ??= PictureParameters.OfHevc(box.Data, box.ContentStart + at, length);
                }

                at += length;
            }
        }

        HasParameterSets = found.Contains(VideoParameterSet) && found.Contains(SequenceParameterSet) && found.Contains(PictureParameterSet);
    }

    /// <summary>True where video, sequence and picture parameter sets are all here and need not come with the samples.</summary>
    public bool HasParameterSets { get; }

    public PictureParameters? Picture { get; }

    public int NalLengthSize => (_content[21] & 3) + 1;

    public static HevcConfiguration Read(SampleEntryBox box) => new(box);

    /// <param name="units">NAL units in the order of their types' arrays; of sequence parameter sets at least one.</param>
    /// <param name="nalLengthSize">1, 2 or 4.</param>
    /// <returns>The box, with nothing said of segmentation, parallelism and frame rate; null where the sequence parameter set ends too early.</returns>
    public static byte[]? Write(IReadOnlyList<byte[]> units, int nalLengthSize)
    {
        const int ProfileTierLevelSize = 12;
        byte[] set = units.First(unit => TypeOf(unit) == SequenceParameterSet);
        byte[] payload = BitReader.RemoveEmulationPrevention(set, 2, set.Length - 2);
        var bits = new BitReader(payload, 0, payload.Length);
        bits.Skip(4);
        int subLayers = (int)bits.Read(3);
        uint isNested = bits.Read(1);
        PictureParameters.SkipProfileTierLevel(bits, subLayers);
        bits.ReadUnsignedExpGolomb();
        uint chromaFormat = bits.ReadUnsignedExpGolomb();
        bits.Skip(chromaFormat == 3 ? 1 : 0);
        bits.ReadUnsignedExpGolomb();
        bits.ReadUnsignedExpGolomb();
        for (int i = bits.ReadFlag() ? 4 : 0; i > 0; i--)
        {
            bits.ReadUnsignedExpGolomb();
        }

        uint lumaBits = bits.ReadUnsignedExpGolomb();
        uint chromaBits = bits.ReadUnsignedExpGolomb();
        if (bits.Overrun)
        {
            return null;
        }

        var writer = new BoxWriter();
        int box = writer.Begin("hvcC");
        writer.UInt8(1);
        writer.Bytes([.. payload.Skip(1).Take(ProfileTierLevelSize)]);
        writer.UInt16(0xf000);
        writer.Bytes([0xfc, (byte)(0xfc | (chromaFormat & 3)), (byte)(0xf8 | (lumaBits & 7)), (byte)(0xf8 | (chromaBits & 7)), 0, 0]);
        writer.UInt8((byte)(((subLayers + 1) << 3) | ((int)isNested << 2) | (nalLengthSize - 1)));
        List<IGrouping<int, byte[]>> arrays = [.. units.GroupBy(TypeOf)];
        writer.UInt8((byte)arrays.Count);
        foreach (IGrouping<int, byte[]> array in arrays)
        {
            writer.UInt8((byte)array.Key);
            writer.UInt16((ushort)array.Count());
            foreach (byte[] unit in array)
            {
                writer.UInt16((ushort)unit.Length);
                writer.Bytes(unit);
            }
        }

        writer.End(box);
        return writer.ToArray();
    }

    private static int TypeOf(byte[] unit) => (unit[0] >> 1) & 0x3f;

    /// <param name="complete">Mark the arrays as complete, as <c>hvc1</c> demands.</param>
    public byte[] ToBox(bool complete)
    {
        byte[] content = (byte[])_content.Clone();
        foreach (int array in _arrays)
        {
            if (complete && (content[array] & 0x3f) is VideoParameterSet or SequenceParameterSet or PictureParameterSet)
            {
                content[array] |= 0x80;
            }
        }

        return SampleEntryBox.ToBox("hvcC", content);
    }

    /// <summary>ISO/IEC 14496-15 annex E.3.</summary>
    public string CodecString(string fourCC)
    {
        uint compatibility = 0;
        for (int i = 0; i < 32; i++)
        {
            compatibility |= ((uint)(_content[2 + (i >> 3)] >> (7 - (i & 7))) & 1u) << i;
        }

        int last = 11;
        while (last >= 6 && _content[last] == 0)
        {
            last--;
        }

        var text = new StringBuilder(fourCC).Append('.');
        text.Append((_content[1] >> 6) switch { 1 => "A", 2 => "B", 3 => "C", _ => "" });
        text.Append((_content[1] & 0x1f).ToString(CultureInfo.InvariantCulture));
        text.Append('.').Append(compatibility.ToString("X", CultureInfo.InvariantCulture));
        text.Append((_content[1] & 0x20) != 0 ? ".H" : ".L").Append(_content[12].ToString(CultureInfo.InvariantCulture));
        for (int i = 6; i <= last; i++)
        {
            text.Append('.').Append(_content[i].ToString("X", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
