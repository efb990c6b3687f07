using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Verification;

/// <summary>The boxes that a CMAF header and fragment must have (ISO/IEC 23000-19 7.3.1, 7.3.2): readers are lenient about them, players are not.</summary>
internal static class BoxStructure
{
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["moov"] = ["mvhd", "trak", "mvex"],
        ["trak"] = ["tkhd", "mdia"],
        ["mdia"] = ["mdhd", "hdlr", "minf"],
        ["minf"] = ["vmhd|smhd|sthd|nmhd", "dinf", "stbl"],
        ["dinf"] = ["dref"],
        ["stbl"] = ["stsd", "stts", "stsc", "stsz|stz2", "stco|co64"],
        ["mvex"] = ["trex"],
        ["moof"] = ["mfhd", "traf"],
        ["traf"] = ["tfhd", "tfdt", "trun"],
    };

    /// <summary>What is wrong with a box that holds boxes; null where nothing is.</summary>
    public static string? FindFault(BoxReader box)
    {
        if (!Required.TryGetValue(box.Type, out string[]? required))
        {
            return null;
        }

        List<string> found = [];
        while (box.NextChild(out BoxReader child))
        {
            found.Add(child.Type);
            if (FindFault(child) is string fault)
            {
                return fault;
            }
        }

        if (box.Remaining != 0)
        {
            return $"'{box.Type}' ends with {box.Remaining} bytes that are no box";
        }

        string? missing = required.FirstOrDefault(types => !types.Split('|').Any(found.Contains));
        return missing is null ? null : $"'{box.Type}' has no '{missing}'; it has {string.Join(", ", found)}";
    }
}
