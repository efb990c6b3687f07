using System.Buffers.Binary;
using System.Text;

namespace AmsMigration.TestSupport;

/// <summary>Writes boxes and sample entries for tests, without any code of the product.</summary>
public static class Boxes
{
    /// <summary>A sequence parameter set of 512x288, level 2.1, high profile.</summary>
    public const string Sps =
        "67640015ac2ca5020096ffc1000100148303032000000300200000064c08001fe40000ff20fe31c604000ff200007f907f18e1da122516";

    public const string Pps = "68e9093525";

    public static byte[] Box(string type, params byte[][] content)
    {
        byte[] body = Join(content);
        return [.. U32(8 + body.Length), .. Encoding.Latin1.GetBytes(type), .. body];
    }

    public static byte[] FullBox(string type, int version, int flags, params byte[][] content) =>
        Box(type, [U32((version << 24) | flags), .. content]);

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] U16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    public static byte[] U32(long value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return bytes;
    }

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", ""));

    /// <summary>Bits written as text, e.g. <c>"00010 0011"</c>, zeros up to a whole byte.</summary>
    public static byte[] Bits(string bits)
    {
        string all = bits.Replace(" ", "");
        all = all.PadRight((all.Length + 7) / 8 * 8, '0');
        return [.. Enumerable.Range(0, all.Length / 8).Select(i => Convert.ToByte(all.Substring(8 * i, 8), 2))];
    }

    /// <summary>A VisualSampleEntry (ISO/IEC 14496-12 12.1.3).</summary>
    public static byte[] Visual(string type, int width, int height, params byte[][] boxes) => Box(
        type,
        [
            new byte[6], U16(1), new byte[16], U16(width), U16(height), U32(0x480000), U32(0x480000), U32(0), U16(1), new byte[32],
            U16(0x18), U16(0xffff),
            .. boxes,
        ]);

    /// <summary>An AudioSampleEntry (12.2.3), or QuickTime's of another version with its <paramref name="extra"/> fields.</summary>
    public static byte[] Audio(string type, int channels, int rate, byte[][] boxes, int version = 0, byte[]? extra = null) => Box(
        type,
        [new byte[6], U16(1), U16(version), new byte[6], U16(channels), U16(16), U32(0), U16(rate), U16(0), extra ?? [], .. boxes]);

    public static byte[] AvcC(string sps = Sps, string pps = Pps, int profile = 0x64, int level = 0x15)
    {
        byte[] sequence = Hex(sps);
        byte[] picture = Hex(pps);
        return Box(
            "avcC",
            [1, (byte)profile, 0, (byte)level, 0xff],
            sequence.Length == 0 ? [0xe0] : [0xe1, .. U16(sequence.Length), .. sequence],
            picture.Length == 0 ? [0] : [1, .. U16(picture.Length), .. picture]);
    }

    /// <param name="config">DecoderSpecificInfo.</param>
    public static byte[] Esds(int objectType, byte[] config)
    {
        byte[] info = config.Length == 0 ? [] : [5, (byte)config.Length, .. config];
        byte[] decoder = [(byte)objectType, 0x15, 0, 0, 0, .. U32(128000), .. U32(128000), .. info];
        byte[] descriptor = [0, 1, 0, 4, (byte)decoder.Length, .. decoder, 6, 1, 2];
        return FullBox("esds", 0, 0, [3, (byte)descriptor.Length, .. descriptor]);
    }

    /// <summary>AAC-LC of 48 kHz.</summary>
    public static byte[] AacEntry(int channels = 2) =>
        Audio("mp4a", channels, 48000, [Esds(0x40, Bits($"00010 0011 {Convert.ToString(channels, 2).PadLeft(4, '0')} 000"))]);

    public static byte[] AvcEntry(int width = 512, int height = 288) => Visual("avc1", width, height, AvcC());
}
