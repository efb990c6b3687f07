using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>An I-frame playlist (RFC 8216bis 4.4.3.6): header and first sample of each fragment that starts with a sync sample.</summary>
internal static class HlsIFramePlaylist
{
    /// <summary>False where segments are encrypted as a whole: a part of one cannot be decrypted.</summary>
    public static bool IsPossible(Rendition rendition) => rendition.SegmentProtection is null && rendition.Fragments.Any(fragment => fragment.IsSync);

    public static string Write(ManifestPlace place, Rendition rendition, HlsDates? dates)
    {
        List<IFrame> frames = [.. Frames(rendition)];
        var text = new StringBuilder();
        HlsMediaPlaylist.AppendHeader(text, frames.Max(frame => frame.Duration));
        text.Append("#EXT-X-I-FRAMES-ONLY\n");
        HlsMediaPlaylist.AppendMap(text, place, rendition);
        IFrame? firstEncrypted = frames.Where(frame => !frame.IsClear).Cast<IFrame?>().FirstOrDefault();
        Func<string, string> relative = place.References();
        foreach (IFrame frame in frames)
        {
            HlsMediaPlaylist.AppendDiscontinuity(text, frame.IsDiscontinuity);
            if (frame.IsDiscontinuity || frame == frames[0])
            {
                dates?.Append(text, rendition, frame.Start);
            }

            text.Append(frame == firstEncrypted ? HlsKeys.Of(rendition) : "");
            text.Append("#EXTINF:").Append(ManifestTime.ToSeconds(frame.Duration)).Append(",\n");
            text.AppendFormat(CultureInfo.InvariantCulture, "#EXT-X-BYTERANGE:{0}@{1}\n", frame.Length, frame.Offset);
            text.Append(relative(frame.Path)).Append('\n');
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>Greatest and mean bits a second of the I-frames alone, rounded up; a lone picture counts as a second.</summary>
    public static (long Peak, long Average) Bandwidth(Rendition rendition)
    {
        long peak = 0;
        long bytes = 0;
        long duration = 0;
        foreach (IFrame frame in Frames(rendition))
        {
            peak = Math.Max(peak, TimeMath.BitRate(frame.Length, frame.Duration, ManifestTime.Microseconds));
            bytes += frame.Length;
            duration += frame.Duration;
        }

        long average = TimeMath.BitRate(bytes, duration > 0 ? duration : ManifestTime.Microseconds, ManifestTime.Microseconds);
        return (Math.Max(peak, average), average);
    }

    private static IEnumerable<IFrame> Frames(Rendition rendition)
    {
        IReadOnlyList<Segment> segments = rendition.Segments;
        List<(int Segment, int Jumps, Fragment Fragment)> starts = [];
        int jumps = 0;
        for (int i = 0; i < segments.Count; i++)
        {
            jumps += segments[i].IsDiscontinuity ? 1 : 0;
            starts.AddRange(Enumerable.Range(segments[i].FirstFragment, segments[i].FragmentCount)
                .Select(fragment => rendition.Fragments[fragment])
                .Where(fragment => fragment.IsSync)
                .Select(fragment => (i, jumps, fragment)));
        }

        for (int i = 0; i < starts.Count; i++)
        {
            (int segment, int jump, Fragment fragment) = starts[i];
            bool isBeforeJump = i + 1 == starts.Count || starts[i + 1].Jumps != jump;
            long next = isBeforeJump ? EndOfStretch(segments, segment) : starts[i + 1].Fragment.Start;
            long duration = ManifestTime.Between(fragment.Start, Math.Max(fragment.Start, next), rendition.Track.Timescale);
            yield return new IFrame(
                segments[segment].Path, fragment.Start, fragment.Offset, fragment.HeaderLength + fragment.FirstSampleSize, duration, i > 0 && starts[i - 1].Jumps != jump,
                fragment.IsClear);
        }
    }

    /// <summary>Where media ends in front of the next jump, ticks.</summary>
    private static long EndOfStretch(IReadOnlyList<Segment> segments, int segment)
    {
        while (segment + 1 < segments.Count && !segments[segment + 1].IsDiscontinuity)
        {
            segment++;
        }

        return segments[segment].Start + segments[segment].Duration;
    }

    /// <param name="Start">Ticks of the rendition's timescale.</param>
    /// <param name="Duration">Microseconds to the next one.</param>
    private readonly record struct IFrame(string Path, long Start, long Offset, long Length, long Duration, bool IsDiscontinuity, bool IsClear);
}
