using AmsMigration.Runs;

namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>The whole map for programs and spreadsheets, with what has no new address.</summary>
internal static class Tables
{
    public static readonly string[] Columns = ["OldUrl", "NewUrl", "Protocol", "Format", "Target", "AssetName", "LocatorId", "ManifestName", "Note"];

    public static void WriteCsv(StreamingUrlMap map, TextWriter text)
    {
        text.Write(CsvText.Line(Columns));
        foreach (AmsStreamingUrlMapEntry entry in map.Entries)
        {
            text.Write(CsvText.Line(
            [
                entry.OldUrl, entry.NewUrl, entry.Protocol?.ToString(), entry.Format, entry.Target.ToString(), entry.AssetName, entry.LocatorId, entry.ManifestName,
                entry.Note,
            ]));
        }
    }

    /// <summary>One entry a line.</summary>
    public static void WriteJson(StreamingUrlMap map, TextWriter text)
    {
        string before = "[\n";
        foreach (AmsStreamingUrlMapEntry entry in map.Entries)
        {
            text.Write(before);
            text.Write(new JsonBuilder()
                .Add("oldUrl", entry.OldUrl).Add("newUrl", entry.NewUrl).Add("protocol", entry.Protocol?.ToString()).Add("format", entry.Format)
                .Add("target", entry.Target.ToString()).Add("assetName", entry.AssetName).Add("locatorId", entry.LocatorId)
                .Add("manifestName", entry.ManifestName).Add("note", entry.Note).Build());
            before = ",\n";
        }

        text.Write(before == "[\n" ? "[]\n" : "\n]\n");
    }
}
