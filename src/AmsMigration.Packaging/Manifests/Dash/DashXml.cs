using System.Globalization;
using System.Xml;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>The types of the MPD schema (ISO/IEC 23009-1 5.2, 5.8) as text.</summary>
internal static class DashXml
{
    public const string Namespace = "urn:mpeg:dash:schema:mpd:2011";

    public static void WriteNumber(this XmlWriter xml, string name, long value) =>
        xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Nothing where the value is 0, which stands for unknown or for the attribute's default.</summary>
    public static void WritePositive(this XmlWriter xml, string name, long value)
    {
        if (value > 0)
        {
            xml.WriteNumber(name, value);
        }
    }

    public static void WriteFraction(this XmlWriter xml, string name, (long Numerator, long Denominator) value)
    {
        if (value.Numerator > 0)
        {
            string format = value.Denominator == 1 ? "{0}" : "{0}/{1}";
            xml.WriteAttributeString(name, string.Format(CultureInfo.InvariantCulture, format, value.Numerator, value.Denominator));
        }
    }

    public static void WriteDescriptor(this XmlWriter xml, string element, string scheme, string value)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("schemeIdUri", scheme);
        xml.WriteAttributeString("value", Clean(value));
        xml.WriteEndElement();
    }

    /// <summary>In lowest terms, e.g. <c>16:9</c>.</summary>
    public static string Ratio(long width, long height)
    {
        long divisor = Math.Max(1, TimeMath.GreatestCommonDivisor(width, height));
        return string.Format(CultureInfo.InvariantCulture, "{0}:{1}", width / divisor, height / divisor);
    }

    /// <summary>Without the characters that XML 1.0 has no way to write.</summary>
    public static string Clean(string text)
    {
        var clean = new System.Text.StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean.Append(text, i++, 2);
            }
            else if (XmlConvert.IsXmlChar(text[i]))
            {
                clean.Append(text[i]);
            }
        }

        return clean.ToString();
    }
}
