using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>'stsz' or 'stz2' (ISO/IEC 14496-12 8.7.3).</summary>
internal readonly struct SampleSizes
{
    /// <summary>Samples of one size that a file may promise, since they cost no bytes: two weeks of AAC.</summary>
    private const int MaxUniform = 1 << 26;

    private readonly uint _constant;
    private readonly uint[] _sizes;

    private SampleSizes(int count, uint constant, uint[] sizes)
    {
        Count = count;
        _constant = constant;
        _sizes = sizes;
    }

    public int Count { get; }

    /// <summary>Sizes that the table holds; 0 where all samples are of one size.</summary>
    public int TableCount => _sizes.Length;

    public uint this[int sample] => _constant > 0 ? _constant : _sizes[sample];

    /// <param name="fileLength">Bounds the number of samples of one size, which no table does.</param>
    public static SampleSizes Read(BoxReader stbl, long fileLength)
    {
        if (stbl.TryFind("stz2", out BoxReader stz2))
        {
            return ReadCompact(stz2);
        }

        BoxReader stsz = stbl.Find("stsz");
        stsz.FullBox();
        uint constant = stsz.U32();
        if (constant > 0)
        {
            uint count = stsz.U32();

            return count <= Math.Min(MaxUniform, fileLength)
                ? new SampleSizes((int)count, constant, [])
                : throw stsz.Fault("ImpossibleValue", $"'stsz' promises {count} samples of {constant} bytes in a file of {fileLength} bytes");
        }

        var sizes = new uint[stsz.Count(4)];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = stsz.U32();
        }

        return new SampleSizes(sizes.Length, 0, sizes);
    }

    private static SampleSizes ReadCompact(BoxReader stz2)
    {
        stz2.FullBox();
        stz2.Skip(3);
        int bits = stz2.U8();
        if (bits is not (4 or 8 or 16))
        {
            throw stz2.Fault("ImpossibleValue", $"'stz2' has a field size of {bits}; expected 4, 8 or 16");
        }

        uint count = stz2.U32();
        if ((((long)count * bits) + 7) / 8 > stz2.Remaining)
        {
            throw stz2.Fault("TruncatedTable", $"'stz2' promises {count} entries of {bits} bits but has {stz2.Remaining} bytes for them");
        }

        var sizes = new uint[count];
        byte pair = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            bool isSecondHalf = bits == 4 && (i & 1) == 1;
            pair = bits == 4 && !isSecondHalf ? stz2.U8() : pair;
            sizes[i] = bits switch
            {
                16 => stz2.U16(),
                8 => stz2.U8(),
                _ => isSecondHalf ? pair & 0xfu : (uint)pair >> 4,
            };
        }

        return new SampleSizes(sizes.Length, 0, sizes);
    }
}
