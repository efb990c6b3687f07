using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Packaging.Planning;

/// <summary>
/// From tracks to every file of the output: CMAF track files (ISO/IEC 23000-19) with HLS and DASH manifests. A pure function: no media
/// byte is read.
/// </summary>
public static class PackagingPlanner
{
    private const uint Milliseconds = 1000;

    private static readonly TimeSpan _longestSegment = TimeSpan.FromDays(1000);

    /// <summary>
    /// Media lie in a folder of the manifests' name: <c>NAME/RENDITION.mp4</c>, or <c>NAME/RENDITION/init.mp4</c> and
    /// <c>NAME/RENDITION/1.m4s</c>
    /// and so on. The plan's warnings begin with those of the presentation.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The wanted segment duration is not positive.</exception>
    /// <exception cref="PackagingException">
    /// <c>NothingToPackage</c>, <c>InvalidTimescale</c>, <c>TimeOutOfRange</c>, <c>SampleOutsideFile</c>,
    /// <c>CompositionOffsetTooLarge</c>, <c>FragmentTooLarge</c>.
    /// </exception>
    /// <param name="protection">Prepared for this very presentation; null where nothing is encrypted.</param>
    public static PackagingPlan Plan(Presentation presentation, PackagingOptions options, PresentationProtection? protection = null)
    {
        protection ??= PresentationProtection.None;
        if (protection.Options.Scheme == ProtectionScheme.Aes128 && options.Layout != OutputLayout.Segmented)
        {
            throw new PackagingException("ProtectionNotPossible", "whole segments can be encrypted only where each is a file (-Layout Segmented)");
        }

        if (options.SegmentDuration <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.SegmentDuration, "The segment duration must be positive.");
        }

