using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>An I-frame playlist (RFC 8216bis 4.4.3.6): each fragment that starts with a sync sample, header and that sample only.</summary>
internal static class HlsIFramePlaylist
{
    public static bool IsPossible(Rendition rendition) => rendition.Fragments.Any(fragment => fragment.IsSync);

    public static string Write(string path, Rendition rendition)
    {
        List<IFrame> frames = [.. Frames(rendition)];
        var text = new StringBuilder();
        text.Append("#EXTM3U\n#EXT-X-VERSION:7\n");
        text.AppendFormat(
            CultureInfo.InvariantCulture, "#EXT-X-TARGETDURATION:{0}\n", Math.Max(1, frames.Max(frame => ManifestTime.ToNearestSecond(frame.Duration))));
        text.Append("#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-I-FRAMES-ONLY\n");
        text.Append(HlsMediaPlaylist.Map(path, rendition));
        foreach (IFrame frame in frames)
        {
            text.Append("#EXTINF:").Append(ManifestTime.ToSeconds(frame.Duration)).Append(",\n");
            text.AppendFormat(CultureInfo.InvariantCulture, "#EXT-X-BYTERANGE:{0}@{1}\n", frame.Length, frame.Offset);
            text.Append(ManifestUri.Relative(path, frame.Path)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>Greatest and mean bit rate of the I-frames alone, bits a second, rounded up.</summary>
    public static (long Peak, long Average) Bandwidth(Rendition rendition)
    {
        long peak = 0;
        long bytes = 0;
        long microseconds = 0;
        foreach (IFrame frame in Frames(rendition))
        {
            peak = Math.Max(peak, TimeMath.BitRate(frame.Length, frame.Duration, 1_000_000));
            bytes += frame.Length;
            microseconds += frame.Duration;
        }

        return (peak, TimeMath.BitRate(bytes, microseconds, 1_000_000));
    }

    private static IEnumerable<IFrame> Frames(Rendition rendition)
    {
        uint timescale = rendition.Track.Timescale;
        Segment last = rendition.Segments[rendition.Segments.Count - 1];
        long end = last.Start + last.Duration;
        List<(string Path, Fragment Fragment)> fragments =
        [
            .. rendition.Segments.SelectMany(segment => Enumerable.Range(segment.FirstFragment, segment.FragmentCount)
                .Select(i => (segment.Path, rendition.Fragments[i])).Where(entry => entry.Item2.IsSync)),
        ];
        for (int i = 0; i < fragments.Count; i++)
        {
            (string path, Fragment fragment) = fragments[i];
            long next = i + 1 < fragments.Count ? fragments[i + 1].Fragment.Start : end;
            yield return new IFrame(
                path, fragment.Offset, fragment.HeaderLength + fragment.FirstSampleSize, ManifestTime.Between(fragment.Start, Math.Max(fragment.Start, next), timescale));
        }
    }

    /// <param name="Duration">Microseconds to the next one.</param>
    private readonly record struct IFrame(string Path, long Offset, long Length, long Duration);
}
