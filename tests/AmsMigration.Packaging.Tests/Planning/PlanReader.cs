using System.Buffers.Binary;
using System.Text;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Tests.Planning;

/// <summary>Carries a plan out in memory and reads the boxes back with code that shares nothing with the writer.</summary>
internal static class PlanReader
{
    private static readonly HashSet<string> _containers =
        ["moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "edts", "moof", "traf", "udta"];

    public static byte[] ReadFile(OutputFile file, byte[] source)
    {
        using var bytes = new MemoryStream();
        foreach (Extent extent in file.Extents)
        {
            if (extent.Literal is { } literal)
            {
                Assert.Equal(literal.Length, extent.Length);
                bytes.Write(literal);
            }
            else
            {
                Assert.Equal(0, extent.File);
                bytes.Write(source, (int)extent.Offset, (int)extent.Length);
            }
        }

        Assert.Equal(file.Length, bytes.Length);
        return bytes.ToArray();
    }

    /// <summary>The whole track: the initialization segment and all segments behind it.</summary>
    public static byte[] ReadTrack(Rendition rendition, byte[] source) => [.. rendition.Files.SelectMany(f => ReadFile(f, source))];

    public static List<Box> ReadBoxes(byte[] bytes) => ReadBoxes(bytes, 0, bytes.Length, "");

    public static Box Find(this IEnumerable<Box> boxes, string path) => boxes.Single(b => b.Path == path);

    public static List<ReadSample> ReadSamples(byte[] track)
    {
        List<Box> boxes = ReadBoxes(track);
        List<ReadSample> samples = [];
        uint sequence = 0;
        Box? moof = null;
        Box? tfhd = null;
        long time = 0;
        foreach (Box box in boxes)
        {
            switch (box.Path)
            {
                case "moof":
                    moof = box;
                    break;
                case "moof/mfhd":
                    Assert.Equal(++sequence, box.UInt32(4));
                    break;
                case "moof/traf/tfhd":
                    tfhd = box;
                    Assert.Equal(0x02003Au, box.UInt32(0));
                    Assert.Equal(1u, box.UInt32(4));
                    break;
                case "moof/traf/tfdt":
                    time = box.UInt32(0) == 0 ? box.UInt32(4) : box.Int64(4);
                    break;
                case "moof/traf/trun":
                    time = ReadRun(track, moof!, tfhd!, box, time, samples);
                    break;
            }
        }

        return samples;
    }

    private static long ReadRun(byte[] track, Box moof, Box tfhd, Box trun, long time, List<ReadSample> samples)
    {
        uint flags = trun.UInt32(0);
        int position = 12;
        uint? firstFlags = (flags & 4) != 0 ? trun.UInt32(Skip()) : null;
        int data = moof.Offset + (int)trun.UInt32(8);
        Assert.True((flags & 1) != 0);
        for (uint i = 0; i < trun.UInt32(4); i++)
        {
            uint duration = (flags & 0x100) != 0 ? trun.UInt32(Skip()) : tfhd.UInt32(12);
            uint size = (flags & 0x200) != 0 ? trun.UInt32(Skip()) : tfhd.UInt32(16);
            uint sampleFlags = (flags & 0x400) != 0 ? trun.UInt32(Skip()) : i == 0 && firstFlags is { } first ? first : tfhd.UInt32(20);
            long offset = (flags & 0x800) == 0 ? 0 : flags >> 24 == 0 ? trun.UInt32(Skip()) : (int)trun.UInt32(Skip());
            Assert.True(sampleFlags is 0x02000000 or 0x01010000);
            samples.Add(new ReadSample(
                time, duration, offset, sampleFlags == 0x02000000, (int)tfhd.UInt32(8), track.AsSpan(data, (int)size).ToArray()));
            data += (int)size;
            time += duration;
        }

        Assert.Equal(trun.Content.Length, position);
        return time;

        int Skip() => (position += 4) - 4;
    }

    private static List<Box> ReadBoxes(byte[] bytes, int start, int end, string path)
    {
        List<Box> boxes = [];
        for (int offset = start; offset < end;)
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(offset));
            string type = Encoding.ASCII.GetString(bytes, offset + 4, 4);
            Assert.InRange(size, 8, end - offset);
            var box = new Box(path + type, offset, bytes.AsMemory(offset + 8, (int)size - 8));
            boxes.Add(box);
            if (_containers.Contains(type))
            {
                boxes.AddRange(ReadBoxes(bytes, offset + 8, offset + (int)size, path + type + "/"));
            }

            offset += (int)size;
        }

        return boxes;
    }

    /// <param name="Content">What follows size and type: of a FullBox, version and flags first.</param>
    internal sealed record Box(string Path, int Offset, ReadOnlyMemory<byte> Content)
    {
        public uint UInt32(int at) => BinaryPrimitives.ReadUInt32BigEndian(Content.Span[at..]);

        public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Content.Span[at..]);

        public long Int64(int at) => BinaryPrimitives.ReadInt64BigEndian(Content.Span[at..]);

        public string Text(int at, int length) => Encoding.ASCII.GetString(Content.Span.Slice(at, length));
    }

    internal sealed record ReadSample(long DecodeTime, uint Duration, long CompositionOffset, bool IsSync, int Description, byte[] Bytes)
    {
        public long CompositionTime => DecodeTime + CompositionOffset;
    }
}
