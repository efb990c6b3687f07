using System.Globalization;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>How an MPD says where the segments of a representation lie (ISO/IEC 23009-1 5.3.9).</summary>
internal enum SegmentAddressing
{
    /// <summary>SegmentBase: one file whose index says it.</summary>
    Index,

    /// <summary>SegmentTemplate with $Number$, from 1.</summary>
    Number,

    /// <summary>SegmentTemplate with $Time$.</summary>
    Time,

    /// <summary>SegmentList, which names each of them.</summary>
    List,
}

internal static class SegmentAddressingExtensions
{
    /// <summary>Players count in floating point: a greater time would come out as another name.</summary>
    private const long GreatestTime = 1L << 53;

    /// <param name="isWhole">False where a Period has only part of it, which the index of a file cannot say.</param>
    public static SegmentAddressing AddressingOf(this Rendition rendition, bool isWhole)
    {
        IReadOnlyList<Segment> segments = rendition.Segments;
        if (segments[0].Path == rendition.InitPath)
        {
            return isWhole && rendition.IndexLength > 0 ? SegmentAddressing.Index : SegmentAddressing.List;
        }

        string numbered = NumberedFolder(rendition);
        if (Are(segments, (segment, i) => numbered + Name(i + 1) + ".m4s"))
        {
            return SegmentAddressing.Number;
        }

        string folder = Folder(segments[0].Path);
        return segments[segments.Count - 1].Start < GreatestTime && Are(segments, (segment, _) => folder + Name(segment.Start))
            ? SegmentAddressing.Time
            : SegmentAddressing.List;
    }

    /// <summary>With the slash behind it.</summary>
    public static string Folder(string path) => path.Substring(0, path.LastIndexOf('/') + 1);

    private static string NumberedFolder(Rendition rendition) => Folder(rendition.InitPath);

    private static bool Are(IReadOnlyList<Segment> segments, Func<Segment, int, string> path)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i].Path != path(segments[i], i))
            {
                return false;
            }
        }

        return true;
    }

    private static string Name(long number) => number.ToString(CultureInfo.InvariantCulture);
}
