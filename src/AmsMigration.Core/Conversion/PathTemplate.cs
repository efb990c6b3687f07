using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AmsMigration.Assets;
using AmsMigration.Packaging;

namespace AmsMigration.Conversion;

/// <summary>
/// A relative path with tokens in braces, e.g. <c>video/{AssetName}</c>. Values are made legal for file systems and blob names; '/' in the template, never in a
/// value, makes folders.
/// </summary>
public sealed class PathTemplate
{
    /// <summary>Of UTF-8: file systems take 255 in a part of a path; Media Services took names of 260 characters.</summary>
    private const int MaxBytes = 240;

    private static readonly Dictionary<string, Func<AmsAsset, string?>> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AssetName"] = asset => asset.AssetName,
        ["ContainerName"] = asset => asset.ContainerName,
        ["AssetId"] = asset => asset.AssetId,
        ["AlternateId"] = asset => asset.AlternateId,
        ["LocatorId"] = asset => asset.LocatorId,
    };

    private static readonly Regex Token = new(@"\{(?<name>[^{}]*)\}", RegexOptions.CultureInvariant);

    /// <summary>Names of devices, which Windows takes for no file whatever follows behind a dot.</summary>
    private static readonly Regex Device = new(@"^(con|prn|aux|nul|(com|lpt)[0-9])(\.|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly string _template;

    private PathTemplate(string template) => _template = template;

    /// <summary>The tokens that a template may hold, with braces.</summary>
    public static IReadOnlyList<string> Tokens { get; } = [.. Values.Keys.Select(name => $"{{{name}}}")];

    /// <summary>A folder named after the asset.</summary>
    public static PathTemplate Default { get; } = new("{AssetName}");

    /// <summary>The destination itself.</summary>
    public static PathTemplate None { get; } = new("");

    /// <exception cref="FormatException">An unknown token, a stray brace, an absolute path, <c>..</c>, or what is no name of a folder everywhere.</exception>
    public static PathTemplate Parse(string template)
    {
        foreach (Match match in Token.Matches(template))
        {
            if (!Values.ContainsKey(match.Groups["name"].Value))
            {
                throw new FormatException($"'{match.Value}' is not known in a path template. Known are {string.Join(", ", Tokens)}.");
            }
        }

        string literal = Token.Replace(template, "x");
        if (literal.IndexOfAny(['{', '}', '\\', ':', '*', '?', '"', '<', '>', '|']) >= 0)
        {
            throw new FormatException($"'{template}' is not a path template: only '/' and tokens in braces have a meaning, and \\ : * ? \" < > | are not allowed.");
        }

        if (literal.StartsWith("/", StringComparison.Ordinal) || literal.Split('/').Any(part => part is ".." or "."))
        {
            throw new FormatException($"'{template}' must stay below the destination: no leading '/', no '.' or '..' part.");
        }

        // Windows takes spaces and dots off an end, and then it is another folder, or none.
        if (literal.Any(char.IsControl) || literal.Split('/').Any(part => part != part.Trim(' ').TrimEnd('.', ' ')))
        {
            throw new FormatException($"'{template}' names a folder that not every system takes: no part begins or ends with a space, ends with a dot, or holds a control character.");
        }

        return new PathTemplate(template.Trim('/'));
    }

    /// <summary>The asset's path below the destination, parts separated by '/'.</summary>
    /// <exception cref="PackagingException"><c>TemplateValueMissing</c>: nobody knows what a token stands for.</exception>
    public string Expand(AmsAsset asset)
    {
        string path = Token.Replace(_template, match => MakeLegal(ValueOf(match.Groups["name"].Value, asset)));
        return string.Join("/", path.Split(['/'], StringSplitOptions.RemoveEmptyEntries));
    }

    public override string ToString() => _template;

    private static string ValueOf(string name, AmsAsset asset) => Values[name](asset) is { Length: > 0 } value
        ? value
        : throw new PackagingException("TemplateValueMissing", $"asset '{asset.AssetName}' has nothing for {{{name}}} of the path template");

    /// <summary>
    /// A name that every file system and blob storage takes as one path part: no separators, no control characters, no trailing dot or space, no device
    /// (blob names: learn.microsoft.com "Naming and Referencing Containers, Blobs, and Metadata"; file names: the Windows set, which is the narrowest); one that is too long ends with a hash of itself.
    /// </summary>
    internal static string MakeLegal(string name)
    {
        var legal = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            legal.Append(c < ' ' || c == '\u007f' || "/\\:*?\"<>|".IndexOf(c) >= 0 ? '-' : c);
        }

        string trimmed = legal.ToString().Trim(' ').TrimEnd('.', ' ');
        string named = trimmed.Length == 0 ? "asset" : Device.IsMatch(trimmed) ? $"_{trimmed}" : trimmed;
        return Encoding.UTF8.GetByteCount(named) <= MaxBytes ? named : Shorten(named, name);
    }

    /// <summary>Two long names that differ at their ends stay two.</summary>
    private static string Shorten(string named, string whole)
    {
        using var sha = SHA256.Create();
        string end = "-" + BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(whole)), 0, 4).Replace("-", "").ToLowerInvariant();
        var kept = new StringBuilder(MaxBytes);
        int bytes = end.Length;
        for (int i = 0; i < named.Length; i += char.IsSurrogatePair(named, i) ? 2 : 1)
        {
            string character = named.Substring(i, char.IsSurrogatePair(named, i) ? 2 : 1);
            bytes += Encoding.UTF8.GetByteCount(character);
            if (bytes > MaxBytes)
            {
                break;
            }

            kept.Append(character);
        }

        return kept.ToString().TrimEnd('.', ' ') + end;
    }
}
