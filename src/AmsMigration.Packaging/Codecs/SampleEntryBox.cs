using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Protection.Reading;

namespace AmsMigration.Packaging.Codecs;

/// <summary>A box in a sample entry, or the entry itself, read by index. What follows the last sound box of a list is ignored.</summary>
internal readonly struct SampleEntryBox
{
    public const string ErrorCode = "InvalidSampleEntry";

    private readonly BoxReader _box;
    private readonly string _file;

    private SampleEntryBox(byte[] data, BoxReader box, string file)
    {
        Data = data;
        _box = box;
        _file = file;
    }

    /// <summary>The whole sample entry.</summary>
    public byte[] Data { get; }

    /// <summary>Latin-1, so that every value stays distinct (QuickTime has <c>ms\0U</c>).</summary>
    public string Type => _box.Type;

    /// <summary>Four letters, with <c>?</c> for what cannot be printed.</summary>
    public string PrintableType => Printable(_box.Type);

    /// <summary>Index in <see cref="Data"/> of the first byte behind the header.</summary>
    public int ContentStart => _box.Position;

    public int ContentLength => _box.Remaining;

    /// <summary>Index in <see cref="Data"/> of the box itself.</summary>
    public int BoxStart => _box.Start;

    /// <summary>Index in <see cref="Data"/> behind the box.</summary>
    public int BoxEnd => _box.End;

    /// <summary>Of 'sinf'; null where it says too little, or is damaged.</summary>
    public TrackEncryption? Encryption
    {
        get
        {
            try
            {
                return TrackEncryption.Read(_box);
            }
            catch (PackagingException)
            {
                return null;
            }
        }
    }

    public byte this[int index] => Data[ContentStart + index];

    /// <exception cref="PackagingException"><c>InvalidSampleEntry</c>: it is cut short.</exception>
    public static SampleEntryBox OfEntry(byte[] data, string file, long offset)
    {
        const int Least = 16;
        if (data.Length < Least)
        {
            throw new PackagingException(ErrorCode, $"A sample entry has {data.Length} bytes; expected at least {Least}.", file, offset);
        }

        try
        {
            return new SampleEntryBox(data, BoxReader.Open(data, file, offset), file);
        }
        catch (PackagingException e)
        {
            throw new PackagingException(
                ErrorCode, $"A sample entry claims another size than the {data.Length} bytes that are there.", file, offset, e);
        }
    }

    /// <summary>The boxes from <paramref name="start"/> (an index into the content) on, up to the end or the first that is none.</summary>
    public List<SampleEntryBox> Children(int start)
    {
        var children = new List<SampleEntryBox>();
        BoxReader list = _box;
        list.Skip(Math.Min(start, list.Remaining));
        try
        {
            while (list.NextChild(out BoxReader child))
            {
                children.Add(new SampleEntryBox(Data, child, _file));
            }
        }
        catch (PackagingException)
        {
            // A lie about a box that has no place here: the codec's own box, if it is missing, is the fault to tell.
        }

        return children;
    }

    /// <summary>True where the content from <paramref name="start"/> on is boxes up to QuickTime's four zero bytes.</summary>
    public bool IsAllChildren(int start)
    {
        List<SampleEntryBox> children = Children(start);
        return children.Count > 0
            && children.TrueForAll(child => child.HasPrintableType)
            && _box.End - children[children.Count - 1]._box.End < 8;
    }

    public PackagingException Invalid(string message) => new(ErrorCode, message, _file, _box.FileStart);

    public PackagingException Missing(string type, List<SampleEntryBox> found)
    {
        string names = found.Count == 0 ? "none" : string.Join(", ", found.Select(box => box.PrintableType));
        return Invalid($"Sample entry '{PrintableType}' has no readable '{type}' box; found {names}.");
    }

    /// <summary>Checks that the content has <paramref name="count"/> bytes.</summary>
    public void Require(int count)
    {
        if (ContentLength < count)
        {
            throw Invalid($"Box '{PrintableType}' has {ContentLength} bytes of content; expected at least {count}.");
        }
    }

    public BitReader Bits(int start = 0) => new(Data, ContentStart + start, Math.Max(0, ContentLength - start));

    public int UInt16(int index) => (this[index] << 8) | this[index + 1];

    public uint UInt32(int index) => ((uint)UInt16(index) << 16) | (uint)UInt16(index + 2);

    public string FourCC(int index) =>
        new([(char)this[index], (char)this[index + 1], (char)this[index + 2], (char)this[index + 3]]);

    public byte[] Content() => Slice(0, ContentLength);

    public byte[] Slice(int index, int count)
    {
        byte[] slice = new byte[count];
        Array.Copy(Data, ContentStart + index, slice, 0, count);
        return slice;
    }

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

    public static string Printable(string fourCC) => string.Concat(fourCC.Select(letter => IsPrintable(letter) ? letter : '?'));

    public bool HasPrintableType => Type.All(IsPrintable);

    private static bool IsPrintable(char letter) => letter is >= ' ' and < '\u007f';
}
