using System.Text;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Verification;

namespace AmsMigration.Packaging.Sources;

/// <summary>HLS and DASH that lie in an asset already: which manifests a player opens, and whether what they name is there.</summary>
internal static class StaticManifests
{
    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    /// <summary>Past a few more would say nothing new.</summary>
    private const int MaxMissing = 20;

    /// <returns>Manifests that no other names, in the order of the listing.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        OutputFiles all = await OutputFiles.OpenAsync(store, cancellation).ConfigureAwait(false);
        var named = new HashSet<string>(StringComparer.Ordinal);
        List<string> manifests = [.. files.Select(file => file.Path).Where(path => IsPlaylist(path) || IsMpd(path))];
        foreach (string path in manifests)
        {
            try
            {
                string text = await all.ReadTextAsync(path, cancellation).ConfigureAwait(false);
                List<string> uris = [.. (IsMpd(path) ? OfMpd(text) : OfPlaylist(text)).Distinct()];
                List<string> missing = [.. uris.Where(uri => !IsThere(all, path, uri, named))];
                warnings.AddRange(missing.Take(MaxMissing).Select(uri => new PackagingWarning(
                    "StaticFileMissing", $"It names '{uri}', which is not in the asset.", path)));
            }
            catch (Exception e) when (e is FormatException or OverflowException or XmlException or DecoderFallbackException or PackagingException)
            {
                warnings.Add(new PackagingWarning("StaticManifestUnreadable", e.Message, path));
            }
        }

        return [.. manifests.Where(path => !named.Contains(path))];
    }

    public static bool IsPlaylist(string path) => path.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase);

    public static bool IsMpd(string path) => path.EndsWith(".mpd", StringComparison.OrdinalIgnoreCase);

    private static bool IsThere(OutputFiles files, string manifest, string uri, HashSet<string> named)
    {
        int end = uri.IndexOfAny(['?', '#']);
        string? path = uri.Contains("://") ? null : OutputFiles.Resolve(manifest, end < 0 ? uri : uri.Substring(0, end));
        if (path is not null && path != manifest)
        {
            named.Add(path);
        }

        return path is not null && files.Contains(path);
    }

    private static IEnumerable<string> OfPlaylist(string text)
    {
        HlsPlaylist playlist = HlsPlaylist.Parse(text.TrimStart('\uFEFF'));
        return playlist.Playlists
            .Concat(playlist.TextPlaylists)
            .Concat(playlist.IFramePlaylists)
            .Concat(playlist.Segments.Select(segment => segment.Uri))
            .Concat(playlist.Map is HlsResource map ? [map.Uri] : []);
    }

    /// <summary>Whole files and initialization segments; the numbers and times of media segments are for players to count.</summary>
    private static IEnumerable<string> OfMpd(string text)
    {
        foreach (XElement representation in MpdReader.Parse(text).Descendants(Mpd + "Representation"))
        {
            List<XElement> around = [.. representation.AncestorsAndSelf().Reverse()];
            string folder = string.Concat(around.Select(element => element.Element(Mpd + "BaseURL")?.Value.Trim() ?? ""));
            string? initialization = around
                .Select(element => (string?)element.Element(Mpd + "SegmentTemplate")?.Attribute("initialization"))
                .LastOrDefault(template => template is not null)
                ?.Replace("$RepresentationID$", (string?)representation.Attribute("id") ?? "")
                .Replace("$Bandwidth$", (string?)representation.Attribute("bandwidth") ?? "");
            string uri = folder.EndsWith("/", StringComparison.Ordinal) || folder.Length == 0 ? folder + initialization : initialization ?? folder;
            if (uri.Length > 0 && !uri.EndsWith("/", StringComparison.Ordinal))
            {
                yield return uri;
            }
        }
    }
}
