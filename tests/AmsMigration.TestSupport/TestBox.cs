using System.Buffers.Binary;
using System.Text;

namespace AmsMigration.TestSupport;

/// <summary>A box (ISO/IEC 14496-12 4.2) as a tree that a test can bend: content in front, then children. Sizes are right unless a test lies.</summary>
public sealed class TestBox(string type)
{
    private readonly List<byte> _content = [];

    public string Type { get; set; } = type;

    public IList<TestBox> Children { get; } = [];

    /// <summary>What the size field claims; null for the truth.</summary>
    public uint? ClaimedSize { get; set; }

    /// <summary>Writes the size as 64 bits.</summary>
    public bool IsLarge { get; set; }

    /// <summary>Bytes behind the last child.</summary>
    public byte[] Tail { get; set; } = [];

    public int ContentLength => _content.Count;

    public static TestBox Full(string type, byte version = 0, uint flags = 0) => new TestBox(type).U32(((uint)version << 24) | flags);

    public TestBox With(params TestBox?[] children)
    {
        foreach (TestBox child in children.OfType<TestBox>())
        {
            Children.Add(child);
        }

        return this;
    }

    public TestBox Bytes(params byte[] bytes)
    {
        _content.AddRange(bytes);
        return this;
    }

    public TestBox Zeros(int count) => Bytes(new byte[count]);

    public TestBox U8(int value) => Bytes((byte)value);

    public TestBox U16(int value) => Bytes((byte)(value >> 8), (byte)value);

    public TestBox U32(long value) => U16((int)(value >> 16) & 0xffff).U16((int)value & 0xffff);

    public TestBox U64(long value) => U32(value >> 32).U32(value);

    public TestBox Text(string text) => Bytes(Encoding.Latin1.GetBytes(text));

    /// <summary>32 bits, or 64.</summary>
    public TestBox Wide(bool isWide, long value) => isWide ? U64(value) : U32(value);

    public TestBox OptionalU32(long? value) => value is long there ? U32(there) : this;

    public TestBox OptionalU64(long? value) => value is long there ? U64(there) : this;

    /// <summary>Overwrites content, e.g. a count that lies.</summary>
    public TestBox Set(int index, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        for (int i = 0; i < 4; i++)
        {
            _content[index + i] = bytes[i];
        }

        return this;
    }

    /// <summary>The first box on a path like <c>trak/mdia/minf</c>.</summary>
    public TestBox this[string path] => path.Split('/').Aggregate(this, (box, name) => box.Children.First(child => child.Type == name));

    public void Remove(string path)
    {
        int slash = path.LastIndexOf('/');
        TestBox parent = slash < 0 ? this : this[path[..slash]];
        parent.Children.Remove(parent[path[(slash + 1)..]]);
    }

    public byte[] ToArray()
    {
        byte[][] children = [.. Children.Select(child => child.ToArray())];
        long size = (IsLarge ? 16 : 8) + _content.Count + children.Sum(child => (long)child.Length) + Tail.Length;
        var header = new TestBox("").U32(ClaimedSize ?? (IsLarge ? 1 : size)).Text(Type);
        if (IsLarge)
        {
            header.U64(size);
        }

        return [.. header._content, .. _content, .. children.SelectMany(child => child), .. Tail];
    }
}
