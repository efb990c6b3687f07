using System.Text;
using System.Xml;

namespace AmsMigration.Packaging.Sources;

/// <summary>
/// Opens XML manifests as Media Services and its encoders left them: any encoding, with or without a byte order mark or a truthful
/// declaration.
/// </summary>
internal static class ManifestXml
{
    public const string ErrorCode = "InvalidManifest";

    /// <summary>Bytes: a day of two-second fragments, each listed with its size for twenty bit rates, has some 20 MB.</summary>
    private const int MaxLength = 64 << 20;

    private const int MaxDepth = 64;

    /// <summary>Runs a parser over the document, positioned on its root element; an XML fault is told with its place.</summary>
    /// <exception cref="PackagingException"><c>InvalidManifest</c>.</exception>
    public static T Parse<T>(byte[] content, string file, Func<XmlReader, T> parse)
    {
        CheckLength(content.LongLength, file);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxLength,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(Decode(content)), settings);
            reader.MoveToContent();
            return parse(reader);
        }
        catch (XmlException e)
        {
            string reason = e.Message.Contains("DTD") ? "it has a document type declaration, which manifests never need" : e.Message;
            throw new PackagingException(ErrorCode, $"The manifest cannot be read: {reason}", file, inner: e);
        }

        catch (OverflowException e)
        {
            throw new PackagingException(ErrorCode, "The manifest has times that do not fit 64 bits.", file, inner: e);
        }
    }

    public static void CheckLength(long length, string file)
    {
        if (length > MaxLength)
        {
            throw new PackagingException(ErrorCode, $"The manifest has {length} bytes; at most {MaxLength} are read.", file);
        }
    }

    /// <summary>Moves to the next node; false at the end of the document.</summary>
    public static bool Advance(XmlReader reader)
    {
        if (reader.Depth > MaxDepth)
        {
            throw new XmlException($"elements are nested {reader.Depth} deep; at most {MaxDepth} are read");
        }

        return reader.Read();
    }

    /// <summary>The attributes of the current element by local name, in any letter case; the first of several wins.</summary>
    public static Dictionary<string, string> Attributes(XmlReader reader)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.MoveToNextAttribute())
        {
            if (!attributes.ContainsKey(reader.LocalName) && reader.Prefix != "xmlns")
            {
                attributes[reader.LocalName] = reader.Value;
            }
        }

        reader.MoveToElement();
        return attributes;
    }

    /// <summary>The XML declaration is not believed: manifests that say utf-16 and are UTF-8 exist, and the reverse.</summary>
    private static string Decode(byte[] content)
    {
        (int, int) start = content.Length < 2 ? (-1, -1) : (content[0], content[1]);
        Encoding encoding = start switch
        {
            (0xFF, 0xFE) or (not 0, 0) => Encoding.Unicode,
            (0xFE, 0xFF) or (0, not 0) => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        return encoding.GetString(content).Trim('\uFEFF', '\0', ' ', '\t', '\r', '\n');
    }
}
