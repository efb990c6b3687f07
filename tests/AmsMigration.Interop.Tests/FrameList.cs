using System.Globalization;
using System.Text.RegularExpressions;

namespace AmsMigration.Interop.Tests;

/// <summary>What ffmpeg's framecrc format says: "#tb stream: numerator/denominator", and a line a frame: stream, dts, pts, duration, size, checksum.</summary>
internal static partial class FrameList
{
    /// <summary>Of each stream, in its order of decoding, the presentation times in microseconds.</summary>
    public static List<List<double>> Times(string text)
    {
        var timeBases = TimeBase().Matches(text).ToDictionary(match => match.Groups[1].Value, match => Number(match.Groups[2].Value) / Number(match.Groups[3].Value));
        return
        [
            .. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(','))
                .GroupBy(fields => fields[0]).Select(stream => stream.Select(fields => Number(fields[2]) * timeBases[stream.Key] * 1e6).ToList()),
        ];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("^#tb (\\d+): (\\d+)/(\\d+)", RegexOptions.Multiline)]
    private static partial Regex TimeBase();
}
