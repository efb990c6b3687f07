using System.Globalization;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Packaging.Presentations;

/// <summary>Tracks as filters and streaming policies of AMS name them: those that meet all of the conditions.</summary>
public sealed record TrackSelection(IReadOnlyList<TrackCondition> Conditions)
{
    /// <param name="track">One of a presentation.</param>
    /// <param name="bitrate">Bits a second.</param>
    public bool Selects(Track track, long bitrate) => Conditions.All(condition => condition.IsMetBy(track, bitrate));

    /// <summary>The same of a text.</summary>
    public bool Selects(TextTrack text, long bitrate) => Conditions.All(condition => condition.IsMetBy(text, bitrate));

    /// <summary>Bits a second that a manifest gave the track, else those of its samples.</summary>
    public static long BitrateOf(Track track) => track.NominalBitrate > 0 ? track.NominalBitrate : TimeMath.BitRate(
        track.Samples.TotalBytes, Math.Max(1, track.Samples.EndDecodeTime - track.Samples.FirstDecodeTime), track.Timescale);

    public override string ToString() => string.Join(" and ", Conditions);
}

/// <summary>One condition of a <see cref="TrackSelection"/>.</summary>
/// <param name="Property">Type, Name, Language, FourCC or Bitrate, in any case; nothing has another one.</param>
/// <param name="IsEqual">False for NotEqual.</param>
/// <param name="Value">Of Bitrate a number or a range, <c>0-2427000</c>.</param>
public sealed record TrackCondition(string Property, bool IsEqual, string Value)
{
    /// <summary>Names that Smooth Streaming has for sample entries.</summary>
    private static readonly Dictionary<string, string> _smoothNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["H264"] = "avc1",
        ["X264"] = "avc1",
        ["DAVC"] = "avc1",
        ["AACL"] = "mp4a",
        ["AACH"] = "mp4a",
        ["AACP"] = "mp4a",
        ["TTML"] = "stpp",
        ["DFXP"] = "stpp",
    };

    /// <summary>Sample entries of text in MP4: what a text came in is no matter, for it plays as WebVTT and may play as TTML.</summary>
    private static readonly string[] _textEntries = ["wvtt", "stpp"];

    public bool IsMetBy(Track track, long bitrate) =>
        IsMet(track.Kind, track.Name, track.Language, track.Descriptions.Select(description => description.Codec.FourCC), bitrate);

    public bool IsMetBy(TextTrack text, long bitrate) => IsMet(TrackKind.Text, text.Name, text.Language, _textEntries, bitrate);

    public override string ToString() => $"{Property} {(IsEqual ? "Equal" : "NotEqual")} {Value}";

    /// <summary>A property that is not known is neither met nor unmet: nobody can tell then.</summary>
    private bool IsMet(TrackKind kind, string name, string? language, IEnumerable<string> entries, long bitrate) =>
        Has(kind, name, language, entries, bitrate) is bool has && has == IsEqual;

    private bool? Has(TrackKind kind, string name, string? language, IEnumerable<string> entries, long bitrate) => Property.ToUpperInvariant() switch
    {
        "TYPE" => Same(kind.ToString(), Value),
        "NAME" => Same(name, Value),
        "LANGUAGE" => Same(language ?? "und", LanguageTag.ToBcp47(Value) ?? "und"),
        "FOURCC" => entries.Any(entry => Same(entry, FourCC(Value))),
        "BITRATE" => HasBitrate(bitrate),
        _ => null,
    };

    private bool? HasBitrate(long bitrate)
    {
        string[] ends = Value.Split('-');
        return ends.Length is 1 or 2 && Parse(ends[0], 0) is long low && Parse(ends[ends.Length - 1], long.MaxValue) is long high
            ? low <= bitrate && bitrate <= high
            : null;
    }

    private static long? Parse(string text, long missing) => text.Trim().Length == 0 ? missing
        : long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string FourCC(string name) => _smoothNames.TryGetValue(name, out string? entry) ? entry : name;

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
