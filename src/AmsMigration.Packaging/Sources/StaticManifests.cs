using System.Text;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Verification;

namespace AmsMigration.Packaging.Sources;

/// <summary>HLS and DASH that lie in an asset already: which manifests a player opens, and whether what they name is there.</summary>
internal sealed class StaticManifests
{
    /// <summary>Past a few more would say nothing new.</summary>
    private const int MaxFaults = 20;

    /// <summary>Stands for the asset, so that what a reference leads to is in it or is not (RFC 3986 5.2).</summary>
    private static readonly Uri Root = new("http://asset.invalid/asset/");

    private readonly OutputFiles _files;
    private readonly int _count;
    private readonly List<PackagingWarning> _warnings;
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    private StaticManifests(OutputFiles files, int count, List<PackagingWarning> warnings)
    {
        _files = files;
        _count = count;
        _warnings = warnings;
    }

    /// <returns>Manifests that no other names, in the order of the listing.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        var check = new StaticManifests(await OutputFiles.OpenAsync(store, cancellation).ConfigureAwait(false), files.Count, warnings);
        List<string> manifests = [.. files.Select(file => file.Path).Where(path => IsPlaylist(path) || IsMpd(path))];
        foreach (string path in manifests)
        {
            try
            {
                string text = await check._files.ReadTextAsync(path, cancellation).ConfigureAwait(false);
                check.Check(path, text.TrimStart('\uFEFF'));
            }
            catch (Exception e) when (e is FormatException or OverflowException or XmlException or DecoderFallbackException or PackagingException)
            {
                warnings.Add(new PackagingWarning("StaticManifestUnreadable", e.Message, path));
            }
        }

        return [.. manifests.Where(path => !check._named.Contains(path))];
    }

    public static bool IsPlaylist(string path) => path.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase);

    public static bool IsMpd(string path) => path.EndsWith(".mpd", StringComparison.OrdinalIgnoreCase);

    private void Check(string path, string text)
    {
        var address = new Uri(Root, string.Join("/", path.Split('/').Select(Uri.EscapeDataString)));
        OutlinedPart[] parts = [.. (IsMpd(path) ? OfMpd(path, text, address) : OfPlaylist(path, text, address)).Distinct()];
        List<PackagingWarning> faults = [.. parts.Select(part => FindFault(path, part)).OfType<PackagingWarning>()];
        _warnings.AddRange(faults.Take(MaxFaults));
    }

    private PackagingWarning? FindFault(string manifest, OutlinedPart part)
    {
        string? path = PathOf(part.Address);
        if (path is null || !_files.Contains(path))
        {
            return new PackagingWarning("StaticFileMissing", $"It names '{path ?? Outside(part.Address)}', which is not in the asset.", manifest);
        }

        if (path != manifest)
        {
            _named.Add(path);
        }

        long length = _files.Length(path);
        return part is { Offset: long offset, Length: long wanted } && (offset > length || wanted > length - offset)
            ? new PackagingWarning("StaticRangeMissing", $"It names {wanted} bytes at {offset} of '{path}', which has {length}.", manifest)
            : null;
    }

    /// <summary>Null outside of the asset.</summary>
    private static string? PathOf(Uri address) =>
        address.Host == Root.Host && address.Scheme == Root.Scheme && address.AbsolutePath.StartsWith(Root.AbsolutePath, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(address.AbsolutePath.Substring(Root.AbsolutePath.Length))
            : null;

    private static string Outside(Uri address) => address.Host == Root.Host ? Uri.UnescapeDataString(address.AbsolutePath) : address.AbsoluteUri;

    private IEnumerable<OutlinedPart> OfPlaylist(string path, string text, Uri address)
    {
        HlsPlaylist playlist = HlsPlaylist.Parse(text);
        if (playlist.Segments.Count > 0 && !playlist.HasEnd)
        {
            WarnOfLive(path, "It has no EXT-X-ENDLIST");
        }

        return playlist.Playlists
            .Concat(playlist.TextPlaylists)
            .Concat(playlist.IFramePlaylists)
            .Concat(playlist.ImagePlaylists)
            .Concat(playlist.Keys)
            .Select(uri => new HlsResource(uri, null, null, 0))
            .Concat(playlist.Maps)
            .Concat(playlist.Segments)
            .Select(resource => new OutlinedPart(ManifestOutline.Resolve(address, resource.Uri), resource.Offset, resource.Length));
    }

    private IEnumerable<OutlinedPart> OfMpd(string path, string text, Uri address)
    {
        XElement root = MpdReader.Parse(text);
        if ((string?)root.Attribute("type") == "dynamic")
        {
            WarnOfLive(path, "It is of type 'dynamic'");
        }

        return DashOutline.ReadWhole(root, address, _count + MaxFaults).Renditions
            .SelectMany(rendition => rendition.Index is OutlinedPart index ? rendition.Parts.Append(index) : rendition.Parts);
    }

    private void WarnOfLive(string path, string why) =>
        _warnings.Add(new PackagingWarning("StaticManifestLive", $"{why}, so that players take it for an event that goes on.", path));
}
