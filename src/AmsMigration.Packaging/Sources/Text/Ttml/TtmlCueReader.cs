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

    /// <summary>Of a paragraph: more than the syllables of a song's line. Beyond it each is a cue of its own.</summary>
    private const int MaxTimedSpans = 256;

    private readonly TtmlStyles _styles = new(root);
    private readonly List<TextCue> _cues = [];
    private int _badTimes;
    private int _tooLong;
    private bool _hasImages;

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

        if (_hasImages)
        {
            warnings.Add(new PackagingWarning(
                "TextIsImages", "It shows text as pictures (the image profile of SMPTE-TT and IMSC), which cannot become cues without recognition of letters; they are left out.", file));
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

        _hasImages |= IsImage(element);
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

    /// <summary>Text as pictures: smpte:backgroundImage of a div (SMPTE ST 2052-1 5.5.2), and image elements (IMSC 1.1 Image Profile).</summary>
    private static bool IsImage(XElement element) =>
        element.Attributes().Any(attribute => attribute.Name.LocalName == "backgroundImage")
        || element.Elements().Any(child => child.Name.LocalName == "image");

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

    /// <summary>A paragraph is one cue, unless spans in it have times of their own: then there is one for each set of spans that is shown together.</summary>
    private void AddParagraph(XElement paragraph, Scope scope)
    {
        var timed = new Dictionary<XElement, Scope?>();
        FindTimed(paragraph, scope, timed);
        if (timed.Count == 0)
        {
            AddCue(paragraph, scope, _ => true);
            return;
        }

        if (timed.Count > MaxTimedSpans)
        {
            foreach (KeyValuePair<XElement, Scope?> span in timed.Where(span => span.Value is not null))
            {
                AddCue(span.Key, span.Value!, _ => true);
            }

            return;
        }

        var moments = new SortedSet<long> { scope.Start, scope.End };
        foreach (Scope own in timed.Values.OfType<Scope>())
        {
            moments.UnionWith([own.Start, own.End]);
        }

        long[] times = [.. moments];
        for (int i = 1; i < times.Length; i++)
        {
            (long start, long end) = (times[i - 1], times[i]);
            AddCue(paragraph, scope with { Start = start, End = end }, span => !timed.TryGetValue(span, out Scope? own) || (own?.Start <= start && own.End >= end));
        }
    }

    /// <summary>When the timed spans below an element are shown; null for those that never are. Their times count from the span around them.</summary>
    private void FindTimed(XElement element, Scope scope, Dictionary<XElement, Scope?> timed)
    {
        foreach (XElement span in element.Elements().Where(child => child.Name.LocalName == "span"))
        {
            Scope? own = scope;
            if (IsTimed(span))
            {
                own = Enter(span, scope);
                timed[span] = own;
            }

            if (own is not null)
            {
                FindTimed(span, own, timed);
            }
        }
    }

    private static bool IsTimed(XElement element) =>
        element.Attribute("begin") is not null || element.Attribute("end") is not null || element.Attribute("dur") is not null;

    /// <param name="isShown">For each span.</param>
    private void AddCue(XElement element, Scope scope, Func<XElement, bool> isShown)
    {
        var text = new StringBuilder();
        AppendContent(text, element, scope, isShown);
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

    private void AppendContent(StringBuilder text, XElement element, Scope scope, Func<XElement, bool> isShown)
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
                case XElement { Name.LocalName: "span" } span when isShown(span) && _styles.RubyOf(span) != "delimiter":
                    TtmlStyle style = _styles.Of(span, scope.Style);
                    (string open, string close) = style.Tags(scope.Style);
                    (string openRuby, string closeRuby) = RubyTags(_styles.RubyOf(span));
                    text.Append(openRuby).Append(open);
                    AppendContent(text, span, scope with { Style = style, IsPreserved = IsPreserved(span, scope) }, isShown);
                    text.Append(close).Append(closeRuby);
                    break;
            }
        }
    }

    /// <summary>tts:ruby (W3C TTML2 10.2.36) as the ruby of WebVTT, whose base is what is not in an rt.</summary>
    private static (string Open, string Close) RubyTags(string? ruby) => ruby switch
    {
        "container" => ("<ruby>", "</ruby>"),
        "text" => ("<rt>", "</rt>"),
        _ => ("", ""),
    };

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
