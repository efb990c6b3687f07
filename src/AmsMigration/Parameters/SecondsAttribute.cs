using System.Globalization;
using System.Management.Automation;

namespace AmsMigration.Parameters;

/// <summary>Takes a number as seconds; PowerShell alone would take 6 as six 100 ns ticks. A TimeSpan, or its text with colons, stays what it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    private const double Shortest = 0.1;

    /// <summary>Seconds.</summary>
    public int Longest { get; set; } = 3600;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        TimeSpan duration = value switch
        {
            TimeSpan time => time,
            string text when text.IndexOf(':') >= 0 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) => time,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) => FromSeconds(seconds),
            int or long or short or byte or uint or float or double or decimal => FromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => throw new ArgumentTransformationMetadataException($"'{value}' is no duration: give seconds, e.g. 6 or 4.5, or a time such as 00:00:06."),
        };
        return duration.TotalSeconds >= Shortest && duration.TotalSeconds <= Longest
            ? duration
            : throw new ArgumentTransformationMetadataException(string.Format(
                CultureInfo.InvariantCulture, "'{0}' is out of range: a duration from {1} to {2} seconds is expected.", value, Shortest, Longest));
    }

    /// <summary>Clamped to what a TimeSpan holds; the range that is allowed is far smaller.</summary>
    private static TimeSpan FromSeconds(double seconds) =>
        TimeSpan.FromTicks((long)(Math.Max(-1, Math.Min(seconds, 1e6)) * TimeSpan.TicksPerSecond));
}