        List<PackagingWarning> warnings = [.. presentation.Warnings];
        string manifestName = MakeManifestName(options.ManifestName ?? presentation.Name, warnings);
        List<TrackTimeline> timelines = MakeTimelines(presentation, warnings);
        (long Value, uint Timescale) shift = PresentationShift.Find(timelines, warnings);
        timelines.ForEach(timeline => timeline.SetShift(shift));
        timelines.AddRange(MakeTextTimelines(presentation, timelines, shift));
        List<int>[] starts = CutSegments(timelines, options, warnings);
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        Rendition[] renditions =
        [
            .. timelines.Select((timeline, i) => RenditionPlanner.Plan(
                timeline, starts[i], MakeRenditionName(timeline, names), manifestName, options.Layout, protection, warnings)),
        ];
        return Finish(presentation, options, manifestName, shift, renditions, names, warnings);
    }

    /// <summary>Adds what goes by the renditions' times: texts, events, manifests.</summary>
    /// <param name="names">Those that are taken.</param>
    internal static PackagingPlan Finish(
        Presentation presentation, PackagingOptions options, string manifestName, (long Value, uint Timescale) shift, IReadOnlyList<Rendition> renditions,
        HashSet<string> names, List<PackagingWarning> warnings)
    {
        TextRendition[] texts = TextPlanner.Plan(presentation.Texts, renditions, shift, manifestName, options.Layout, names, warnings);
        EventTimeline events = EventTimeline.Of(presentation, renditions, shift, warnings);
        return new PackagingPlan
        {
            Presentation = presentation,
            Options = options,
            ManifestName = manifestName,
            Shift = shift,
            Renditions = renditions,
            Texts = texts,
            Events = events,
            Manifests = ManifestWriter.Write(manifestName, renditions, texts, presentation.Thumbnails, events),
            Warnings = warnings,
        };
    }

    internal static string MakeManifestName(string wanted, List<PackagingWarning> warnings)
    {
        string name = OutputNames.MakeManifestName(wanted);
        if (name != wanted)
        {
            warnings.Add(new PackagingWarning("NameChanged", $"The name '{wanted}' is not safe for files; '{name}' is used."));
        }

        return name;
    }

    internal static List<TrackTimeline> MakeTimelines(Presentation presentation, List<PackagingWarning> warnings)
    {
        List<TrackTimeline> timelines = [];
        foreach (Track track in presentation.Tracks)
        {
            string? refusal = track.Descriptions.Select(d => d.Codec.Refusal).FirstOrDefault(r => r is not null);
            string? fault = track.Samples.Count == 0 ? "It has no samples." : refusal;
            if (fault is null)
            {
                timelines.Add(new TrackTimeline(track, presentation.Files));
                continue;
            }

            string message = $"Track {track.SourceTrackId} ({track.Name}) was left out. {fault}";
            warnings.Add(new PackagingWarning("TrackLeftOut", message, track.SourceFile));
        }

        return timelines.Count > 0
            ? timelines
            : throw new PackagingException("NothingToPackage", $"'{presentation.Name}' has no track that could be packaged.");
    }

    /// <summary>TTML in MP4, cut where the media makes jumps.</summary>
    internal static List<TrackTimeline> MakeTextTimelines(Presentation presentation, List<TrackTimeline> media, (long Value, uint Timescale) shift)
    {
        long offset = TimeMath.Rescale(shift.Value, shift.Timescale, Milliseconds);
        long end = media.Max(timeline => TimeMath.Rescale(timeline.End, timeline.Timescale, Milliseconds)) - offset;
        List<TrackTimeline> timelines =
        [
            .. ImscTracks.Of(presentation.Texts, shift, end, [.. FindHoles(media).Select(hole => (hole.Start - offset, hole.End - offset))])
                .Select(track => new TrackTimeline(track, presentation.Files)),
        ];
        timelines.ForEach(timeline => timeline.SetShift(shift));
        return timelines;
    }

    /// <summary>First samples of each track's segments.</summary>
    private static List<int>[] CutSegments(List<TrackTimeline> timelines, PackagingOptions options, List<PackagingWarning> warnings)
    {
        long wanted = Math.Min(options.SegmentDuration.Ticks, _longestSegment.Ticks);
        while (true)
        {
            List<PackagingWarning> cutWarnings = [];
            IReadOnlyList<long>[] cuts = SegmentCutter.Cut(timelines, wanted, cutWarnings);
            List<int>[] starts = [.. timelines.Select((timeline, i) => WithJumps(timeline, SegmentStarts.Find(timeline, cuts[i], wanted)))];
            if (options.Layout == OutputLayout.Segmented || starts.Max(s => s.Count) <= CmafIndex.MaxReferences)
            {
                warnings.AddRange(cutWarnings);
                return starts;
            }

            wanted *= 2;
            warnings.Add(new PackagingWarning(
                "SegmentsLengthened",
                $"More than {CmafIndex.MaxReferences} segments do not fit the index of a file; they were made {TimeSpan.FromTicks(wanted)} long."));
        }
    }

    /// <summary>What all media jumps over, milliseconds on the output's time line.</summary>
    private static IEnumerable<(long Start, long End)> FindHoles(List<TrackTimeline> media) =>
        Enumerable.Range(0, media.Min(timeline => timeline.Track.Discontinuities.Count)).Select(i => (
            media.Max(timeline => TimeMath.Rescale(timeline.EndBefore(timeline.Track.Discontinuities[i]), timeline.Timescale, Milliseconds)),
            media.Min(timeline => TimeMath.Rescale(timeline.StartAt(timeline.Track.Discontinuities[i]), timeline.Timescale, Milliseconds))));

    internal static List<int> WithJumps(TrackTimeline timeline, List<int> starts) =>
        timeline.Track.Discontinuities.Count == 0 ? starts : [.. starts.Union(timeline.Track.Discontinuities).OrderBy(start => start)];

    internal static string MakeRenditionName(TrackTimeline timeline, ISet<string> taken)
    {
        Track track = timeline.Track;
        long bitRate = TimeMath.BitRate(track.Samples.TotalBytes, timeline.End - timeline.Start, timeline.Timescale);
        return OutputNames.MakeRenditionName(track, track.NominalBitrate > 0 ? track.NominalBitrate : bitRate, taken);
    }
}
