using System.Buffers.Binary;
using System.Text;

namespace AmsMigration.Packaging.Tests.Codecs;

/// <summary>Takes the sample entries out of an MP4 or QuickTime file, without any code of the product.</summary>
internal static class SampleEntryFinder
{
    public static List<(string Handler, byte[] Entry)> Find(byte[] file)
    {
        var entries = new List<(string, byte[])>();
        foreach ((string type, int start, int end) in Boxes(file, 0, file.Length))
        {
            if (type != "moov")
            {
                continue;
            }

            foreach ((_, int trakStart, int trakEnd) in Boxes(file, start, end).Where(box => box.Type == "trak"))
            {
                (int mdiaStart, int mdiaEnd) = Path(file, trakStart, trakEnd, "mdia");
                (int hdlr, _) = Path(file, mdiaStart, mdiaEnd, "hdlr");
                string handler = Encoding.Latin1.GetString(file, hdlr + 8, 4);
                (int stsd, int stsdEnd) = Path(file, mdiaStart, mdiaEnd, "minf", "stbl", "stsd");
                entries.AddRange(Boxes(file, stsd + 8, stsdEnd).Select(box => (handler, file[(box.Start - 8)..box.End])));
            }
        }

        return entries;
    }

    private static (int Start, int End) Path(byte[] file, int start, int end, params string[] path)
    {
        foreach (string type in path)
        {
            (_, start, end) = Boxes(file, start, end).First(box => box.Type == type);
        }

        return (start, end);
    }

    private static IEnumerable<(string Type, int Start, int End)> Boxes(byte[] file, int start, int end)
    {
        while (end - start >= 8)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(start));
            int next = size == 0 ? end : start + (int)size;
            if (size is > 0 and < 8 || next > end)
            {
                yield break;
            }

            yield return (Encoding.Latin1.GetString(file, start + 4, 4), start + 8, next);
            start = next;
        }
    }
}
