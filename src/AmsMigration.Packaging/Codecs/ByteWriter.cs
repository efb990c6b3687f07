namespace AmsMigration.Packaging.Codecs;

/// <summary>Builds a box, big endian.</summary>
internal sealed class ByteWriter
{
    private readonly List<byte> _bytes = [];

    public ByteWriter UInt8(int value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    public ByteWriter UInt16(int value) => UInt8(value >> 8).UInt8(value);

    public ByteWriter UInt32(uint value) => UInt16((int)(value >> 16)).UInt16((int)value);

    public ByteWriter Zeros(int count)
    {
        _bytes.AddRange(new byte[count]);
        return this;
    }

    public ByteWriter Bytes(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The bytes as the content of a box.</summary>
    public byte[] ToBox(string type)
    {
        var header = new ByteWriter().UInt32((uint)(8 + _bytes.Count));
        foreach (char letter in type)
        {
            header.UInt8(letter);
        }

        return [.. header._bytes, .. _bytes];
    }

    public byte[] ToArray() => [.. _bytes];
}
