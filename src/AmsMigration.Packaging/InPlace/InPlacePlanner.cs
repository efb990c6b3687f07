using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.InPlace;

/// <summary>
/// Plans what lets players play a live archive of CMAF fragments where it lies: an initialization segment for each track, text, playlists and an MPD.
/// Media stays in its blobs, which become the segments.
/// </summary>
public static class InPlacePlanner
{
    /// <summary>Code of every refusal.</summary>
    public const string Refused = NotPlayable.Code;

    /// <summary>What is written lies in a folder of the manifests' name, and the manifests beside it; segments are the archive's own blobs.</summary>
    /// <param name="store">The archive; the heads of its blobs are read.</param>
    /// <param name="presentation">The archive's, with the content of its text.</param>
    /// <param name="options">Segments and layout are what the archive has.</param>
    /// <exception cref="PackagingException"><c>NotPlayableInPlace</c>: says which track and fragment, and why; what the store throws.</exception>
    public static async Task<PackagingPlan> PlanAsync(
        IAssetStore store, Presentation presentation, PackagingOptions options, GapHandling handling, CancellationToken cancellation)
    {
        List<PackagingWarning> warnings = [.. presentation.Warnings];
        var reader = new PlayableTrackReader(store, presentation.Files);
        List<PlayableTrack> read = [];
        foreach (Track track in presentation.Tracks)
        {
            read.Add(await reader.ReadAsync(track, cancellation).ConfigureAwait(false));
        }

        (List<PlayableTrack> tracks, long origin, uint timescale) = PlayableTimes.Align(read, handling, warnings);
        return Plan(presentation with { Tracks = [.. tracks.Select(track => track.Track)] }, tracks, (origin, timescale), options, warnings);
    }

    private static PackagingPlan Plan(
        Presentation presentation, List<PlayableTrack> tracks, (long Value, uint Timescale) shift, PackagingOptions options, List<PackagingWarning> warnings)
    {
        string manifestName = PackagingPlanner.MakeManifestName(options.ManifestName ?? presentation.Name, warnings);
        List<TrackTimeline> timelines = PackagingPlanner.MakeTimelines(presentation, warnings);
        timelines.ForEach(timeline => timeline.SetShift(shift));
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        List<Rendition> renditions = [];
        foreach (TrackTimeline timeline in timelines)
        {
            PlayableTrack track = tracks.Find(t => t.Track == timeline.Track)!;
            renditions.Add(ToRendition(track, timeline, $"{manifestName}/{PackagingPlanner.MakeRenditionName(timeline, names)}"));
        }

        foreach (TrackTimeline timeline in PackagingPlanner.MakeTextTimelines(presentation, timelines, shift))
        {
            renditions.Add(RenditionPlanner.Plan(
                timeline, PackagingPlanner.WithJumps(timeline, [0]), PackagingPlanner.MakeRenditionName(timeline, names), manifestName, OutputLayout.SingleFile,
                PresentationProtection.None, warnings));
        }

        return PackagingPlanner.Finish(
            presentation, options with { Layout = OutputLayout.SingleFile }, manifestName, shift, renditions, names, warnings);
    }

    /// <param name="folder">Of the initialization segment; its last part names the rendition.</param>
    private static Rendition ToRendition(PlayableTrack playable, TrackTimeline timeline, string folder)
    {
        Track track = playable.Track;
        (int width, int height, int displayWidth, int displayHeight) = RenditionFigures.GetSize(track);
        long start = playable.Start;
        byte[] header = new CmafHeader
        {
            Track = track,
            TrackId = playable.TrackId,
            Defaults = playable.Defaults,
            Priming = 0,
            End = timeline.End - start,
            IsCmf2 = false,
            Width = width,
            Height = height,
        }.ToBytes();
        string contentType = track.Kind == TrackKind.Video ? ContentTypes.Mp4Video : ContentTypes.Mp4Audio;
        Segment[] segments = MakeSegments(playable, timeline);
        return new Rendition
        {
            Track = track,
            Name = folder.Substring(folder.LastIndexOf('/') + 1),
            InitPath = $"{folder}/init.mp4",
            InitLength = header.Length,
            IndexLength = 0,
            Segments = segments,
            Fragments = [.. playable.Blobs.SelectMany(blob => blob.Fragments)],
            Files = [ManifestFile.FromBytes($"{folder}/init.mp4", contentType, header)],
            Duration = segments.Sum(segment => segment.Duration),
            PeakBandwidth = RenditionFigures.GetPeakBandwidth(segments, track.Timescale),
            AverageBandwidth = RenditionFigures.GetAverageBandwidth(segments, track.Timescale),
            FrameRate = track.Kind == TrackKind.Video ? RenditionFigures.GetFrameRate(track.Samples, track.Timescale) : (0, 1),
            DisplayWidth = displayWidth,
            DisplayHeight = displayHeight,
        };
    }

    private static Segment[] MakeSegments(PlayableTrack playable, TrackTimeline timeline)
    {
        HashSet<int> jumps = [.. playable.Track.Discontinuities];
        var segments = new Segment[playable.Blobs.Count];
        int fragment = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            PlayableBlob blob = playable.Blobs[i];
            long next = i + 1 < segments.Length ? playable.Blobs[i + 1].Start : timeline.End;
            int nextSample = i + 1 < segments.Length ? playable.Blobs[i + 1].Fragments[0].FirstSample : -1;
            if (next <= blob.Start)
            {
                throw NotPlayable.Because("nothing of it is presented before the fragment behind it begins", blob.Path);
            }

            long gap = jumps.Contains(nextSample) ? Math.Max(0, next - Math.Max(blob.Start, timeline.EndBefore(nextSample))) : 0;
            segments[i] = new Segment(blob.Path, 0, blob.Length, blob.Start, next - blob.Start - gap, fragment, blob.Fragments.Count)
            {
                IsDiscontinuity = jumps.Contains(blob.Fragments[0].FirstSample),
                Gap = gap,
            };
            fragment += blob.Fragments.Count;
        }

        return segments;
    }
}
