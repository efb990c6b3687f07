using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>Splices as EXT-X-DATERANGE (RFC 8216bis 4.4.5.1).</summary>
internal static class HlsDateRanges
{
    private const uint SpliceTimescale = 90_000;

    public static bool IsNeeded(EventTimeline timeline) => timeline.Events.Any(planned => SpliceInfo.Read(planned.Source.Message) is not null);

    /// <param name="toDate">Of microseconds from the presentation's start.</param>
    public static void Append(StringBuilder text, EventTimeline timeline, Func<long, string> toDate)
    {
        var breaks = new Dictionary<uint, (string Id, long Start)>();
        int number = 0;
        foreach (PlannedEvent planned in timeline.Events)
        {
            if (SpliceInfo.Read(planned.Source.Message) is not SpliceInfo splice)
            {
                continue;
            }

            string id = string.Format(CultureInfo.InvariantCulture, "splice-{0}-{1}", splice.EventId ?? planned.Source.Id ?? 0, ++number);
            bool ends = splice is { Kind: SpliceKind.In, EventId: uint } && breaks.ContainsKey(splice.EventId.Value);
            (string rangeId, long start) = ends ? breaks[splice.EventId!.Value] : (id, planned.Start);
            HlsAttributes attributes = new HlsAttributes().Quoted("ID", rangeId).Quoted("START-DATE", toDate(start));
            if (ends)
            {
                attributes.Add("DURATION", ManifestTime.ToSeconds(planned.Start - start));
                breaks.Remove(splice.EventId!.Value);
            }
            else if (PlannedDuration(planned, splice) is long duration)
            {
                attributes.Add("PLANNED-DURATION", ManifestTime.ToSeconds(duration));
            }

            string name = splice.Kind == SpliceKind.Out ? "SCTE35-OUT" : ends ? "SCTE35-IN" : "SCTE35-CMD";
            attributes.Add(name, "0x" + BitConverter.ToString(planned.Source.Message).Replace("-", ""));
            text.Append("#EXT-X-DATERANGE:").Append(attributes).Append('\n');
            if (splice is { Kind: SpliceKind.Out, EventId: uint opened })
            {
                breaks[opened] = (rangeId, planned.Start);
            }
        }
    }

    private static long? PlannedDuration(PlannedEvent planned, SpliceInfo splice) =>
        splice.Duration is long ticks ? TimeMath.Rescale(ticks, SpliceTimescale, ManifestTime.Microseconds)
            : planned.Duration > 0 ? planned.Duration
            : null;
}
