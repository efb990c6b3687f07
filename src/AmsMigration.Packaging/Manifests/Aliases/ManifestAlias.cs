using AmsMigration.Packaging.Manifests.Dash;
using AmsMigration.Packaging.Manifests.Hls;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Manifests.Aliases;

/// <summary>Manifests of an output for another folder than its own, with references that lead to where the media lies.</summary>
/// <param name="baseUri">From the folder of the manifests to that of the output; ends with a slash, or is empty.</param>
/// <param name="folder">The folder of the manifests, relative to the root of the files that are made.</param>
/// <param name="part">What a view that is cut has of its own goes there, relative to <paramref name="folder"/>.</param>
public sealed class ManifestAlias(PresentationView view, string baseUri, string folder, string part)
{
    private const string Name = "manifest";

    private readonly List<Rendition> _listed = [.. view.Renditions.Where(HlsMediaPlaylist.IsPossible)];

    /// <summary>What the manifests refer to and is not the output's: playlists and texts of a part of the time. To be written before them.</summary>
    public IReadOnlyList<OutputFile> MakeParts()
    {
        if (!view.IsCut)
        {
            return [];
        }

        HlsDates? dates = HlsDates.Of(view.Events, view.Renditions);
        List<OutputFile> files = [.. view.Texts.SelectMany(text => text.Files).Select(Place)];
        foreach (TextRendition text in view.Texts)
        {
            Add(ManifestWriter.MediaPlaylistPath(part, text.Name), path => HlsTextPlaylist.Write(path, text, dates));
        }

        long longest = HlsMediaPlaylist.LongestSegment(_listed);
        string fromPart = IsElsewhere ? baseUri : string.Concat(Enumerable.Repeat("../", part.Split('/').Length)) + baseUri;
        foreach (Rendition rendition in _listed)
        {
            Add(ManifestWriter.MediaPlaylistPath(part, rendition.Name), _ => HlsMediaPlaylist.Write(new ManifestPlace(Name, fromPart), rendition, longest, dates));
            if (rendition.Track.Kind == TrackKind.Video && HlsIFramePlaylist.IsPossible(rendition))
            {
                Add(ManifestWriter.IFramePlaylistPath(part, rendition), _ => HlsIFramePlaylist.Write(new ManifestPlace(Name, fromPart), rendition, dates));
            }
        }

        return files;

        void Add(string path, Func<string, string> write) => files.Add(Place(ManifestFile.FromText(path, ContentTypes.Hls, write(path))));
    }

    /// <summary>The multivariant playlist as a file.</summary>
    /// <param name="name">In the folder.</param>
    public OutputFile ToHls(string name)
    {
        (ManifestPlace place, string children) = view.IsCut ? (Name, part) : (new ManifestPlace(Name, baseUri), view.Plan.ManifestName);
        return ManifestFile.FromText(
            $"{folder}/{name}", ContentTypes.Hls, HlsMasterPlaylist.Write(place, children, _listed, view.Texts, view.Thumbnails, view.FirstQuality));
    }

    /// <summary>The MPD as a file; null where segments are encrypted as a whole, which no DASH player decrypts.</summary>
    /// <param name="name">In the folder.</param>
    public OutputFile? ToDash(string name)
    {
        if (view.Renditions.Any(rendition => rendition.SegmentProtection is not null))
        {
            return null;
        }

        // One BaseURL serves where all that is referred to lies in the output.
        ManifestPlace place = view.IsCut ? new ManifestPlace(Name, baseUri) : Name;
        return ManifestFile.FromText(
            $"{folder}/{name}", ContentTypes.Dash, DashManifest.Write(place, view.Renditions, view.Texts, view.Thumbnails, view.Events, view.IsCut ? "" : baseUri));
    }

    private bool IsElsewhere => baseUri.IndexOf("://", StringComparison.Ordinal) >= 0;

    private OutputFile Place(OutputFile file) => new() { Path = $"{folder}/{file.Path}", ContentType = file.ContentType, Length = file.Length, Extents = file.Extents };
}
