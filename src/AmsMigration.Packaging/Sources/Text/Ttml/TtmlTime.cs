using System.Globalization;
using System.Xml.Linq;

namespace AmsMigration.Packaging.Sources.Text.Ttml;

/// <summary>Time expressions (W3C TTML2 12.3.1) of one document, whose root says what a frame and a tick are.</summary>
internal sealed class TtmlTime
{
    /// <summary>Milliseconds: a hundred years. The clock of an event may count from 1970.</summary>
    public const long Longest = 3_155_760_000_000;

    private readonly decimal _frameRate;
    private readonly decimal _subFrameRate;
    private readonly decimal _tickRate;

    public TtmlTime(XElement root)
    {
        string[] multiplier = (Find(root, "frameRateMultiplier") ?? "1 1").Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        decimal numerator = multiplier.Length == 2 ? Positive(multiplier[0]) ?? 1 : 1;
        decimal denominator = multiplier.Length == 2 ? Positive(multiplier[1]) ?? 1 : 1;
        decimal? frameRate = Positive(Find(root, "frameRate"));
        _frameRate = (frameRate ?? 30) * numerator / denominator;
        _subFrameRate = Positive(Find(root, "subFrameRate")) ?? 1;
        _tickRate = Positive(Find(root, "tickRate")) ?? (frameRate is null ? 1 : _frameRate * _subFrameRate);
    }

    /// <summary>
    /// Milliseconds, rounded to the nearest, of <c>hh:mm:ss.fraction</c>, <c>hh:mm:ss:frames</c>, or a number with <c>h m s ms f t</c>;
    /// null where it is none of them.
    /// </summary>
    public long? Parse(string? text)
    {
        string value = (text ?? "").Trim();
        decimal? milliseconds = value.IndexOf(':') >= 0 ? ParseClock(value.Split(':')) : ParseOffset(value);
        return milliseconds is >= 0 and <= Longest ? (long)decimal.Round(milliseconds.Value, MidpointRounding.AwayFromZero) : null;
    }

    public static string ToText(long milliseconds) => Presentations.TextCue.ToTimestamp(milliseconds);

    private decimal? ParseClock(string[] parts)
    {
        if (parts.Length is < 3 or > 4 || (parts.Length == 4 && parts[2].Contains('.')))
        {
            return null;
        }

        decimal? frames = 0;
        if (parts.Length == 4)
        {
            string[] frame = parts[3].Split('.');
            frames = Number(frame[0]) + (frame.Length > 1 ? Number(frame[1]) / _subFrameRate : 0);
        }

        return ((((Number(parts[0]) * 60) + Number(parts[1])) * 60) + Number(parts[2]) + (frames / _frameRate)) * 1000;
    }

    private decimal? ParseOffset(string value)
    {
        int digits = value.Length - value.Reverse().TakeWhile(letter => letter is not ((>= '0' and <= '9') or '.')).Count();
        decimal? number = Number(value.Substring(0, digits));
        return value.Substring(digits) switch
        {
            "h" => number * 3_600_000,
            "m" => number * 60_000,
            "s" or "" => number * 1000,
            "ms" => number,
            "f" => number * 1000 / _frameRate,
            "t" => number * 1000 / _tickRate,
            _ => null,
        };
    }

    /// <summary>The namespaces of drafts and editions differ; the local names do not.</summary>
    private static string? Find(XElement root, string name) => root.Attributes().FirstOrDefault(a => a.Name.LocalName == name)?.Value;

    private static decimal? Positive(string? text) => Number(text) is decimal value and > 0 and < 1_000_000_000 ? value : null;

    /// <summary>With a bound, so that no product of a few of them overflows.</summary>
    private static decimal? Number(string? text) =>
        text is { Length: <= 20 }
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : null;
}
