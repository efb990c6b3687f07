using System.Xml.Linq;

namespace AmsMigration.Packaging.Sources.Text.Ttml;

/// <summary>Styles and regions that a document's head defines (W3C TTML2 8.1, 9.1).</summary>
internal sealed class TtmlStyles
{
    /// <summary>References of styles to styles that are followed; loops end here.</summary>
    private const int MaxReferences = 16;

    private readonly Dictionary<string, XElement> _styles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TtmlRegion> _regions = new(StringComparer.Ordinal);

    public TtmlStyles(XElement root)
    {
        var screen = new TtmlScreen(root);
        foreach (XElement element in root.Elements().Where(e => e.Name.LocalName == "head").SelectMany(head => head.Descendants()))
        {
            if ((string?)element.Attribute(XNamespace.Xml + "id") is not string id)
            {
                continue;
            }

            switch (element.Name.LocalName)
            {
                case "style" when element.Parent?.Name.LocalName == "styling":
                    _styles[id] = element;
                    break;
                case "region":
                    _regions[id] = TtmlRegion.Of(Properties(element).Concat(element.Elements().SelectMany(Properties)), screen);
                    break;
            }
        }
    }

    /// <summary>The region that an element names; null where it names none that is there.</summary>
    public TtmlRegion? RegionOf(XElement element) =>
        (string?)element.Attribute("region") is string id && _regions.TryGetValue(id, out TtmlRegion? region) ? region : null;

    /// <summary>tts:ruby, which is not inherited; null where the element has none.</summary>
    public string? RubyOf(XElement element) => Properties(element).Where(property => property.Name == "ruby").Select(property => property.Value).LastOrDefault();

    /// <summary>The element's own properties over those of the styles that it names, over those of what is around it.</summary>
    public TtmlStyle Of(XElement element, TtmlStyle outer)
    {
        TtmlStyle style = outer;
        foreach ((string name, string value) in Properties(element))
        {
            style = style.With(name, value);
        }

        return style;
    }

    private IEnumerable<(string Name, string Value)> Properties(XElement element)
    {
        List<(string, string)> properties = [];
        int references = MaxReferences;
        Collect(element, properties, ref references);
        return properties;
    }

    private void Collect(XElement element, List<(string, string)> properties, ref int references)
    {
        foreach (string id in ((string?)element.Attribute("style") ?? "").Split([' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (references-- > 0 && _styles.TryGetValue(id, out XElement? style))
            {
                Collect(style, properties, ref references);
            }
        }

        properties.AddRange(element.Attributes()
            .Where(attribute => attribute.Name.NamespaceName.EndsWith("#styling", StringComparison.Ordinal)
                || attribute.Name.NamespaceName.EndsWith("#style", StringComparison.Ordinal))
            .Select(attribute => (attribute.Name.LocalName, attribute.Value.Trim())));
    }
}
