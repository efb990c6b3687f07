using System.Text.RegularExpressions;

namespace AmsMigration.Runs;

/// <summary>The last line of defence: texts of other people's errors may quote an address or a connection string whole.</summary>
internal static class Secrets
{
    private static readonly Regex Pattern = new(
        @"(?<=\b(sig|AccountKey|SharedAccessKey|SharedAccessSignature|client_secret|code|access_token)=)[^&;\s""'<>\\]+|(?<=\bBearer )[\w.~+/=-]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The text with the values of signatures, keys and tokens taken out.</summary>
    public static string Hide(string text) => Pattern.Replace(text, "***");
}
