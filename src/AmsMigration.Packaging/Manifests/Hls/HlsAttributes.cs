using System.Globalization;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>An attribute list (RFC 8216bis 4.2), in the order in which it is filled; null leaves an attribute out.</summary>
internal sealed class HlsAttributes
{
    private readonly List<string> _attributes = [];

    /// <summary>NAME attributes that differ from each other, also after what a quoted-string cannot hold is taken out.</summary>
    public static List<string> MakeUnique(IEnumerable<string> wanted)
    {
        List<string> names = [];
        foreach (string text in wanted)
        {
            string clean = Clean(text) is { Length: > 0 } some ? some : "unnamed";
            string name = clean;
            for (int i = 2; names.Contains(name); i++)
            {
                name = $"{clean} {i}";
            }

            names.Add(name);
        }

        return names;
    }

    public HlsAttributes Quoted(string name, string? value) => value is null ? this : Add(name, $"\"{Clean(value)}\"");

    public HlsAttributes Number(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public HlsAttributes Flag(string name, bool value) => Add(name, value ? "YES" : "NO");

    /// <summary>An enumerated-string, a decimal-resolution or a decimal-floating-point.</summary>
    public HlsAttributes Add(string name, string? value)
    {
        if (value is not null)
        {
            _attributes.Add($"{name}={value}");
        }

        return this;
    }

    public override string ToString() => string.Join(",", _attributes);

    /// <summary>
    /// A quoted-string holds no line feed, carriage return or double quote. An apostrophe would mislead readers that take it for a quote.
    /// </summary>
    private static string Clean(string text) => new([.. text.Where(c => !char.IsControl(c)).Select(c => c == '"' ? '\u201D' : c)]);
}
