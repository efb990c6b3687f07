using AmsMigration.Packaging;

namespace AmsMigration.StreamingUrls;

/// <summary>What leads from a manifest to the output that it plays.</summary>
internal static class AliasBase
{
    private static readonly StringComparison Paths =
        System.IO.Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <param name="folder">Full path or URI of the folder that the manifest lies in.</param>
    /// <param name="output">Of the output's folder.</param>
    /// <returns>A reference (RFC 3986 4.1): relative on one host, absolute from one to another; ends with a slash, or is empty.</returns>
    /// <exception cref="PackagingException"><c>UrlDestinationUnreachable</c>: no reference leads from the one to the other.</exception>
    public static string Find(string folder, string output)
    {
        (string host, string[] from) = Split(folder);
        (string otherHost, string[] to) = Split(output);
        if (!string.Equals(host, otherHost, StringComparison.OrdinalIgnoreCase))
        {
            return otherHost.Length > 0
                ? output.TrimEnd('/') + "/"
                : throw Unreachable(folder, output);
        }

        int common = 0;
        while (common < from.Length && common < to.Length && string.Equals(from[common], to[common], host.Length > 0 ? StringComparison.Ordinal : Paths))
        {
            common++;
        }

        // On another drive.
        return common == 0 && host.Length == 0 && Paths == StringComparison.OrdinalIgnoreCase
            ? throw Unreachable(folder, output)
            : string.Concat(Enumerable.Repeat("../", from.Length - common).Concat(to.Skip(common).Select(part => Uri.EscapeDataString(part) + "/")));
    }

    /// <summary>The scheme and authority of an address, empty for a folder; and the decoded parts of the path.</summary>
    private static (string Host, string[] Parts) Split(string location)
    {
        bool isAddress = location.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (!isAddress)
        {
            return ("", location.Split(['/', System.IO.Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries));
        }

        var uri = new Uri(location);
        return (uri.GetLeftPart(UriPartial.Authority), [.. uri.AbsolutePath.Split(['/'], StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)]);
    }

    private static PackagingException Unreachable(string folder, string output) =>
        new("UrlDestinationUnreachable", $"nothing leads from a manifest in '{folder}' to the media in '{output}'; both must lie below one folder, or in storage");
}
