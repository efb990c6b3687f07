namespace AmsMigration.Packaging.Codecs;

/// <summary>
/// Bits of a byte range, most significant first. Reading past the end gives zeros and sets <see cref="Overrun"/>,
/// so that a parser checks once, at its end.
/// </summary>
internal sealed class BitReader(byte[] data, int start, int count)
{
    private readonly long _endBit = ((long)start + count) * 8;
    private long _bit = (long)start * 8;

    public bool Overrun { get; private set; }

    public long BitsLeft => Math.Max(0, _endBit - _bit);

    public bool ReadFlag() => Read(1) != 0;

    /// <param name="bits">0 to 32.</param>
    public uint Read(int bits)
    {
        if (bits > BitsLeft)
        {
            Overrun = true;
            _bit = _endBit;
            return 0;
        }

        ulong value = 0;
        for (int i = 0; i < bits; i++, _bit++)
        {
            value = (value << 1) | ((uint)(data[_bit >> 3] >> (int)(7 - (_bit & 7))) & 1u);
        }

        return (uint)value;
    }

    public void Skip(long bits)
    {
        if (bits > BitsLeft)
        {
            Overrun = true;
            bits = BitsLeft;
        }

        _bit += bits;
    }

    public void Align() => Skip((8 - (_bit & 7)) & 7);

    /// <summary>ue(v), ISO/IEC 14496-10 9.1.</summary>
    public uint ReadUnsignedExpGolomb()
    {
        int zeros = 0;
        while (!ReadFlag())
        {
            if (Overrun || ++zeros > 31)
            {
                Overrun = true;
                return 0;
            }
        }

        return (uint)((1ul << zeros) - 1 + Read(zeros));
    }

    /// <summary>se(v), ISO/IEC 14496-10 9.1.1.</summary>
    public long ReadSignedExpGolomb()
    {
        long code = ReadUnsignedExpGolomb();
        return (code & 1) != 0 ? (code + 1) / 2 : -(code / 2);
    }

    /// <summary>A reader of a NAL unit's payload.</summary>
    public static BitReader OfNalUnit(byte[] nalUnit, int start, int count)
    {
        byte[] payload = RemoveEmulationPrevention(nalUnit, start, count);
        return new BitReader(payload, 0, payload.Length);
    }

    /// <summary>A NAL unit's payload without emulation prevention bytes (ISO/IEC 14496-10 7.4.1).</summary>
    public static byte[] RemoveEmulationPrevention(byte[] nalUnit, int start, int count)
    {
        byte[] payload = new byte[count];
        int length = 0;
        int zeros = 0;
        for (int i = start; i < start + count; i++)
        {
            if (zeros >= 2 && nalUnit[i] == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = nalUnit[i] == 0 ? zeros + 1 : 0;
            payload[length++] = nalUnit[i];
        }

        Array.Resize(ref payload, length);
        return payload;
    }
}
