using System.Globalization;

namespace AmsMigration.Packaging.Presentations;

/// <summary>Subtitles or captions of a presentation, free of the format that they came in.</summary>
public sealed record TextTrack
{
    /// <summary>The name that the manifest gave (trackName), or one made from the file. Not unique, not safe as a file name.</summary>
    public required string Name { get; init; }

    /// <summary>For people; null where the source has none.</summary>
    public string? Label { get; init; }

    /// <summary>BCP 47; null where unknown.</summary>
    public string? Language { get; init; }

    /// <summary>DASH roles (ISO/IEC 23009-1 5.8.5.5), e.g. <c>caption</c>, <c>forced-subtitle</c>; empty where the source names none.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>True where the source names this track as the one to show unasked.</summary>
    public bool IsDefault { get; init; }

    /// <summary>HLS CHARACTERISTICS (RFC 8216bis 4.4.6.1): UTIs, separated by commas; null where the source names none.</summary>
    public string? Characteristics { get; init; }

    /// <summary>Where the text lies, best first: the first that can be read is the one that is used.</summary>
    public required IReadOnlyList<TextSource> Sources { get; init; }

    /// <summary>Null until it is read.</summary>
    public TextContent? Content { get; init; }

    /// <summary>Essential to understand what is said, and shown without being asked for (RFC 8216bis 4.4.6.1, FORCED).</summary>
    public bool IsForced => Roles.Any(role => role is "forced-subtitle" or "forced_subtitle");

    /// <summary>ISO/IEC 23009-1 5.8.5.5: what kind of text it is, what else the source calls it, and whether to begin with it.</summary>
    public IReadOnlyList<string> DashRoles
    {
        get
        {
            string kind = IsForced ? "forced-subtitle" : IsCaption ? "caption" : "subtitle";
            IEnumerable<string> others = Roles.Where(role => role != "forced_subtitle");
            return [.. new[] { kind }.Concat(others).Concat(IsDefault ? ["main"] : []).Distinct()];
        }
    }

    /// <summary>For those who do not hear: says who speaks and what sounds.</summary>
    public bool IsCaption =>
        Roles.Contains("caption") || Characteristics?.Contains("public.accessibility.transcribes-spoken-dialog") == true;
}

public enum TextFormat
{
    /// <summary>A WebVTT file.</summary>
    WebVtt,

    /// <summary>A TTML file.</summary>
    Ttml,

    /// <summary>Samples of WebVTT or TTML in MP4 (ISO/IEC 14496-30).</summary>
    Samples,
}

/// <summary>Where the text of a track lies.</summary>
/// <param name="File">Relative to the asset's root.</param>
/// <param name="Samples">The track with the samples; null where the whole file is text.</param>
public sealed record TextSource(TextFormat Format, string File, Track? Samples = null);

/// <summary>What a text track says.</summary>
/// <param name="Cues">By start, then in the order of the source.</param>
/// <param name="Preamble">STYLE and REGION blocks of WebVTT, each ended by a line feed; empty where none.</param>
/// <param name="Documents">The TTML documents that the cues were made from; empty where the source is WebVTT.</param>
public sealed record TextContent(IReadOnlyList<TextCue> Cues, string Preamble, IReadOnlyList<TextDocument> Documents);

/// <summary>A text and when it is shown.</summary>
/// <param name="Start">Milliseconds of presentation time; not negative.</param>
/// <param name="End">Milliseconds of presentation time; after <paramref name="Start"/>.</param>
/// <param name="Settings">WebVTT cue settings (W3C WebVTT 4.4), e.g. <c>line:85% align:start</c>; empty where none.</param>
/// <param name="Payload">WebVTT cue text (W3C WebVTT 4.2): lines separated by line feeds, none of them empty.</param>
/// <param name="Id">Null where none.</param>
public sealed record TextCue(long Start, long End, string Settings, string Payload, string? Id = null)
{
    /// <summary>E.g. <c>00:01:02.500</c>.</summary>
    public static string ToTimestamp(long milliseconds) => string.Format(
        CultureInfo.InvariantCulture,
        "{0:D2}:{1:D2}:{2:D2}.{3:D3}",
        milliseconds / 3_600_000,
        milliseconds / 60_000 % 60,
        milliseconds / 1000 % 60,
        milliseconds % 1000);
}

/// <summary>A TTML document and the time in which it applies.</summary>
/// <param name="Start">Milliseconds of presentation time.</param>
/// <param name="End">Milliseconds of presentation time.</param>
/// <param name="Xml">The document with all times on the presentation's time line.</param>
public sealed record TextDocument(long Start, long End, string Xml);
