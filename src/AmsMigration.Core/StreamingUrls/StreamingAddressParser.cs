namespace AmsMigration.StreamingUrls;

/// <summary>
/// Reads old addresses as people have them: with http, https or no scheme (portals wrote <c>//host/...</c>), with a port, percent-encoded in part or whole,
/// with a query, as a path alone.
/// </summary>
internal static class StreamingAddressParser
{
    /// <summary>Longer than any browser or store takes.</summary>
    private const int MaxLength = 4096;

    private const string Expected = "expected https://<host>/<locator id>/<name>.ism/manifest(format=...)";

    private static readonly string[] Schemes = ["https://", "http://", "//"];

    /// <exception cref="FormatException">It is none.</exception>
    public static StreamingAddress Parse(string text)
    {
        string address = text.Trim();
        if (address.Length is 0 or > MaxLength)
        {
            throw new FormatException(address.Length == 0 ? $"The address is empty; {Expected}." : $"The address has {address.Length} characters; none is longer than {MaxLength}.");
        }

        int end = address.IndexOfAny(['?', '#']);
        address = end < 0 ? address : address.Substring(0, end);
        string? scheme = Schemes.FirstOrDefault(prefix => address.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        string[] parts = address.Substring(scheme?.Length ?? 0).Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        bool isPath = scheme is null && (address[0] == '/' || (parts.Length > 0 && IsLocator(parts[0], out _)));
        string? host = isPath ? null : Host(parts.Length > 0 ? parts[0] : "", address);
        string[] path = [.. parts.Skip(isPath ? 0 : 1).Select(Uri.UnescapeDataString)];
        return path.Length == 3 && IsLocator(path[0], out Guid locator) && IsManifestName(path[1])
            ? ParseRequest(path[2], address) with { Host = host, LocatorId = locator, ManifestName = path[1] }
            : throw Wrong(address);
    }

    private static bool IsLocator(string part, out Guid locator) => Guid.TryParseExact(part, "D", out locator);

    private static bool IsManifestName(string name) =>
        (name.EndsWith(".ism", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".isml", StringComparison.OrdinalIgnoreCase))
        && name.IndexOfAny(['/', '\\']) < 0 && !name.Any(char.IsControl);

    private static string Host(string text, string address)
    {
        string host = text.ToLowerInvariant();
        foreach (string port in (string[])[":443", ":80"])
        {
            host = host.EndsWith(port, StringComparison.Ordinal) ? host.Substring(0, host.Length - port.Length) : host;
        }

        // No user name: the part behind an @ would be another host than the one that is read.
        return host.Length > 0 && host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']' or '_') ? host : throw Wrong(address);
    }

    private static StreamingAddress ParseRequest(string request, string address)
    {
        const string name = "manifest";
        if (!request.StartsWith(name, StringComparison.OrdinalIgnoreCase) || request.Any(c => char.IsControl(c) || c is '/' or '\\'))
        {
            throw Wrong(address);
        }

        string rest = request.Substring(name.Length);
        int close = rest.LastIndexOf(')');
        bool hasParameters = rest.Length > 0 && rest[0] == '(' && close > 0;
        string suffix = (hasParameters ? rest.Substring(close + 1) : rest).ToLowerInvariant();
        if (suffix is not ("" or StreamingFormat.HlsSuffix or StreamingFormat.DashSuffix))
        {
            throw Wrong(address);
        }

        return new StreamingAddress
        {
            LocatorId = default,
            ManifestName = "",
            Request = request.Substring(0, name.Length) == "Manifest" ? "Manifest" : name,
            Parameters = hasParameters ? ParseParameters(rest.Substring(1, close - 1)) : [],
            Suffix = suffix,
        };
    }

    private static StreamingParameter[] ParseParameters(string list) =>
        [.. list.Split([','], StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split(['='], 2)).Select(pair =>
            new StreamingParameter(pair[0].Trim(), pair.Length > 1 ? pair[1].Trim() : null))];

    /// <param name="address">Without its query, which may hold a signature.</param>
    private static FormatException Wrong(string address) => new($"'{address}' is no address of a streaming locator; {Expected}.");
}
