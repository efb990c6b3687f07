namespace AmsMigration.Packaging.Sources.Text.Ttml;

/// <summary>What of TTML's styling WebVTT can say (W3C TTML2 10.2).</summary>
/// <param name="Align">tts:textAlign; null where nothing says it.</param>
/// <param name="Colour">One of the classes that WebVTT has for colours (W3C WebVTT 5); null where none.</param>
internal sealed record TtmlStyle(bool IsItalic, bool IsBold, bool IsUnderlined, string? Align, string? Colour)
{
    public static readonly TtmlStyle None = new(false, false, false, null, null);

    private static readonly Dictionary<string, string> Colours = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lime"] = "lime", ["#00ff00"] = "lime", ["cyan"] = "cyan", ["aqua"] = "cyan", ["#00ffff"] = "cyan", ["red"] = "red", ["#ff0000"] = "red",
        ["yellow"] = "yellow", ["#ffff00"] = "yellow", ["magenta"] = "magenta", ["fuchsia"] = "magenta", ["#ff00ff"] = "magenta",
        ["blue"] = "blue", ["#0000ff"] = "blue", ["white"] = "white", ["#ffffff"] = "white",
    };

    /// <summary>This style with one property more; those that WebVTT has no word for change nothing.</summary>
    public TtmlStyle With(string property, string value) => property switch
    {
        "fontStyle" => this with { IsItalic = value is "italic" or "oblique" },
        "fontWeight" => this with { IsBold = value == "bold" },
        "textDecoration" => this with { IsUnderlined = value.Split(' ').Contains("underline") },
        "textAlign" => this with { Align = value },
        "color" => this with { Colour = FindColour(value) },
        _ => this,
    };

    /// <summary>The tags that turn the outer style into this one.</summary>
    public (string Open, string Close) Tags(TtmlStyle outer)
    {
        string open = "";
        string close = "";
        Add(IsItalic && !outer.IsItalic, "i", "i");
        Add(IsBold && !outer.IsBold, "b", "b");
        Add(IsUnderlined && !outer.IsUnderlined, "u", "u");
        Add(Colour is not null && Colour != outer.Colour && (Colour != "white" || outer.Colour is not null), $"c.{Colour}", "c");
        return (open, close);

        void Add(bool isWanted, string start, string end)
        {
            open += isWanted ? $"<{start}>" : "";
            close = (isWanted ? $"</{end}>" : "") + close;
        }
    }

    /// <summary>False where cue text has nothing but tags and blanks.</summary>
    public static bool HasText(string payload)
    {
        bool isTag = false;
        foreach (char letter in payload)
        {
            isTag = letter == '<' || (isTag && letter != '>');
            if (!isTag && letter != '>' && !char.IsWhiteSpace(letter))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Opaque colours have an alpha of ff, or none.</summary>
    private static string? FindColour(string value)
    {
        string opaque = value.Length == 9 && value.EndsWith("ff", StringComparison.OrdinalIgnoreCase) ? value.Substring(0, 7) : value;
        return Colours.TryGetValue(opaque, out string? colour) ? colour : null;
    }
}
