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

    public void AddMissing(string what, string reason) => _text.AppendLine(CultureInfo.InvariantCulture, $"| {what} | | | | {reason} |");

    public static string Ratio(string of, double value, double other) => string.Create(CultureInfo.InvariantCulture, $"{value / other:0.00} x {of}");

    public override string ToString() => _text.ToString();
}
