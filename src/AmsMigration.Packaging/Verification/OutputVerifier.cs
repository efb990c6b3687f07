using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.InPlace;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Verification;

/// <summary>
/// Checks an output as it lies in its folder or container, as a player would: manifests, ranges, boxes, times; and with the source every sample,
/// bit for bit, at its time.
/// </summary>
public static class OutputVerifier
{
    /// <summary>Names of the presentations at the root of an output: its multivariant playlists and MPDs, without extension.</summary>
    public static async Task<IReadOnlyList<string>> FindPresentationsAsync(IAssetStore output, CancellationToken cancellation) =>
    [
        .. (await output.ListAsync(cancellation).ConfigureAwait(false))
            .Select(file => file.Path)
            .Where(path => path.IndexOf('/') < 0 && (path.EndsWith(".m3u8", StringComparison.Ordinal) || path.EndsWith(".mpd", StringComparison.Ordinal)))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Distinct(),
    ];

    /// <param name="manifestName">Name of the manifests without extension.</param>
    /// <param name="presentation">What it was made from; null where the source is not at hand.</param>
    /// <param name="source">Where the presentation's files lie, in the clear.</param>
    /// <param name="keys">
    /// For an output that is encrypted. Without them its samples are not compared, and segments that are encrypted as a whole are findings.
    /// </param>
    public static async Task<VerificationReport> VerifyAsync(
        IAssetStore output, string manifestName, Presentation? presentation, IAssetStore? source, CancellationToken cancellation,
        IReadOnlyList<ContentKey>? keys = null)
    {
        OutputFiles files = await OutputFiles.OpenAsync(output, cancellation).ConfigureAwait(false);
        var findings = new Findings();
        var reader = new RenditionReader(files, findings);
        List<CheckedRendition> renditions = [];
        try
        {
            var texts = new TextCheck(files, findings);
            var playlists = new PlaylistFiles(files, findings);
            var check = new PlaylistCheck(playlists, reader, new SegmentKeys(files, keys ?? []), findings);
            await CheckPlaylistsAsync(files, playlists, check, manifestName + ".m3u8", renditions, texts, findings, cancellation).ConfigureAwait(false);
            string mpdPath = manifestName + ".mpd";
            if (!check.HasEncryptedSegments || files.Contains(mpdPath))
            {
                IReadOnlyList<DashText> textFiles = await new DashCheck(files, reader, findings, mpdPath).CheckAsync(renditions, cancellation).ConfigureAwait(false);
                await texts.CheckFilesAsync(mpdPath, textFiles, cancellation).ConfigureAwait(false);
            }

            long compared = presentation is null
                ? 0
                : await CompareAsync(presentation, source!, manifestName, renditions, texts, findings, keys ?? [], cancellation).ConfigureAwait(false);
            return new VerificationReport
            {
                ManifestName = manifestName,
                Findings = findings.All,
                Renditions = renditions.Count + texts.Count,
                SamplesCompared = compared,
            };
        }
        finally
        {
            renditions.ForEach(rendition => rendition.Dispose());
        }
    }

