using System.Globalization;
using System.Text.RegularExpressions;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>The lines of a playlist, taken apart.</summary>
internal sealed partial class Playlist(string text)
{
    private readonly string[] _lines = text.Split('\n');

    public string Text => text;

    /// <summary>Microseconds of each EXTINF.</summary>
    public List<long> Durations =>
        [.. Values("EXTINF").Select(v => (long)(decimal.Parse(v.TrimEnd(','), CultureInfo.InvariantCulture) * 1_000_000))];

    public List<(long Length, long Offset)> ByteRanges =>
        [.. Values("EXT-X-BYTERANGE").Select(v => v.Split('@')).Select(v => (long.Parse(v[0]), long.Parse(v[1])))];

    public List<string> Uris => [.. _lines.Where(line => line.Length > 0 && line[0] != '#')];

    public IEnumerable<string> Values(string tag) =>
        _lines.Where(line => line.StartsWith($"#{tag}:")).Select(line => line[(tag.Length + 2)..]);

    /// <summary>The attributes of each such tag, quotes taken off.</summary>
    public List<Dictionary<string, string>> Attributes(string tag) =>
    [
        .. Values(tag).Select(list => AttributePattern().Matches(list)
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Trim('"'))),
    ];

    [GeneratedRegex("([A-Z-]+)=(\"[^\"]*\"|[^,]*)")]
    private static partial Regex AttributePattern();
}
