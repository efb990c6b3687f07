namespace AmsMigration.Packaging.IsoBmff;

/// <summary>Writes boxes (ISO/IEC 14496-12 4.2) to memory, big endian. Nested boxes get their sizes when they end.</summary>
internal sealed class BoxWriter
{
    private byte[] _buffer;

    public BoxWriter(int capacity = 1024) => _buffer = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Starts a box and returns the place of its size, for <see cref="End"/>.</summary>
    public int Begin(string type)
    {
        int start = Length;
        UInt32(0);
        FourCC(type);
        return start;
    }

    /// <summary>Starts a FullBox (ISO/IEC 14496-12 4.2.2).</summary>
    public int Begin(string type, byte version, uint flags)
    {
        int start = Begin(type);
        UInt32(((uint)version << 24) | flags);
        return start;
    }

    public void End(int start)
    {
        int end = Length;
        Length = start;
        UInt32((uint)(end - start));
        Length = end;
    }

    public void FourCC(string type)
    {
        if (type.Length != 4)
        {
            throw new ArgumentException($"'{type}' is not four letters.", nameof(type));
        }

        foreach (char letter in type)
        {
            UInt8((byte)letter);
        }
    }

    public void UInt8(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    public void UInt16(ushort value)
    {
        Reserve(2);
        _buffer[Length++] = (byte)(value >> 8);
        _buffer[Length++] = (byte)value;
    }

    public void UInt32(uint value)
    {
        Reserve(4);
        _buffer[Length++] = (byte)(value >> 24);
        _buffer[Length++] = (byte)(value >> 16);
        _buffer[Length++] = (byte)(value >> 8);
        _buffer[Length++] = (byte)value;
    }

    public void UInt64(ulong value)
    {
        UInt32((uint)(value >> 32));
        UInt32((uint)value);
    }

    public void Bytes(byte[] bytes)
    {
        Reserve(bytes.Length);
        Array.Copy(bytes, 0, _buffer, Length, bytes.Length);
        Length += bytes.Length;
    }

    /// <summary>UTF-8 and a null byte.</summary>
    public void NullTerminated(string text)
    {
        Bytes(System.Text.Encoding.UTF8.GetBytes(text));
        UInt8(0);
    }

    public void Zeros(int count)
    {
        Reserve(count);
        Array.Clear(_buffer, Length, count);
        Length += count;
    }

    public byte[] ToArray()
    {
        if (_buffer.Length != Length)
        {
            Array.Resize(ref _buffer, Length);
        }

        return _buffer;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(Length + count, _buffer.Length * 2));
        }
    }
}
