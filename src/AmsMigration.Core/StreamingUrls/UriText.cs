using System.Globalization;
using System.Text;

namespace AmsMigration.StreamingUrls;

/// <summary>Paths as clients send them.</summary>
internal static class UriText
{
    /// <summary>Beside letters and digits what a part of a path may hold as it is (RFC 3986 3.3).</summary>
    private const string PathCharacters = "-._~!$&'()*+,;=:@";

    /// <summary>One part of a path: what it may not hold is percent-encoded as UTF-8.</summary>
    public static string Encode(string part) => Encode(part, PathCharacters);

    /// <param name="legal">What stays beside the letters and digits of ASCII.</param>
    public static string Encode(string text, string legal)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            bool isLegal = c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') || legal.IndexOf(c) >= 0;
            _ = isLegal ? encoded.Append(c) : encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>ASCII alone, as web servers do it: other letters are several bytes to them.</summary>
    public static string ToLowerAscii(string text)
    {
        char[] lower = text.ToCharArray();
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = lower[i] is >= 'A' and <= 'Z' ? (char)(lower[i] | 0x20) : lower[i];
        }

        return new string(lower);
    }
}
