using System.Text;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>Names of output files: readable, unique, and harmless on every file system.</summary>
internal static class OutputNames
{
    private const int MaxManifestNameBytes = 200;

    private static readonly HashSet<string> _deviceNames = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A file name without path, wild cards, control characters, dots or spaces at its ends; at most 200 bytes of UTF-8.</summary>
    public static string MakeManifestName(string wanted)
    {
        var name = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            bool isPair = i + 1 < wanted.Length && char.IsSurrogatePair(wanted[i], wanted[i + 1]);
            string next = isPair ? wanted.Substring(i, 2) : IsUnsafe(wanted[i]) ? "_" : wanted.Substring(i, 1);
            bytes += Encoding.UTF8.GetByteCount(next);
            if (bytes > MaxManifestNameBytes)
            {
                break;
            }

            name.Append(next);
            i += isPair ? 1 : 0;
        }

        string trimmed = name.ToString().Trim(' ', '.');
        bool isDevice = _deviceNames.Contains(trimmed.Split('.')[0]);
        return trimmed.Length == 0 ? "presentation" : isDevice ? "_" + trimmed : trimmed;
    }

    /// <summary>E.g. <c>video_720p_3400k</c>, <c>audio_en_128k</c>; of letters, digits, '_', '-' and '.' only.</summary>
    public static string MakeRenditionName(Track track, long bitsPerSecond, ISet<string> taken)
    {
        (_, _, int width, int height) = RenditionFigures.GetSize(track);
        string what = track.Kind == TrackKind.Video ? $"{Math.Min(width, height)}p" : track.Language ?? string.Empty;
        long kilobits = (bitsPerSecond / 1000) + (bitsPerSecond % 1000 >= 500 ? 1 : 0);
        string rate = track.Kind == TrackKind.Text ? string.Empty : $"{kilobits}k";
        string kind = track.Kind == TrackKind.Text ? "imsc" : track.Kind.ToString().ToLowerInvariant();
        return MakeUnique([kind, MakePlain(what), rate], taken);
    }

    /// <summary>E.g. <c>text_en</c>; of the same letters.</summary>
    public static string MakeTextName(TextTrack track, ISet<string> taken) => MakeUnique(["text", MakePlain(track.Language ?? "")], taken);

    private static string MakeUnique(string[] parts, ISet<string> taken)
    {
        string name = string.Join("_", parts.Where(part => part.Length > 0));
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        return unique;
    }

    private static bool IsUnsafe(char c) => "/\\:*?\"<>|".IndexOf(c) >= 0 || char.IsControl(c) || char.IsSurrogate(c);

    private static string MakePlain(string text)
    {
        const int MaxLength = 40;
        return new string([.. text.Where(IsPlain).Take(MaxLength)]);

        static bool IsPlain(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-';
    }
}
