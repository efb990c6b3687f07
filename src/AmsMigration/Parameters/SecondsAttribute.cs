using System.Globalization;
using System.Management.Automation;

namespace AmsMigration.Parameters;

/// <summary>Takes a number as seconds; PowerShell alone would take 6 as six 100 ns ticks. A TimeSpan, or its text with colons, stays what it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan time => time,
            string text when text.IndexOf(':') >= 0 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) => time,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) => FromSeconds(seconds),
            int or long or short or byte or uint or float or double or decimal => FromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            _ => throw new ArgumentTransformationMetadataException($"'{value}' is no duration: give seconds, e.g. 6 or 4.5, or a time such as 00:00:06."),
        };
    }

    private static TimeSpan FromSeconds(double seconds) => seconds is >= 0.1 and <= 3600
        ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
        : throw new ArgumentTransformationMetadataException($"{seconds} s is out of range: a duration from 0.1 to 3600 seconds is expected.");
}
