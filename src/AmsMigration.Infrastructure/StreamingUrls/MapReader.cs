using System.Text;
using System.Text.Json;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.Packaging;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Infrastructure.StreamingUrls;

/// <summary>Reads the tables that Export-AmsStreamingUrlMap writes, and any other with a column OldUrl.</summary>
public static class MapReader
{
    /// <param name="path">A file in JSON or CSV; which one its first character says.</param>
    /// <exception cref="PackagingException"><c>MapUnreadable</c>.</exception>
    public static IReadOnlyList<AmsStreamingUrlMapEntry> Read(string path)
    {
        try
        {
            string text = File.ReadAllText(path, Encoding.UTF8);
            IEnumerable<Func<string, string?>> records = text.TrimStart().StartsWith("[", StringComparison.Ordinal) ? FromJson(text) : FromCsv(text);
            return [.. records.Select(Entry)];
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new PackagingException("MapUnreadable", e.Message, path, inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackagingException("FileUnreadable", e.Message, path, inner: e);
        }
    }

    private static IEnumerable<Func<string, string?>> FromJson(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(element => element.Clone()).Select(element =>
            (Func<string, string?>)(name => Json.Text(element, char.ToLowerInvariant(name[0]) + name.Substring(1))))];
    }

    private static IEnumerable<Func<string, string?>> FromCsv(string text)
    {
        Dictionary<string, int>? columns = null;
        foreach (IReadOnlyList<string> fields in CsvText.Read(new StringReader(text)))
        {
            if (columns is null)
            {
                columns = fields.Select((name, i) => (name, i)).GroupBy(column => column.name).ToDictionary(column => column.Key, column => column.First().i);
                continue;
            }

            yield return name => columns.TryGetValue(name, out int i) && i < fields.Count && fields[i].Length > 0 ? fields[i] : null;
        }
    }

    private static AmsStreamingUrlMapEntry Entry(Func<string, string?> record) => new()
    {
        OldUrl = record(nameof(AmsStreamingUrlMapEntry.OldUrl)) ?? throw new FormatException("a record has no OldUrl"),
        NewUrl = record(nameof(AmsStreamingUrlMapEntry.NewUrl)),
        Protocol = Enum.TryParse(record(nameof(AmsStreamingUrlMapEntry.Protocol)), out AmsStreamingProtocol protocol) ? protocol : null,
        Format = record(nameof(AmsStreamingUrlMapEntry.Format)) ?? "",
        Target = Enum.TryParse(record(nameof(AmsStreamingUrlMapEntry.Target)), out AmsStreamingUrlTarget target) ? target : AmsStreamingUrlTarget.None,
        AssetName = record(nameof(AmsStreamingUrlMapEntry.AssetName)) ?? "",
        LocatorId = record(nameof(AmsStreamingUrlMapEntry.LocatorId)) ?? "",
        ManifestName = record(nameof(AmsStreamingUrlMapEntry.ManifestName)) ?? "",
        Note = record(nameof(AmsStreamingUrlMapEntry.Note)),
    };
}