    private static async Task CheckPlaylistsAsync(
        OutputFiles files, PlaylistFiles playlists, PlaylistCheck check, string masterPath, List<CheckedRendition> renditions, TextCheck texts,
        Findings findings, CancellationToken cancellation)
    {
        if (await playlists.ReadAsync(masterPath, cancellation).ConfigureAwait(false) is not HlsPlaylist master)
        {
            return;
        }

        texts.ClosedCaptions = master.ClosedCaptions;
        if (master.Playlists.Count == 0)
        {
            findings.Add("IncompletePlaylist", masterPath, "it names no media playlist");
        }

        foreach (string path in master.Playlists.Select(uri => playlists.Locate(masterPath, uri)).OfType<string>().Distinct())
        {
            if (await check.CheckAsync(path, cancellation).ConfigureAwait(false) is CheckedRendition rendition)
            {
                renditions.Add(rendition);
            }
        }

        var frames = new IFrameCheck(files, playlists, findings);
        foreach (string path in master.IFramePlaylists.Select(uri => playlists.Locate(masterPath, uri)).OfType<string>())
        {
            await frames.CheckAsync(path, renditions, cancellation).ConfigureAwait(false);
        }

        foreach (string path in master.ImagePlaylists.Select(uri => playlists.Locate(masterPath, uri)).OfType<string>())
        {
            HlsPlaylist? images = await playlists.ReadAsync(path, cancellation).ConfigureAwait(false);
            images?.Segments.ForEach(image => playlists.Locate(path, image));
        }

        await texts.CheckPlaylistsAsync(playlists, masterPath, master.TextPlaylists, renditions, cancellation).ConfigureAwait(false);
        if (renditions.Select(r => r.Playlist!.TargetDuration).Distinct().Count() > 1)
        {
            findings.Add("TargetDurationsDiffer", masterPath, "its media playlists have different target durations (RFC 8216bis 6.2.4)");
        }
    }

    /// <summary>The plan of the source says which rendition each track became: names do not depend on the options.</summary>
    private static async Task<long> CompareAsync(
        Presentation presentation, IAssetStore source, string manifestName, List<CheckedRendition> renditions, TextCheck texts, Findings findings,
        IReadOnlyList<ContentKey> keys, CancellationToken cancellation)
    {
        presentation = await PresentationContent.ReadAsync(source, presentation, cancellation).ConfigureAwait(false);
        var options = new PackagingOptions { ManifestName = manifestName };
        bool isInPlace = renditions.Exists(rendition => rendition.IsInPlace);
        PackagingPlan recorded = isInPlace
            ? await InPlacePlanner.PlanAsync(source, presentation, options, GapHandling.Discontinuity, cancellation).ConfigureAwait(false)
            : PackagingPlanner.Plan(presentation, options);

        // Samples are compared as they were recorded; what fills gaps counts for names, and jumps move text.
        GapHandling handling = renditions.Exists(rendition => rendition.HasJumps) ? GapHandling.Discontinuity : GapHandling.Fill;
        PackagingPlan made = isInPlace ? recorded : PackagingPlanner.Plan(GapHandler.Apply(presentation, handling), options);
        texts.Compare(made, manifestName + ".m3u8");
        List<CheckedRendition> left = [.. renditions];
        long compared = 0;
        for (int i = 0; i < made.Renditions.Count; i++)
        {
            Rendition expected = made.Renditions[i].Track.Kind == TrackKind.Text ? made.Renditions[i] : recorded.Renditions[i];
            string file = $"{made.ManifestName}/{made.Renditions[i].Name}";
            if (left.Find(rendition => NameOf(rendition) == file) is not CheckedRendition output)
            {
                findings.Add("MissingRendition", file, $"'{expected.Track.SourceFile}' track {expected.Track.SourceTrackId} is not in the output");
                continue;
            }

            left.Remove(output);
            long shift = TimeMath.Rescale(made.Shift.Value, made.Shift.Timescale, expected.Track.Timescale);
            compared += await SampleComparer.CompareAsync(expected.Track, source, presentation.Files, output, shift, findings, keys, cancellation).ConfigureAwait(false);
        }

        foreach (CheckedRendition rendition in left)
        {
            findings.Add("ExtraRendition", rendition.Manifest, $"the source has no track that '{rendition.Parts[0].Path}' could be made from");
        }

        return compared;
    }

    /// <summary>Folder and name of a rendition in both layouts.</summary>
    private static string NameOf(CheckedRendition rendition)
    {
        string path = rendition.Parts[0].Path;
        string end = path.EndsWith("/init.mp4", StringComparison.Ordinal) ? "/init.mp4" : Path.GetExtension(path);
        return path.Substring(0, path.Length - end.Length);
    }
}
