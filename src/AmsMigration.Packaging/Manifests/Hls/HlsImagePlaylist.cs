using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>An image playlist of thumbnails: the extension that Roku and others agreed on (EXT-X-IMAGE-STREAM-INF, EXT-X-TILES).</summary>
internal static class HlsImagePlaylist
{
    /// <param name="duration">Microseconds of the presentation.</param>
    public static string Write(string path, ThumbnailTrack track, long duration, HlsDates? dates)
    {
        var text = new StringBuilder();
        long grid = track.GridDuration * 1000;
        long longest = track.Images.Count == 1 ? duration : grid;
        HlsMediaPlaylist.AppendHeader(text, longest);
        text.Append("#EXT-X-IMAGES-ONLY\n");
        dates?.Append(text, 0);
        for (int i = 0; i < track.Images.Count; i++)
        {
            bool isLast = i == track.Images.Count - 1;
            text.Append("#EXTINF:").Append(ManifestTime.ToSeconds(isLast ? Math.Min(longest, Math.Max(duration - (i * grid), 1)) : grid)).Append(",\n");
            text.Append("#EXT-X-TILES:").Append(new HlsAttributes()
                .Add("RESOLUTION", Size(track.TileWidth, track.TileHeight))
                .Add("LAYOUT", Size(track.Columns, track.Rows))
                .Add("DURATION", ManifestTime.ToSeconds(track.TileDuration * 1000))).Append('\n');
            text.Append(ManifestUri.Relative(path, track.Images[i].Path)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    public static HlsAttributes Attributes(ThumbnailTrack track, string uri) => new HlsAttributes()
        .Number("BANDWIDTH", Math.Max(1, TimeMath.BitRate(track.Images.Max(image => image.Length), track.GridDuration, 1000)))
        .Add("RESOLUTION", Size(track.TileWidth, track.TileHeight))
        .Quoted("CODECS", "jpeg")
        .Quoted("URI", uri);

    private static string Size(int width, int height) => string.Format(CultureInfo.InvariantCulture, "{0}x{1}", width, height);
}
