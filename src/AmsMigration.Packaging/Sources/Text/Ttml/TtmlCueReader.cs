using System.Text;
using System.Xml.Linq;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Text.Ttml;

/// <summary>
/// Turns the paragraphs of a TTML document into cues: nested times, line breaks, white space, italics and the like, colours, and where on the
/// screen they are.
/// </summary>
internal sealed class TtmlCueReader(XElement root, TtmlTime time)
{
    /// <summary>Milliseconds; stands for "to the end of the presentation".</summary>
    public const long Open = TtmlTime.Longest;

    /// <summary>Letters of cue text; see <see cref="WebVttReader"/>.</summary>
    private const int MaxPayload = 16 * 1024;

    private readonly TtmlStyles _styles = new(root);
    private readonly List<TextCue> _cues = [];
    private int _badTimes;
    private int _tooLong;

    public List<TextCue> Read(List<PackagingWarning> warnings, string file)
    {
        foreach (XElement body in root.Elements().Where(element => element.Name.LocalName == "body"))
        {
            Walk(body, new Scope(0, Open, TtmlStyle.None, null, false));
        }

        if (_badTimes > 0)
        {
            warnings.Add(new PackagingWarning("TextCueLeftOut", $"Elements left out because their times cannot be read: {_badTimes}.", file));
        }

        if (_tooLong > 0)
        {
            warnings.Add(new PackagingWarning("TextCueLeftOut", $"Paragraphs left out because each has more than {MaxPayload} letters: {_tooLong}.", file));
        }

        return [.. _cues.OrderBy(cue => cue.Start)];
    }

    /// <returns>When the element ends, for those after it in a sequence.</returns>
    private long Walk(XElement element, Scope outer)
    {
        if (Enter(element, outer) is not Scope scope)
        {
            return outer.Start;
        }

        if (element.Name.LocalName == "p")
        {
            AddParagraph(element, scope);
            return scope.End;
        }

        bool isSequence = (string?)element.Attribute("timeContainer") == "seq";
        long next = scope.Start;
        foreach (XElement child in element.Elements().Where(child => child.Name.LocalName is "div" or "p"))
        {
            long end = Walk(child, isSequence ? scope with { Start = next } : scope);
            next = isSequence ? Math.Max(next, end) : next;
        }

        return isSequence ? Math.Min(next, scope.End) : scope.End;
    }

    /// <summary>Null where the element's times cannot be read or leave nothing of it.</summary>
    private Scope? Enter(XElement element, Scope outer)
    {
        string? begin = (string?)element.Attribute("begin");
        string? end = (string?)element.Attribute("end");
        string? duration = (string?)element.Attribute("dur");
        if ((begin, end, duration) == (null, null, null))
        {
            return outer with { Style = _styles.Of(element, outer.Style), Region = _styles.RegionOf(element) ?? outer.Region, IsPreserved = IsPreserved(element, outer) };
        }

        long? start = begin is null ? outer.Start : outer.Start + time.Parse(begin);
        long? stop = end is null ? outer.End : outer.Start + time.Parse(end);
        long? last = duration is null ? outer.End : start + time.Parse(duration);
        if (start is null || stop is null || last is null || Math.Min(stop.Value, last.Value) <= start)
        {
            _badTimes++;
            return null;
        }

        return new Scope(
            start.Value,
            Math.Min(outer.End, Math.Min(stop.Value, last.Value)),
            _styles.Of(element, outer.Style),
            _styles.RegionOf(element) ?? outer.Region,
            IsPreserved(element, outer));
    }

    private static bool IsPreserved(XElement element, Scope outer) =>
        (string?)element.Attribute(XNamespace.Xml + "space") is string space ? space == "preserve" : outer.IsPreserved;

    /// <summary>A paragraph is one cue, unless spans in it have times of their own: each of those is one then.</summary>
    private void AddParagraph(XElement paragraph, Scope scope)
    {
        List<XElement> timed = [.. paragraph.Descendants().Where(span => span.Name.LocalName == "span" && IsTimed(span))];
        if (timed.Count == 0)
        {
            AddCue(paragraph, scope);
            return;
        }

        foreach (XElement span in timed.Where(span => !span.Ancestors().TakeWhile(ancestor => ancestor != paragraph).Any(IsTimed)))
        {
            if (Enter(span, scope) is Scope own)
            {
                AddCue(span, own);
            }
        }
    }

    private static bool IsTimed(XElement element) =>
        element.Attribute("begin") is not null || element.Attribute("end") is not null || element.Attribute("dur") is not null;

    private void AddCue(XElement element, Scope scope)
    {
        var text = new StringBuilder();
        AppendContent(text, element, scope);
        string payload = CueText.Clean(text.ToString());
        if (payload.Length > MaxPayload)
        {
            _tooLong++;
        }
        else if (TtmlStyle.HasText(payload) && scope.End > scope.Start)
        {
            string settings = TtmlLayout.ToSettings(scope.Region, scope.Style, payload.Count(letter => letter == '\n') + 1);
            _cues.Add(new TextCue(scope.Start, scope.End, settings, payload));
        }
    }

    private void AppendContent(StringBuilder text, XElement element, Scope scope)
    {
        foreach (XNode node in element.Nodes())
        {
            if (text.Length > MaxPayload * 2)
            {
                return;
            }

            switch (node)
            {
                case XText plain:
                    text.Append(CueText.Escape(scope.IsPreserved ? plain.Value : Collapse(plain.Value, text)));
                    break;
                case XElement { Name.LocalName: "br" }:
                    text.Append('\n');
                    break;
                case XElement { Name.LocalName: "span" } span:
                    TtmlStyle style = _styles.Of(span, scope.Style);
                    (string open, string close) = style.Tags(scope.Style);
                    text.Append(open);
                    AppendContent(text, span, scope with { Style = style, IsPreserved = IsPreserved(span, scope) });
                    text.Append(close);
                    break;
            }
        }
    }

    /// <summary>Any white space is one blank, and none at the start of a line (W3C TTML2 8.2.10, xml:space default).</summary>
    private static string Collapse(string value, StringBuilder before)
    {
        var text = new StringBuilder(value.Length);
        bool isBlank = before.Length == 0 || before[before.Length - 1] is ' ' or '\n';
        foreach (char letter in value)
        {
            bool isSpace = letter is ' ' or '\t' or '\r' or '\n';
            if (!isSpace || !isBlank)
            {
                text.Append(isSpace ? ' ' : letter);
            }

            isBlank = isSpace;
        }

        return text.ToString();
    }

    private sealed record Scope(long Start, long End, TtmlStyle Style, TtmlRegion? Region, bool IsPreserved);
}
