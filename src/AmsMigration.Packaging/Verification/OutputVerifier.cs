using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
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
    /// <param name="source">Where the presentation's files lie.</param>
    public static async Task<VerificationReport> VerifyAsync(
        IAssetStore output, string manifestName, Presentation? presentation, IAssetStore? source, CancellationToken cancellation)
    {
        OutputFiles files = await OutputFiles.OpenAsync(output, cancellation).ConfigureAwait(false);
        var findings = new Findings();
        List<CheckedRendition> renditions = await CheckPlaylistsAsync(files, manifestName + ".m3u8", findings, cancellation).ConfigureAwait(false);
        try
        {
            await new DashCheck(files, findings, manifestName + ".mpd").CheckAsync(renditions, cancellation).ConfigureAwait(false);
            long compared = presentation is null
                ? 0
                : await CompareAsync(presentation, source!, manifestName, renditions, findings, cancellation).ConfigureAwait(false);
            return new VerificationReport
            {
                ManifestName = manifestName,
                Findings = findings.All,
                Renditions = renditions.Count,
                SamplesCompared = compared,
            };
        }
        finally
        {
            renditions.ForEach(rendition => rendition.Dispose());
        }
    }

    private static async Task<List<CheckedRendition>> CheckPlaylistsAsync(
        OutputFiles files, string masterPath, Findings findings, CancellationToken cancellation)
    {
        List<CheckedRendition> renditions = [];
        HlsPlaylist master;
        try
        {
            master = files.Contains(masterPath)
                ? HlsPlaylist.Parse(await files.ReadTextAsync(masterPath, cancellation).ConfigureAwait(false))
                : throw new FormatException("it is not there");
        }
        catch (Exception e) when (e is FormatException or OverflowException or System.Text.DecoderFallbackException)
        {
            findings.Add("UnreadablePlaylist", masterPath, e.Message);
            return renditions;
        }

        if (master.Playlists.Count == 0)
        {
            findings.Add("IncompletePlaylist", masterPath, "it names no media playlist");
        }

        var check = new RenditionCheck(files, findings);
        foreach (string uri in master.Playlists)
        {
            if (OutputFiles.Resolve(masterPath, uri) is string path
                && await check.CheckAsync(path, cancellation).ConfigureAwait(false) is CheckedRendition rendition)
            {
                renditions.Add(rendition);
            }
        }

        foreach (string uri in master.IFramePlaylists)
        {
            if (OutputFiles.Resolve(masterPath, uri) is string path)
            {
                await check.CheckIFramesAsync(path, cancellation).ConfigureAwait(false);
            }
        }

        if (renditions.Select(rendition => rendition.Playlist.TargetDuration).Distinct().Count() > 1)
        {
            findings.Add("TargetDurationsDiffer", masterPath, "its media playlists have different target durations (RFC 8216bis 6.2.4)");
        }

        return renditions;
    }

    /// <summary>The plan of the source says which rendition each track became: names do not depend on the options.</summary>
    private static async Task<long> CompareAsync(
        Presentation presentation, IAssetStore source, string manifestName, List<CheckedRendition> renditions, Findings findings, CancellationToken cancellation)
    {
        PackagingPlan plan = PackagingPlanner.Plan(presentation, new PackagingOptions { ManifestName = manifestName });
        long compared = 0;
        foreach (Rendition expected in plan.Renditions)
        {
            string playlist = $"{plan.ManifestName}/{expected.Name}.m3u8";
            if (renditions.FirstOrDefault(rendition => rendition.PlaylistPath == playlist) is not CheckedRendition output)
            {
                findings.Add("MissingRendition", playlist, $"'{expected.Track.SourceFile}' track {expected.Track.SourceTrackId} is not in the output");
                continue;
            }

            long shift = TimeMath.Rescale(plan.Shift.Value, plan.Shift.Timescale, expected.Track.Timescale);
            compared += await SampleComparer.CompareAsync(expected.Track, source, presentation.Files, output, shift, findings, cancellation).ConfigureAwait(false);
        }

        return compared;
    }
}
