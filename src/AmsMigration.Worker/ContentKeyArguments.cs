using AmsMigration.Packaging;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Worker;

/// <summary>Keys and addresses of key systems on a command line. No message repeats a key.</summary>
internal static class ContentKeyArguments
{
    /// <param name="arguments"><c>KEYID:KEY</c>, or <c>Video=KEYID:KEY</c>.</param>
    /// <exception cref="FormatException">One of them is something else.</exception>
    public static IReadOnlyList<ContentKey> Parse(IEnumerable<string> arguments) => [.. arguments.Select(Parse)];

    /// <param name="arguments"><c>SYSTEM=URI</c>.</param>
    /// <exception cref="FormatException">One of them is something else.</exception>
    public static IReadOnlyDictionary<KeySystem, string> ParseUris(IEnumerable<string> arguments)
    {
        var uris = new Dictionary<KeySystem, string>();
        foreach (string argument in arguments)
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !Enum.TryParse(argument[..equals], ignoreCase: true, out KeySystem system))
            {
                throw new FormatException($"'{argument}' is not SYSTEM=URI; systems are {string.Join(", ", Enum.GetNames<KeySystem>())}.");
            }

            uris[system] = argument[(equals + 1)..];
        }

        return uris;
    }

    private static ContentKey Parse(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string[] parts = argument[(equals + 1)..].Split(':');
        try
        {
            TrackKind? kind = equals < 0 ? null : Enum.Parse<TrackKind>(argument[..equals], ignoreCase: true);
            return new ContentKey(Guid.Parse(parts[0]), Convert.FromHexString(parts[1]), kind);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IndexOutOfRangeException or PackagingException)
        {
            throw new FormatException(
                "A content key is KEYID:KEY, a GUID and 32 hexadecimal digits, with Video= or Audio= in front where it is not for all tracks.");
        }
    }
}
