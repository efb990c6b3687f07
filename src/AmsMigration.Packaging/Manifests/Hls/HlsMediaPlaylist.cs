using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>A media playlist (RFC 8216bis 4.4.3).</summary>
internal static class HlsMediaPlaylist
{
    /// <summary>
    /// Whole seconds; the same for all media playlists of a presentation but subtitles (RFC 8216bis 6.2.4), which must not raise it either.
    /// </summary>
    public static long TargetDuration(IEnumerable<Rendition> renditions)
    {
        IEnumerable<long> durations = renditions
            .Where(rendition => rendition.Track.Kind != TrackKind.Text)
            .SelectMany(rendition => rendition.Segments.Select(segment => ManifestTime.ToNearestSecond(Length(rendition, segment))));
        return Math.Max(1, durations.DefaultIfEmpty(1).Max());
    }

    public static string Write(string path, Rendition rendition, long targetDuration)
    {
        var text = new StringBuilder();
        text.Append("#EXTM3U\n#EXT-X-VERSION:7\n");
        text.AppendFormat(CultureInfo.InvariantCulture, "#EXT-X-TARGETDURATION:{0}\n", targetDuration);
        text.Append("#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n");
        text.Append(Map(path, rendition));
        foreach (Segment segment in rendition.Segments)
        {
            text.Append("#EXTINF:").Append(ManifestTime.ToSeconds(Length(rendition, segment))).Append(",\n");
            if (segment.Path == rendition.InitPath)
            {
                text.AppendFormat(CultureInfo.InvariantCulture, "#EXT-X-BYTERANGE:{0}@{1}\n", segment.Length, segment.Offset);
            }

            text.Append(ManifestUri.Relative(path, segment.Path)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>EXT-X-MAP (RFC 8216bis 4.4.4.5); a range where the file holds more than the initialization segment.</summary>
    public static string Map(string path, Rendition rendition)
    {
        string uri = ManifestUri.Relative(path, rendition.InitPath);
        return rendition.Segments.Any(segment => segment.Path == rendition.InitPath)
            ? string.Format(CultureInfo.InvariantCulture, "#EXT-X-MAP:URI=\"{0}\",BYTERANGE=\"{1}@0\"\n", uri, rendition.InitLength)
            : $"#EXT-X-MAP:URI=\"{uri}\"\n";
    }

    private static long Length(Rendition rendition, Segment segment) =>
        ManifestTime.Between(segment.Start, segment.Start + segment.Duration, rendition.Track.Timescale);
}
