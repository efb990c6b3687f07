using System.Globalization;
using System.Xml;

namespace AmsMigration.Packaging.Manifests;

/// <summary>Times as manifests write them. Everything is a whole number of microseconds until its digits are written.</summary>
internal static class ManifestTime
{
    public const uint Microseconds = 1_000_000;

    /// <summary>
    /// Length of what starts and ends there, so rounded that a sum of neighbours has the error of one of them, however many there are.
    /// </summary>
    public static long Between(long start, long end, uint timescale) =>
        TimeMath.Rescale(end, timescale, Microseconds) - TimeMath.Rescale(start, timescale, Microseconds);

    /// <summary>Decimal seconds with six digits, e.g. <c>6.006000</c>.</summary>
    public static string ToSeconds(long microseconds) =>
        string.Format(CultureInfo.InvariantCulture, "{0}.{1:D6}", microseconds / Microseconds, microseconds % Microseconds);

    /// <summary>xs:duration (ISO 8601) in seconds, e.g. <c>PT70.315S</c>; to the millisecond at or above.</summary>
    public static string ToDuration(long value, uint timescale)
    {
        long milliseconds = TimeMath.RescaleUp(value, timescale, 1000);
        return milliseconds % 1000 == 0
            ? string.Format(CultureInfo.InvariantCulture, "PT{0}S", milliseconds / 1000)
            : string.Format(CultureInfo.InvariantCulture, "PT{0}.{1:D3}S", milliseconds / 1000, milliseconds % 1000);
    }

    /// <summary>Microseconds of an xs:duration.</summary>
    /// <exception cref="FormatException">It is none, or too long.</exception>
    public static long FromDuration(string text)
    {
        // Of each part alone the framework takes no more than 31 bits: 68 years of seconds, which a damaged source may claim.
        bool isSeconds = text.StartsWith("PT", StringComparison.Ordinal) && text.EndsWith("S", StringComparison.Ordinal);
        if (isSeconds && decimal.TryParse(text.Substring(2, text.Length - 3), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds))
        {
            return seconds <= long.MaxValue / Microseconds ? (long)(seconds * Microseconds) : throw new FormatException($"'{text}' is too long");
        }

        try
        {
            return XmlConvert.ToTimeSpan(text).Ticks / 10;
        }
        catch (OverflowException e)
        {
            throw new FormatException($"'{text}' is too long", e);
        }
    }

    /// <summary>Seconds to the nearest whole one, as RFC 8216bis 4.4.3.1 compares with the target duration.</summary>
    public static long ToNearestSecond(long microseconds) => (microseconds + (Microseconds / 2)) / Microseconds;
}
