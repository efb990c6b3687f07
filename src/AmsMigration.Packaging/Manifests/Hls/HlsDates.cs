using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>
/// EXT-X-PROGRAM-DATE-TIME (RFC 8216bis 4.4.4.6): in all playlists of a presentation, or in none (6.2.4). They are there for two reasons. EXT-X-DATERANGE
/// needs them. And shaka-player, which by default puts each playlist's media at the start whatever its time stamps say, keeps sound and picture that do not
/// begin together apart by their dates alone.
/// </summary>
internal sealed class HlsDates
{
    /// <summary>
    /// Microseconds that count as the same time, as sound may be early without anybody minding (ITU-R BT.1359-1), and more than an encoder's delay.
    /// shaka-player does not come to the end of playlists whose dates differ: they are not to differ for less.
    /// </summary>
    private const long Tolerance = 90_000;

    private readonly EventTimeline _timeline;
    private readonly long _start;
    private readonly IReadOnlyList<Stretch> _stretches;
    private readonly long[] _guide;

    private HlsDates(EventTimeline timeline, PresentationSpan span, Rendition guide)
    {
        (_timeline, _start, _stretches) = (timeline, span.FineStart, span.Stretches);
        _guide = [.. span.Stretches.Select(stretch => TimeOf(guide, guide.Segments[stretch.PartOf(guide).First].Start))];
    }

    /// <returns>Null where no playlist needs them.</returns>
    public static HlsDates? Of(EventTimeline timeline, IReadOnlyList<Rendition> renditions)
    {
        Rendition[] listed = [.. renditions.Where(HlsMediaPlaylist.IsPossible)];
        if (listed.Length == 0)
        {
            return null;
        }

        Rendition guide = listed.FirstOrDefault(rendition => rendition.Track.Kind == TrackKind.Video) ?? listed[0];
        var dates = new HlsDates(timeline, PresentationSpan.Of(renditions), guide);
        return HlsDateRanges.IsNeeded(timeline) || !listed.All(dates.GoesByGuide) ? dates : null;
    }

    /// <summary>Splices of the whole presentation, in front of a playlist's first segment.</summary>
    public void AppendRanges(StringBuilder text) => HlsDateRanges.Append(text, _timeline, ToDate);

    /// <param name="start">Of a playlist's first segment, or of the first one behind a jump; ticks of the rendition's timescale.</param>
    public void Append(StringBuilder text, Rendition rendition, long start) => Append(text, TimeOf(rendition, start));

    /// <summary>For what is as long as the presentation, and makes its jumps.</summary>
    public void Append(StringBuilder text, int stretch) => Append(text, _stretches[stretch].RecordedStart);

    private void Append(StringBuilder text, long time)
    {
        long nearest = _guide.OrderBy(guide => Math.Abs(guide - time)).First();
        text.Append("#EXT-X-PROGRAM-DATE-TIME:").Append(ToDate(IsSame(nearest, time) ? nearest : time)).Append('\n');
    }

    private bool GoesByGuide(Rendition rendition) => _stretches.All(stretch =>
        stretch.PartOf(rendition) is var (first, count) && count > 0 && IsSame(TimeOf(rendition, rendition.Segments[first].Start), _guide[stretch.Index]));

    private static bool IsSame(long a, long b) => Math.Abs(a - b) <= Tolerance;

    /// <summary>Microseconds from the presentation's start.</summary>
    private long TimeOf(Rendition rendition, long ticks) => TimeMath.Rescale(ticks, rendition.Track.Timescale, ManifestTime.Microseconds) - _start;

    /// <summary>To the nearest millisecond.</summary>
    private string ToDate(long microseconds) =>
        _timeline.Origin.AddTicks((microseconds + 500) * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
