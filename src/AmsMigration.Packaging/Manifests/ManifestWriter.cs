using AmsMigration.Packaging.Manifests.Dash;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Manifests.Hls;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests;

/// <summary>The manifests of one presentation, as a pure function of its renditions.</summary>
public static class ManifestWriter
{
    /// <summary>In the order in which they are to become visible: what others name first, the master playlist and the MPD last.</summary>
    public static IReadOnlyList<OutputFile> Write(
        string manifestName, IReadOnlyList<Rendition> renditions, IReadOnlyList<TextRendition> texts,
        IReadOnlyList<ThumbnailTrack> thumbnails, EventTimeline events)
    {
        HlsDates? dates = HlsDates.Of(events, renditions);
        List<OutputFile> files = [.. texts.SelectMany(text => text.Files)];
        foreach (TextRendition text in texts)
        {
            string path = MediaPlaylistPath(manifestName, text.Name);
            files.Add(ManifestFile.FromText(path, ContentTypes.Hls, HlsTextPlaylist.Write(path, text, dates)));
        }

        for (int i = 0; i < thumbnails.Count; i++)
        {
            string path = ImagePlaylistPath(manifestName, i);
            files.Add(ManifestFile.FromText(path, ContentTypes.Hls, HlsImagePlaylist.Write(path, thumbnails[i], PresentationSpan.Of(renditions).Duration, dates)));
        }

        List<Rendition> listed = [.. renditions.Where(HlsMediaPlaylist.IsPossible)];
        long longest = HlsMediaPlaylist.LongestSegment(listed);
        foreach (Rendition rendition in listed)
        {
            string path = MediaPlaylistPath(manifestName, rendition.Name);
            files.Add(ManifestFile.FromText(path, ContentTypes.Hls, HlsMediaPlaylist.Write(path, rendition, longest, dates)));
            if (rendition.Track.Kind == TrackKind.Video && HlsIFramePlaylist.IsPossible(rendition))
            {
                path = IFramePlaylistPath(manifestName, rendition);
                files.Add(ManifestFile.FromText(path, ContentTypes.Hls, HlsIFramePlaylist.Write(path, rendition, dates)));
            }
        }

        string master = manifestName + ".m3u8";
        files.Add(ManifestFile.FromText(master, ContentTypes.Hls, HlsMasterPlaylist.Write(master, manifestName, listed, texts, thumbnails)));
        if (renditions.Any(rendition => rendition.SegmentProtection is not null))
        {
            // No DASH player decrypts whole segments.
            return files;
        }

        string mpd = manifestName + ".mpd";
        files.Add(ManifestFile.FromText(mpd, ContentTypes.Dash, DashManifest.Write(mpd, renditions, texts, thumbnails, events)));
        return files;
    }

    internal static string MediaPlaylistPath(string manifestName, string name) => $"{manifestName}/{name}.m3u8";

    internal static string ImagePlaylistPath(string manifestName, int index) => $"{manifestName}/thumbnails_{index + 1}.m3u8";

    internal static string IFramePlaylistPath(string manifestName, Rendition rendition) => $"{manifestName}/{rendition.Name}.iframes.m3u8";
}
