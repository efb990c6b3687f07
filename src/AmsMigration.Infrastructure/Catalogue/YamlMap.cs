using System.Globalization;
using AmsMigration.Recommendations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AmsMigration.Infrastructure.Catalogue;

/// <summary>A mapping of a YAML document, read strictly: every key is asked for once, and one that nobody asks for is refused.</summary>
internal sealed class YamlMap
{
    private readonly string _file;
    private readonly YamlMappingNode _node;
    private readonly string _what;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _left = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    private YamlMap(string file, YamlMappingNode node, string what)
    {
        _file = file;
        _node = node;
        _what = what;
        foreach (KeyValuePair<YamlNode, YamlNode> child in node.Children)
        {
            string name = child.Key is YamlScalarNode { Value: string text } ? text : throw Refuse(file, child.Key, "a key has to be a word");
            _left.Add(name, (child.Key, child.Value));
        }
    }

    /// <param name="what">What it describes, for messages, e.g. <c>option 'static'</c>.</param>
    public static YamlMap Of(string file, YamlNode node, string what) => node is YamlMappingNode mapping
        ? new YamlMap(file, mapping, what)
        : throw Refuse(file, node, $"{what} is {Describe(node)}; expected a mapping of keys to values");

    public static CatalogueException Refuse(string file, YamlNode node, string message) =>
        new(file, node.Start.Line, node.Start.Column, message);

    public CatalogueException Refuse(string message) => Refuse(_file, _node, message);

    /// <summary>At the value of a key that was read before; at the map where it is not there.</summary>
    public CatalogueException RefuseValue(string key, string message) => new(
        _file, Place(key).Line, Place(key).Column, $"'{key}' of {_what} {message}");

    public string Text(string key) => TryText(key) ?? throw Missing(key, "a text");

    public string? TryText(string key) => Take(key) is YamlNode node ? Scalar(node, $"'{key}' of {_what}") : null;

    public bool Flag(string key) => TryText(key) switch
    {
        null or "false" => false,
        "true" => true,
        string text => throw RefuseValue(key, $"is '{text}'; expected true or false"),
    };

    public DateTime? TryDate(string key) => TryText(key) is not string text ? null
        : CatalogueDate.TryParse(text, out DateTime day) ? day
        : throw RefuseValue(key, $"is '{text}'; expected a date as YYYY-MM-DD");

    public int Integer(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw RefuseValue(key, "is no whole number");

    public T Word<T>(string key)
        where T : struct, Enum => ParseWord<T>(key, Text(key));

    public IReadOnlyList<T> Words<T>(string key)
        where T : struct, Enum => [.. Texts(key).Select(text => ParseWord<T>(key, text))];

    /// <summary>Empty where the key is not there.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Items(key).Select(item => Scalar(item, $"an item of '{key}' of {_what}"))];

    public IReadOnlyList<YamlNode> Items(string key) => Take(key) switch
    {
        null => [],
        YamlSequenceNode sequence => [.. sequence.Children],
        YamlNode node => throw Refuse(_file, node, $"'{key}' of {_what} is {Describe(node)}; expected a list"),
    };

    public YamlMap Map(string key) => TryMap(key) ?? throw Missing(key, "a mapping");

    public YamlMap? TryMap(string key) => Take(key) is YamlNode node ? Of(_file, node, $"'{key}' of {_what}") : null;

    /// <summary>All keys that were not asked for yet, in order, with their values.</summary>
    public IReadOnlyList<(string Key, YamlNode KeyNode, YamlNode Value)> TakeRest()
    {
        List<(string, YamlNode, YamlNode)> rest = [.. _left.Select(entry => (entry.Key, entry.Value.Key, entry.Value.Value))];
        _left.Clear();
        return rest;
    }

    /// <exception cref="CatalogueException">Keys are left that nobody asked for.</exception>
    public void Close()
    {
        foreach (KeyValuePair<string, (YamlNode Key, YamlNode Value)> entry in _left)
        {
            throw Refuse(_file, entry.Value.Key, $"{_what} has the unknown key '{entry.Key}'; expected {string.Join(", ", _known)}");
        }
    }

    public static T ParseWord<T>(string file, YamlNode node, string what, string text)
        where T : struct, Enum =>
        Array.IndexOf(Enum.GetNames(typeof(T)), text) >= 0 && Enum.TryParse(text, out T value)
            ? value
            : throw Refuse(file, node, $"{what} is '{text}'; expected {string.Join(", ", Enum.GetNames(typeof(T)).Where(name => name != "None"))}");

    public static string Scalar(string file, YamlNode node, string what) => node is YamlScalarNode { Value: { Length: > 0 } text }
        ? text
        : throw Refuse(file, node, $"{what} is {Describe(node)}; expected a text");

    private string Scalar(YamlNode node, string what) => Scalar(_file, node, what);

    private T ParseWord<T>(string key, string text)
        where T : struct, Enum => ParseWord<T>(_file, ValueNode(key), $"'{key}' of {_what}", text);

    private YamlNode? Take(string key)
    {
        _known.Add(key);
        if (!_left.TryGetValue(key, out (YamlNode Key, YamlNode Value) entry))
        {
            return null;
        }

        _left.Remove(key);
        return entry.Value;
    }

    private CatalogueException Missing(string key, string expected) => Refuse($"{_what} lacks the key '{key}'; expected {expected}");

    private Mark Place(string key) => ValueNode(key).Start;

    private YamlNode ValueNode(string key) =>
        _node.Children.FirstOrDefault(child => child.Key is YamlScalarNode scalar && scalar.Value == key).Value ?? _node;

    private static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode { Value: { Length: > 0 } text } => $"'{text}'",
        _ => "empty",
    };
}
