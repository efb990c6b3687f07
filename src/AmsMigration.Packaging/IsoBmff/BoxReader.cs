using System.Text;

namespace AmsMigration.Packaging.IsoBmff;

/// <summary>
/// One box (ISO/IEC 14496-12 4.2) in memory, and a position in its content. Every read is checked against the box's end; what is missing is told with the
/// file and offset.
/// </summary>
internal struct BoxReader
{
    private readonly byte[] _data;
    private readonly string _file;
    private readonly long _dataOffset;

    private BoxReader(byte[] data, string file, long dataOffset, string type, int start, int position, int end)
    {
        _data = data;
        _file = file;
        _dataOffset = dataOffset;
        Type = type;
        Start = start;
        Position = position;
        End = end;
    }

    /// <summary>Four letters, each byte as the Latin-1 character of its value.</summary>
    public string Type { get; }

    /// <summary>Index in the buffer of the box's first byte.</summary>
    public int Start { get; }

    public int Position { get; private set; }

    /// <summary>Index in the buffer behind the box's last byte.</summary>
    public int End { get; }

    public readonly int Remaining => End - Position;

    public readonly int Length => End - Start;

    /// <summary>Bytes from the start of the file to <see cref="Position"/>.</summary>
    public readonly long FileOffset => _dataOffset + Position;

    /// <summary>Bytes from the start of the file to the box.</summary>
    public readonly long FileStart => _dataOffset + Start;

    /// <param name="data">A whole box, from its size field on.</param>
    /// <param name="file">For messages.</param>
    /// <param name="offset">Where in the file <paramref name="data"/> starts.</param>
    public static BoxReader Open(byte[] data, string file, long offset)
    {
        var outer = new BoxReader(data, file, offset, "file", 0, 0, data.Length);
        return outer.NextChild(out BoxReader box) ? box : throw outer.Fault("EmptyBox", "there is no box here");
    }

    public byte U8()
    {
        Need(1);
        return _data[Position++];
    }

    public ushort U16()
    {
        Need(2);
        ushort value = (ushort)((_data[Position] << 8) | _data[Position + 1]);
        Position += 2;
        return value;
    }

    public uint U24() => ((uint)U8() << 16) | U16();

    public uint U32()
    {
        Need(4);
        uint value = PeekU32(Position);
        Position += 4;
        return value;
    }

    public int I32() => unchecked((int)U32());

    public ulong U64() => ((ulong)U32() << 32) | U32();

    public long I64() => unchecked((long)U64());

    /// <summary>A 64-bit value that has to fit a signed one: file offsets and times past 2^63 are lies.</summary>
    public long L64()
    {
        long value = I64();
        return value >= 0 ? value : throw Fault("ImpossibleValue", $"'{Type}' holds {unchecked((ulong)value)}, which is past 2^63");
    }

    /// <summary>Version and flags of a full box (ISO/IEC 14496-12 4.2).</summary>
    public (byte Version, uint Flags) FullBox() => (U8(), U24());

    public string FourCC()
    {
        Need(4);
        string value = ReadType(Position);
        Position += 4;
        return value;
    }

    public byte[] Bytes(int count)
    {
        Need(count);
        var bytes = new byte[count];
        Buffer.BlockCopy(_data, Position, bytes, 0, count);
        Position += count;
        return bytes;
    }

    /// <summary>UTF-8 up to a NUL or the end of the box.</summary>
    public string Text()
    {
        int end = Array.IndexOf(_data, (byte)0, Position, Remaining);
        int count = (end < 0 ? End : end) - Position;
        string text = Encoding.UTF8.GetString(_data, Position, count);
        Position = Math.Min(End, Position + count + 1);
        return text;
    }

    public void Skip(int count)
    {
        Need(count);
        Position += count;
    }

    /// <summary>The number of table entries that follow, checked against what is there.</summary>
    /// <param name="entrySize">Bytes an entry.</param>
    public int Count(int entrySize)
    {
        uint count = U32();
        return (long)count * entrySize <= Remaining
            ? (int)count
            : throw Fault("TruncatedTable", $"'{Type}' promises {count} entries of {entrySize} bytes but has {Remaining} bytes for them");
    }

    /// <summary>The whole box, header included.</summary>
    public readonly byte[] ToArray()
    {
        var bytes = new byte[Length];
        Buffer.BlockCopy(_data, Start, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>
    /// Steps over the next box. What cannot be a box ends the list: up to 7 bytes, zeros (QuickTime ends some lists with a 32-bit 0), and a size that
    /// cannot be, unless the box is one that samples depend on.
    /// </summary>
    /// <exception cref="PackagingException"><c>InvalidBoxSize</c>.</exception>
    public bool NextChild(out BoxReader child)
    {
        child = default;
        if (Remaining < 8)
        {
            return false;
        }

        long size = PeekU32(Position);
        int header = 8;
        if (size == 0)
        {
            if (PeekU32(Position + 4) == 0)
            {
                return false;
            }

            size = Remaining;
        }
        else if (size == 1)
        {
            header = 16;
            size = Remaining < header ? long.MaxValue : ReadLargeSize();
        }

        string type = ReadType(Position + 4);
        if (size < header || size > Remaining)
        {
            return HoldsSampleTables(type)
                ? throw Fault("InvalidBoxSize", $"'{type}' in '{Type}' claims {size} bytes; expected {header} to {Remaining}")
                : false;
        }

        child = new BoxReader(_data, _file, _dataOffset, type, Position, Position + header, Position + (int)size);
        Position += (int)size;
        return true;
    }

    /// <summary>The first child of that type from <see cref="Position"/> on; the position stays.</summary>
    public readonly bool TryFind(string type, out BoxReader child)
    {
        BoxReader list = this;
        while (list.NextChild(out child))
        {
            if (child.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    public readonly BoxReader Find(string type) =>
        TryFind(type, out BoxReader child) ? child : throw Fault("MissingBox", $"'{Type}' has no '{type}'");

    /// <summary>An error at <see cref="Position"/>.</summary>
    public readonly PackagingException Fault(string code, string message) => new(code, message, _file, FileOffset);

    private static bool HoldsSampleTables(string type) => type is
        "mvhd" or "trak" or "tkhd" or "edts" or "elst" or "mdia" or "mdhd" or "hdlr" or "minf" or "dinf" or "dref" or "stbl" or "stsd" or "stts" or "ctts"
        or "stss" or "stsc" or "stsz" or "stz2" or "stco" or "co64" or "mvex" or "trex" or "traf" or "tfhd" or "tfdt" or "trun";

    private readonly long ReadLargeSize()
    {
        ulong size = ((ulong)PeekU32(Position + 8) << 32) | PeekU32(Position + 12);
        return size > long.MaxValue ? long.MaxValue : (long)size;
    }

    private readonly void Need(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Fault("TruncatedBox", $"'{Type}' ends {Remaining} bytes on; expected at least {count}");
        }
    }

    private readonly uint PeekU32(int at) =>
        ((uint)_data[at] << 24) | ((uint)_data[at + 1] << 16) | ((uint)_data[at + 2] << 8) | _data[at + 3];

    private readonly string ReadType(int at) =>
        new([(char)_data[at], (char)_data[at + 1], (char)_data[at + 2], (char)_data[at + 3]]);
}
