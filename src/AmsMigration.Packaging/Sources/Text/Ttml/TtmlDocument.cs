using System.Text;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Text.Ttml;

/// <summary>A TTML document (W3C TTML1, TTML2, IMSC1; SMPTE-TT, EBU-TT-D, DFXP) of any edition's namespace.</summary>
internal sealed class TtmlDocument
{
    private const int MaxDepth = 64;

    /// <summary>Names of elements and attributes can cost many times their bytes: a document has no more elements than this.</summary>
    private const int MaxElements = 500_000;

    private readonly XElement _root;
    private readonly TtmlTime _time;

    private TtmlDocument(XElement root)
    {
        _root = root;
        _time = new TtmlTime(root);
    }

    /// <summary>BCP 47; null where the document names none.</summary>
    public string? Language => LanguageTag.ToBcp47((string?)_root.Attribute(XNamespace.Xml + "lang"));

    /// <summary>False for drafts and DFXP, whose elements have other names to players that know IMSC1.</summary>
    public bool IsStandard => _root.Name.NamespaceName == "http://www.w3.org/ns/ttml";

    /// <param name="content">The whole document, in any encoding.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="PackagingException"><c>InvalidTtml</c>.</exception>
    public static TtmlDocument Parse(byte[] content, string file)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = TextBytes.MaxLength,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            string text = TextBytes.Decode(content).TrimStart();
            CheckShape(text, settings);
            using XmlReader reader = XmlReader.Create(new StringReader(text), settings);
            XElement root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return root.Name.LocalName == "tt"
                ? new TtmlDocument(root)
                : throw new PackagingException("InvalidTtml", $"The root element is '{root.Name.LocalName}'; expected 'tt'.", file);
        }
        catch (XmlException e)
        {
            string reason = e.Message.Contains("DTD") ? "it has a document type declaration, which captions never need" : e.Message;
            throw new PackagingException("InvalidTtml", $"The document cannot be read: {reason}", file, inner: e);
        }
    }

    /// <summary>Cues with times as they stand in the document, in milliseconds.</summary>
    public List<TextCue> ReadCues(List<PackagingWarning> warnings, string file)
    {
        var reader = new TtmlCueReader(_root, _time);
        return reader.Read(warnings, file);
    }

    /// <summary>The document with its times moved; what would end at or before 0 is taken out.</summary>
    /// <param name="shift">Milliseconds.</param>
    public string Shift(long shift)
    {
        if (shift == 0)
        {
            return _root.ToString(SaveOptions.DisableFormatting);
        }

        var root = new XElement(_root);
        foreach (XElement body in root.Elements().Where(element => element.Name.LocalName == "body").ToList())
        {
            Shift(body, shift);
        }

        return root.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Times of children count from the begin of the nearest timed element around them (W3C TTML2 12.4).</summary>
    private void Shift(XElement element, long shift)
    {
        long? begin = _time.Parse((string?)element.Attribute("begin"));
        long? duration = _time.Parse((string?)element.Attribute("dur"));
        long? end = _time.Parse((string?)element.Attribute("end")) ?? (duration is null ? null : (begin ?? 0) + duration);
        if (end is not null && end + shift <= 0)
        {
            element.Remove();
            return;
        }

        element.SetAttributeValue("dur", null);
        element.SetAttributeValue("end", end is null ? null : TtmlTime.ToText(end.Value + shift));
        bool isWhole = begin is null || begin + shift >= 0;
        if (begin is not null || (string?)element.Attribute("timeContainer") == "seq")
        {
            element.SetAttributeValue("begin", TtmlTime.ToText(Math.Max(0, (begin ?? 0) + shift)));
            if (isWhole)
            {
                return;
            }

            shift = begin!.Value + shift;
        }

        foreach (XElement child in element.Elements().ToList())
        {
            Shift(child, shift);
        }
    }

    private static void CheckShape(string text, XmlReaderSettings settings)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(text), settings);
        int elements = 0;
        while (reader.Read())
        {
            elements += reader.NodeType == XmlNodeType.Element ? 1 : 0;
            if (reader.Depth > MaxDepth || elements > MaxElements)
            {
                throw new XmlException($"it has more than {MaxElements} elements, or they are nested more than {MaxDepth} deep");
            }
        }
    }
}
