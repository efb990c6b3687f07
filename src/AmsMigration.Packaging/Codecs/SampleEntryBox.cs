using System.Text;
using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Codecs;

/// <summary>A box inside a sample entry: where it lies, and where a complaint about it points.</summary>
/// <param name="Data">The whole sample entry.</param>
/// <param name="Start">Index of the box's first byte in <paramref name="Data"/>.</param>
/// <param name="ContentStart">Index behind the header.</param>
/// <param name="End">Index behind the last byte.</param>
/// <param name="File">The asset's file.</param>
/// <param name="FileOffset">Where <paramref name="Data"/> begins in that file.</param>
internal readonly record struct SampleEntryBox(byte[] Data, int Start, int ContentStart, int End, string File, long FileOffset)
{
    public const string ErrorCode = "InvalidSampleEntry";

    public string Type => FourCC(Data, Start + 4);

    public int ContentLength => End - ContentStart;

    public byte this[int index] => Data[ContentStart + index];

    public static SampleEntryBox OfEntry(byte[] data, string file, long offset)
    {
        if (data.Length < 16)
        {
            throw new PackagingException(ErrorCode, $"A sample entry has {data.Length} bytes; expected at least 16.", file, offset);
        }

        long size = UInt32(data, 0);
        int header = 8;
        if (size == 1)
        {
            size = (long)Math.Min(UInt64(data, 8), long.MaxValue);
            header = 16;
        }
        else if (size == 0)
        {
            size = data.Length;
        }

        if (size > data.Length || size < header + 8)
        {
            throw new PackagingException(
                ErrorCode, $"Sample entry '{Printable(data, 4)}' claims {size} bytes; {data.Length} are there.", file, offset);
        }

        return new SampleEntryBox(data, 0, header, (int)size, file, offset);
    }

    /// <summary>The boxes from <paramref name="start"/> (an index into the content) on, up to the end or the first that is none.</summary>
    public List<SampleEntryBox> Children(int start)
    {
        var children = new List<SampleEntryBox>();
        long at = (long)ContentStart + start;
        while (TryChild(at, out SampleEntryBox child))
        {
            children.Add(child);
            at = child.End;
        }

        return children;
    }

    /// <summary>True where the content from <paramref name="start"/> on is boxes up to QuickTime's four zero bytes.</summary>
    public bool IsAllChildren(int start)
    {
        List<SampleEntryBox> children = Children(start);
        return children.Count > 0 && children.TrueForAll(child => child.HasPrintableType) && End - children[children.Count - 1].End < 8;
    }

    public PackagingException Invalid(string message) => new(ErrorCode, message, File, FileOffset + Start);

    public PackagingException Missing(string type, List<SampleEntryBox> found)
    {
        string names = found.Count == 0 ? "none" : string.Join(", ", found.Select(box => Printable(box.Data, box.Start + 4)));
        return Invalid($"Sample entry '{Printable(Data, Start + 4)}' has no readable '{type}' box; found {names}.");
    }

    /// <summary>Checks that the content has <paramref name="count"/> bytes.</summary>
    public void Require(int count)
    {
        if (ContentLength < count)
        {
            throw Invalid(
                $"Box '{Printable(Data, Start + 4)}' has {ContentLength} bytes of content; expected at least {count}.");
        }
    }

    public BitReader Bits(int start = 0) => new(Data, ContentStart + start, Math.Max(0, ContentLength - start));

    public int UInt16(int index) => (this[index] << 8) | this[index + 1];

    public uint UInt32(int index) => UInt32(Data, ContentStart + index);

    public byte[] Slice(int index, int count)
    {
        byte[] slice = new byte[count];
        Array.Copy(Data, ContentStart + index, slice, 0, count);
        return slice;
    }

    public byte[] Content() => Slice(0, ContentLength);

    /// <summary>The box with a plain 32-bit header, whatever it had.</summary>
    public byte[] ToBox() => ToBox(Type, Content());

    public static byte[] ToBox(string type, byte[] content)
    {
        var writer = new BoxWriter(content.Length + 8);
        int box = writer.Begin(type);
        writer.Bytes(content);
        writer.End(box);
        return writer.ToArray();
    }

    /// <summary>Four letters; what cannot be printed as <c>?</c>.</summary>
    public static string Printable(byte[] data, int index)
    {
        var text = new StringBuilder(4);
        for (int i = index; i < index + 4; i++)
        {
            text.Append(data[i] is >= 0x20 and < 0x7f ? (char)data[i] : '?');
        }

        return text.ToString();
    }

    /// <summary>Latin-1, so that every value stays distinct (QuickTime has <c>©xyz</c> and <c>ms\0U</c>).</summary>
    public static string FourCC(byte[] data, int index) =>
        new([(char)data[index], (char)data[index + 1], (char)data[index + 2], (char)data[index + 3]]);

    private static uint UInt32(byte[] data, int index) =>
        ((uint)data[index] << 24) | ((uint)data[index + 1] << 16) | ((uint)data[index + 2] << 8) | data[index + 3];

    private static ulong UInt64(byte[] data, int index) => ((ulong)UInt32(data, index) << 32) | UInt32(data, index + 4);

    public bool HasPrintableType
    {
        get
        {
            for (int i = Start + 4; i < Start + 8; i++)
            {
                if (Data[i] is < 0x20 or 0x7f)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private bool TryChild(long at, out SampleEntryBox child)
    {
        child = default;
        if (End - at < 8)
        {
            return false;
        }

        uint size = UInt32(Data, (int)at);
        long end = size == 0 ? End : at + size;
        if (size is > 0 and < 8 || end > End)
        {
            return false;
        }

        child = new SampleEntryBox(Data, (int)at, (int)at + 8, (int)end, File, FileOffset);
        return true;
    }
}
