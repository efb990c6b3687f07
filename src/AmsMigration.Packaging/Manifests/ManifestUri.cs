using System.Text;

namespace AmsMigration.Packaging.Manifests;

/// <summary>References from one file of an output to another (RFC 3986 4.2).</summary>
internal static class ManifestUri
{
    /// <summary>Both paths are relative to the output's root; all but unreserved characters is percent-encoded as UTF-8.</summary>
    public static string Relative(string from, string to)
    {
        string[] source = from.Split('/');
        string[] target = to.Split('/');
        int common = 0;
        while (common < source.Length - 1 && common < target.Length - 1 && source[common] == target[common])
        {
            common++;
        }

        return string.Join("/", Enumerable.Repeat("..", source.Length - 1 - common).Concat(target.Skip(common).Select(Encode)));
    }

    /// <summary>References from one file to others; where one follows another to the same file, it is made once.</summary>
    public static Func<string, string> From(string path)
    {
        string? last = null;
        string reference = "";
        return to =>
        {
            if (to != last)
            {
                (last, reference) = (to, Relative(path, to));
            }

            return reference;
        };
    }

    /// <summary>A part of a path between slashes.</summary>
    public static string Encode(string part)
    {
        var encoded = new StringBuilder(part.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(part))
        {
            char c = (char)b;
            if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '.' or '_' or '~')
            {
                encoded.Append(c);
            }
            else
            {
                encoded.Append('%').Append(b.ToString("X2"));
            }
        }

        return encoded.ToString();
    }
}
