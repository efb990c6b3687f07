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
        if (parts.Any(part => part.Length is 0 or > 8 || !part.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'))))
        {
            return null;
        }

        string? primary = parts[0].Length switch
        {
            3 => IsoLanguage.ToTag(parts[0]),
            2 => parts[0].ToLowerInvariant(),
            > 3 => parts[0].ToLowerInvariant(),
            _ => null,
        };
        return primary is null ? null : string.Join("-", new[] { primary }.Concat(parts.Skip(1).Select(Shape)));
    }

    /// <summary>mdhd's 16 bits: three letters of ISO 639-2, or below 0x400 a QuickTime number.</summary>
    internal static string? FromPacked(int packed) => packed < 0x400
        ? packed < QuickTime.Length ? QuickTime[packed] : null
        : IsoLanguage.Unpack((ushort)packed) is string three ? IsoLanguage.ToTag(three) : null;

    private static string Shape(string part) => part.Length switch
    {
        2 => part.ToUpperInvariant(),
        4 when char.IsLetter(part[0]) => char.ToUpperInvariant(part[0]) + part.Substring(1).ToLowerInvariant(),
        _ => part.ToLowerInvariant(),
    };

    /// <summary>Macintosh language codes (QuickTime File Format, "Language Code Values") from 0 on.</summary>
    private static readonly string[] QuickTime =
    [
        "en", "fr", "de", "it", "nl", "sv", "es", "da", "pt", "no", "he", "ja", "ar", "fi", "el", "is", "mt", "tr", "hr", "zh-Hant", "ur", "hi", "th", "ko",
        "lt", "pl", "hu", "et", "lv", "se", "fo", "fa", "ru", "zh-Hans", "nl-BE", "ga", "sq", "ro", "cs", "sk", "sl", "yi", "sr", "mk", "bg", "uk", "be",
    ];
}
