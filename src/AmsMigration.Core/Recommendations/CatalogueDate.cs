using System.Globalization;

namespace AmsMigration.Recommendations;

/// <summary>Dates in catalogues and in what is said of them: ISO 8601 calendar dates.</summary>
public static class CatalogueDate
{
    private const string Pattern = "yyyy-MM-dd";

    public static string Format(DateTime day) => day.ToString(Pattern, CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out DateTime day) =>
        DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out day);
}
