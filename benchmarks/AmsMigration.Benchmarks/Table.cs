using System.Globalization;
using System.Text;

namespace AmsMigration.Benchmarks;

/// <summary>A table in Markdown.</summary>
internal sealed class Table
{
    private readonly StringBuilder _text = new();

    public Table() => _text.AppendLine("| | Seconds | Of them processor | Peak memory | |").AppendLine("|---|---:|---:|---:|---|");

    /// <param name="remark">What it is to be compared with.</param>
    public void Add(string what, Measured measured, string remark = "") => _text.AppendLine(
        CultureInfo.InvariantCulture, $"| {what} | {measured.Seconds:0.00} | {measured.ProcessorSeconds:0.00} | {measured.PeakBytes / 1e6:0} MB | {remark} |");

    public void AddSeconds(string what, double seconds, string remark) =>
        _text.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {seconds:0.00} | | | {remark} |");

    public void AddMissing(string what, string reason) => _text.AppendLine(CultureInfo.InvariantCulture, $"| {what} | | | | {reason} |");

    /// <summary>How much longer one took than the other, and how much more work it was.</summary>
    public static string Ratio(Measured one, string of, Measured other) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Seconds / other.Seconds:0.0} x {of}; {one.ProcessorSeconds / other.ProcessorSeconds:0.0} x its processor time");

    public override string ToString() => _text.ToString();
}
