using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Events;

/// <summary>The events of a presentation on the time line of its manifests.</summary>
/// <param name="Origin">UTC at the presentation's start; 1970 where the source has no wall clock, since HLS cannot place an event without a date.</param>
public sealed record EventTimeline(DateTime Origin, IReadOnlyList<PlannedEvent> Events)
{
    /// <param name="shift">See <see cref="PackagingPlan.Shift"/>.</param>
    internal static EventTimeline Of(
        Presentation presentation, IReadOnlyList<Rendition> renditions, (long Value, uint Timescale) shift, ICollection<PackagingWarning> warnings)
    {
        PresentationSpan span = PresentationSpan.Of(renditions);
        long offset = TimeMath.Rescale(shift.Value, shift.Timescale, ManifestTime.Microseconds) - span.FineStart;
        List<PlannedEvent> events = [];
        foreach (TimedEvent source in presentation.Events)
        {
            long start = TimeMath.Rescale(source.Time, source.Timescale, ManifestTime.Microseconds) + offset;
            if (start >= 0 && start <= span.RecordedDuration)
            {
                long duration = Math.Max(0, TimeMath.Rescale(source.Duration, source.Timescale, ManifestTime.Microseconds));
                events.Add(new PlannedEvent(source, start, duration));
            }
        }

        if (events.Count < presentation.Events.Count)
        {
            warnings.Add(new PackagingWarning(
                "EventsOutsideMedia", $"{presentation.Events.Count - events.Count} of {presentation.Events.Count} events lie before or after the media and were left out."));
        }

        DateTime epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return new EventTimeline(epoch.AddTicks(presentation.WallClock == 0 ? 0 : presentation.WallClock - (offset * 10)), events);
    }
}

/// <param name="Start">Microseconds from the start of the recording.</param>
/// <param name="Duration">Microseconds; 0 where unknown.</param>
public sealed record PlannedEvent(TimedEvent Source, long Start, long Duration);
