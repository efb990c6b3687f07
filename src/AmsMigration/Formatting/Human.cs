using System.ComponentModel;
using System.Globalization;

namespace AmsMigration.Formatting;

/// <summary>Figures as people read them, for the format views.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Human
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Three significant digits and a decimal unit: <c>312 B</c>, <c>4.70 MB</c>, <c>12.3 GB</c>.</summary>
    public static string Size(long bytes) => Scale(bytes, Units);

    /// <summary>Bits a second: <c>184 kb/s</c>, <c>3.40 Mb/s</c>.</summary>
    public static string Bitrate(long bitsPerSecond) => Scale(bitsPerSecond, ["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s", "Pb/s", "Eb/s"]);

    /// <summary><c>7.25 s</c> below a minute, then <c>3:07</c> and <c>1:02:33</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.FromMinutes(1))
        {
            return string.Format(CultureInfo.CurrentCulture, "{0:0.00} s", time.TotalSeconds);
        }

        return time < TimeSpan.FromHours(1)
            ? string.Format(CultureInfo.CurrentCulture, "{0}:{1:00}", time.Minutes, time.Seconds)
            : string.Format(CultureInfo.CurrentCulture, "{0}:{1:00}:{2:00}", (long)time.TotalHours, time.Minutes, time.Seconds);
    }

    private static string Scale(long value, string[] units)
    {
        double scaled = value;
        int unit = 0;
        while (scaled >= 999.5 && unit < units.Length - 1)
        {
            scaled /= 1000;
            unit++;
        }

        string format = unit == 0 || scaled >= 99.95 ? "{0:0} {1}" : scaled >= 9.995 ? "{0:0.0} {1}" : "{0:0.00} {1}";
        return string.Format(CultureInfo.CurrentCulture, format, scaled, units[unit]);
    }
}
