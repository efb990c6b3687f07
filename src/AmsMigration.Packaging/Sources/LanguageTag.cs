using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources;

/// <summary>Language names as sources write them, as BCP 47 (RFC 5646) tags.</summary>
public static class LanguageTag
{
    /// <summary>
    /// The tag of <c>eng</c>, <c>en</c>, <c>en-us</c>, <c>pt_BR</c>: shortest primary language, region in capitals, script capitalized; null for
    /// what is undetermined or no tag.
    /// </summary>
    public static string? ToBcp47(string? language)
    {
        string[] parts = (language ?? "").Trim().Replace('_', '-').Split('-');
        if (Array.Exists(parts, part => part.Length is 0 or > 8 || !part.All(IsLetterOrDigit)) || !parts[0].All(IsLetter))
        {
            return null;
        }

        string? primary = parts[0].ToLowerInvariant();
        primary = Retired.TryGetValue(primary, out string? current) ? current : primary.Length switch
        {
            2 => primary,
            3 => IsoLanguage.ToTag(primary),
            _ => null,
        };
        return primary is null ? null : string.Join("-", new[] { primary }.Concat(parts.Skip(1).Select(Shape)));
    }

    /// <summary>mdhd's 16 bits (ISO/IEC 14496-12 8.4.2): three letters of ISO 639-2, or in QuickTime files a number below 0x400.</summary>
    internal static string? FromPacked(ushort packed, bool isQuickTime)
    {
        if (packed < 0x400)
        {
            return isQuickTime && packed < QuickTime.Length ? QuickTime[packed] : null;
        }

        return IsoLanguage.Unpack(packed) is string three ? ToBcp47(three) : null;
    }

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    private static bool IsLetterOrDigit(char c) => IsLetter(c) || c is >= '0' and <= '9';

    private static string Shape(string part) => part.Length switch
    {
        2 => part.ToUpperInvariant(),
        4 when char.IsLetter(part[0]) => char.ToUpperInvariant(part[0]) + part.Substring(1).ToLowerInvariant(),
        _ => part.ToLowerInvariant(),
    };

    /// <summary>Codes that the registries replaced (IANA language subtag registry; ISO 639-2 withdrawn codes).</summary>
    private static readonly Dictionary<string, string> Retired = new()
    {
        ["iw"] = "he", ["in"] = "id", ["ji"] = "yi", ["jw"] = "jv", ["mo"] = "ro", ["mol"] = "ro", ["scc"] = "sr", ["scr"] = "hr",
    };

    /// <summary>Macintosh language codes (QuickTime File Format, "Language Code Values") from 0 on.</summary>
    private static readonly string[] QuickTime =
    [
        "en", "fr", "de", "it", "nl", "sv", "es", "da", "pt", "no", "he", "ja", "ar", "fi", "el", "is", "mt", "tr", "hr", "zh-Hant", "ur", "hi", "th", "ko",
        "lt", "pl", "hu", "et", "lv", "se", "fo", "fa", "ru", "zh-Hans", "nl-BE", "ga", "sq", "ro", "cs", "sk", "sl", "yi", "sr", "mk", "bg", "uk", "be",
    ];
}
