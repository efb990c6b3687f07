using System.Text;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>Text of other formats as WebVTT writes it (W3C WebVTT 4.2).</summary>
internal static class CueText
{
    /// <summary>Plain text with the characters that mean something in cue text escaped.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            escaped.Append(letter switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '\0' => "\uFFFD", _ => letter.ToString() });
        }

        return escaped.ToString();
    }

    /// <summary>Cue text without what would end the cue: empty lines, and the arrow of a timing line. Lines are trimmed.</summary>
    public static string Clean(string payload)
    {
        IEnumerable<string> lines = payload.Replace("\r\n", "\n").Replace('\r', '\n').Replace('\0', '\uFFFD').Split('\n').Select(line => line.Trim());
        return string.Join("\n", lines.Where(line => line.Length > 0)).Replace("-->", "--&gt;");
    }

    /// <summary>Cues that samples or fragments cut in pieces, whole again: same text, one where the other ends or before.</summary>
    public static List<TextCue> Join(IEnumerable<TextCue> pieces)
    {
        List<TextCue> whole = [];
        var last = new Dictionary<(string, string), int>();
        foreach (TextCue piece in pieces.OrderBy(cue => cue.Start))
        {
            (string, string) key = (piece.Settings, piece.Payload);
            if (last.TryGetValue(key, out int index) && whole[index].End >= piece.Start)
            {
                whole[index] = whole[index] with { End = Math.Max(whole[index].End, piece.End) };
                continue;
            }

            last[key] = whole.Count;
            whole.Add(piece);
        }

        return whole;
    }
}
