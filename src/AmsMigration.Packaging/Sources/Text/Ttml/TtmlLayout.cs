using System.Globalization;
using System.Xml.Linq;

namespace AmsMigration.Packaging.Sources.Text.Ttml;

/// <summary>Lengths of a document as parts of the screen.</summary>
internal sealed class TtmlScreen
{
    private readonly decimal? _width;
    private readonly decimal? _height;
    private readonly decimal _columns = 32;
    private readonly decimal _rows = 15;

    public TtmlScreen(XElement root)
    {
        (string width, string height) = Split(Find(root, "extent"));
        (_width, _height) = (Number(width, "px"), Number(height, "px"));
        (string columns, string rows) = Split(Find(root, "cellResolution"));
        _columns = Number(columns, "") is decimal c and > 0 ? c : _columns;
        _rows = Number(rows, "") is decimal r and > 0 ? r : _rows;
    }

    /// <summary>Percent of the screen of a pair such as <c>10% 80%</c>, <c>128px 576px</c>, <c>2c 12c</c>; null where it is none.</summary>
    public (decimal X, decimal Y)? Percent(string pair)
    {
        (string x, string y) = Split(pair);
        return Percent(x, _width, _columns) is decimal left && Percent(y, _height, _rows) is decimal top ? (left, top) : null;
    }

    private static decimal? Percent(string length, decimal? pixels, decimal cells) =>
        Number(length, "%")
        ?? (Number(length, "px") is decimal px && pixels is > 0 ? px * 100 / pixels : null)
        ?? (Number(length, "c") is decimal count ? count * 100 / cells : null);

    /// <summary>Empty where there are not two.</summary>
    private static (string First, string Second) Split(string? text)
    {
        string[] parts = (text ?? "").Split([' '], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2 ? (parts[0], parts[1]) : ("", "");
    }

    private static decimal? Number(string text, string unit) =>
        text.Length is > 0 and <= 16
        && text.EndsWith(unit, StringComparison.Ordinal)
        && decimal.TryParse(
            text.Substring(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : null;

    private static string? Find(XElement root, string name) => root.Attributes().FirstOrDefault(a => a.Name.LocalName == name)?.Value;
}

/// <summary>Where on the screen text is shown (W3C TTML2 10.2): percent of it.</summary>
/// <param name="Box">null where the region does not say.</param>
/// <param name="DisplayAlign"><c>before</c>, <c>center</c> or <c>after</c>.</param>
internal sealed record TtmlRegion((decimal X, decimal Y, decimal Width, decimal Height)? Box, string DisplayAlign, string? Align)
{
    public static TtmlRegion Of(IEnumerable<(string Name, string Value)> properties, TtmlScreen screen)
    {
        (decimal X, decimal Y)? origin = null;
        (decimal X, decimal Y)? extent = null;
        string displayAlign = "before";
        string? align = null;
        foreach ((string name, string value) in properties)
        {
            switch (name)
            {
                case "origin":
                    origin = screen.Percent(value);
                    break;
                case "extent":
                    extent = screen.Percent(value);
                    break;
                case "displayAlign":
                    displayAlign = value;
                    break;
                case "textAlign":
                    align = value;
                    break;
            }
        }

        return new TtmlRegion(
            origin is { X: >= 0 and < 100, Y: >= 0 and < 100 } o && extent is { X: > 0, Y: > 0 } e
                ? (o.X, o.Y, Math.Min(e.X, 100 - o.X), Math.Min(e.Y, 100 - o.Y))
                : null,
            displayAlign,
            align);
    }
}

/// <summary>Regions as WebVTT cue settings (W3C WebVTT 4.4), of which all players know those that are used.</summary>
internal static class TtmlLayout
{
    /// <summary>Percent of the screen's height that players give a line of text.</summary>
    private const int LineHeight = 6;

    /// <summary>Text that ends below this, percent, is where players show text anyway, and there they make room for their controls.</summary>
    private const int Bottom = 78;

    public static string ToSettings(TtmlRegion? region, TtmlStyle style, int lines)
    {
        string? align = style.Align ?? region?.Align;
        string? alignment = align is "start" or "center" or "end" or "left" or "right" ? align : null;
        List<string> settings = [];
        if (region?.Box is (decimal x, decimal y, decimal width, decimal height))
        {
            decimal top = region.DisplayAlign switch
            {
                "after" => y + height - (lines * LineHeight),
                "center" => y + ((height - (lines * LineHeight)) / 2),
                _ => y,
            };
            if (top + (lines * LineHeight) < Bottom)
            {
                settings.Add(Percent("line", Math.Max(top, Math.Min(y, 100 - LineHeight))));
            }

            if (width < 100)
            {
                // In TTML text begins at the edge of its region unless something says otherwise; in WebVTT it is centered.
                alignment ??= "start";
                settings.Add(Percent("position", alignment switch { "center" => x + (width / 2), "end" or "right" => x + width, _ => x }));
                settings.Add(Percent("size", width));
            }
        }

        settings.Add(alignment is null ? "" : $"align:{alignment}");
        return string.Join(" ", settings.Where(setting => setting.Length > 0));
    }

    private static string Percent(string name, decimal value) =>
        string.Format(CultureInfo.InvariantCulture, "{0}:{1}%", name, decimal.Round(Math.Max(0, Math.Min(100, value))));
}
