using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>A media playlist (RFC 8216bis 4.4.3).</summary>
internal static class HlsMediaPlaylist
{
    /// <summary>False for TTML in MP4, which is for DASH: HLS has the same text as WebVTT, which all of its players know.</summary>
    public static bool IsPossible(Rendition rendition) => rendition.Track.Kind != TrackKind.Text;

    /// <param name="longest">Microseconds that the target duration must allow for; see <see cref="LongestSegment"/>.</param>
    public static string Write(ManifestPlace place, Rendition rendition, long longest, HlsDates? dates = null)
    {
        var text = new StringBuilder();
        AppendHeader(text, longest);
        AppendMap(text, place, rendition);
        Func<string, string> relative = place.References();
        dates?.AppendRanges(text);
        Segment? firstEncrypted = rendition.Segments.FirstOrDefault(segment => !segment.IsClear);
        foreach (Segment segment in rendition.Segments)
        {
            AppendDiscontinuity(text, segment.IsDiscontinuity);
            if (segment.IsDiscontinuity || segment == rendition.Segments[0])
            {
                dates?.Append(text, rendition, segment.Start);
            }

            // Behind EXT-X-MAP: the initialization segment is not encrypted.
            text.Append(segment == firstEncrypted ? HlsKeys.Of(rendition) : "");
            text.Append("#EXTINF:").Append(ManifestTime.ToSeconds(Duration(rendition, segment))).Append(",\n");
            if (segment.Path == rendition.InitPath)
            {
                text.AppendFormat(CultureInfo.InvariantCulture, "#EXT-X-BYTERANGE:{0}@{1}\n", segment.Length, segment.Offset);
            }

            text.Append(relative(segment.Path)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>
    /// Microseconds. Audio and video playlists of a presentation have one target duration (RFC 8216bis 6.2.4); subtitles need not share it.
    /// </summary>
    public static long LongestSegment(IEnumerable<Rendition> renditions) =>
        renditions.SelectMany(rendition => rendition.Segments.Select(segment => Duration(rendition, segment))).DefaultIfEmpty(0).Max();

    /// <param name="longest">
    /// Microseconds; to the nearest second it is the target duration (RFC 8216bis 4.4.3.1), which players want to be over 0.
    /// </param>
    public static void AppendHeader(StringBuilder text, long longest) => text.AppendFormat(
        CultureInfo.InvariantCulture,
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{0}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n",
        Math.Max(1, ManifestTime.ToNearestSecond(longest)));

    /// <summary>
    /// EXT-X-DISCONTINUITY (RFC 8216bis 4.4.4.3): what is played goes on at once, whatever the media's time line does.
    /// </summary>
    public static void AppendDiscontinuity(StringBuilder text, bool isDiscontinuity) => text.Append(isDiscontinuity ? "#EXT-X-DISCONTINUITY\n" : "");

    /// <summary>EXT-X-MAP (RFC 8216bis 4.4.4.5); a range where the file holds more than the initialization segment.</summary>
    public static void AppendMap(StringBuilder text, ManifestPlace place, Rendition rendition)
    {
        var map = new HlsAttributes().Quoted("URI", place.Reference(rendition.InitPath));
        if (rendition.Segments[0].Path == rendition.InitPath)
        {
            map.Quoted("BYTERANGE", string.Format(CultureInfo.InvariantCulture, "{0}@0", rendition.InitLength));
        }

        text.Append("#EXT-X-MAP:").Append(map).Append('\n');
    }

    private static long Duration(Rendition rendition, Segment segment) =>
        ManifestTime.Between(segment.Start, segment.Start + segment.Duration, rendition.Track.Timescale);
}
