using System.Text;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>A media playlist of WebVTT segments (RFC 8216bis 3.1.4). Its target duration is its own: subtitles need not share that of the media.</summary>
internal static class HlsTextPlaylist
{
    public static string Write(string path, TextRendition rendition, HlsDates? dates)
    {
        var text = new StringBuilder();
        HlsMediaPlaylist.AppendHeader(text, rendition.Segments.Max(segment => segment.Duration));
        dates?.Append(text, 0);
        int jumps = 0;
        foreach (TextSegment segment in rendition.Segments)
        {
            HlsMediaPlaylist.AppendDiscontinuity(text, segment.IsDiscontinuity);
            if (segment.IsDiscontinuity)
            {
                dates?.Append(text, ++jumps);
            }

            text.Append("#EXTINF:").Append(ManifestTime.ToSeconds(segment.Duration)).Append(",\n");
            text.Append(ManifestUri.Relative(path, segment.Path)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }
}
