using System.Text;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Sources.Smooth;

namespace AmsMigration.Packaging.Verification;

public enum ManifestKind
{
    HlsMultivariant,
    HlsMedia,
    Dash,
    Smooth,
}

/// <summary>What a player would ask for next when it has read a manifest: further manifests, and the ends of each rendition. Of any server, not of ours alone.</summary>
public sealed class ManifestOutline
{
    /// <summary>More playlists than any master has; a manifest may come from anywhere.</summary>
    private const int MaxPlaylists = 500;

    public required ManifestKind Kind { get; init; }

    /// <summary>Media playlists of a multivariant playlist, those of subtitles and I-frames too.</summary>
    public IReadOnlyList<Uri> Playlists { get; init; } = [];

    /// <summary>Empty in a multivariant playlist.</summary>
    public IReadOnlyList<OutlinedRendition> Renditions { get; init; } = [];

    /// <param name="content">The whole manifest.</param>
    /// <param name="address">Where it was found in the end: relative references begin there.</param>
    /// <exception cref="FormatException">It is no manifest, or one that cannot be played.</exception>
    public static ManifestOutline Read(byte[] content, Uri address)
    {
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content).TrimStart('\uFEFF');
            return text.StartsWith("#EXTM3U", StringComparison.Ordinal) ? ReadHls(text, address)
                : IsSmooth(text) ? SmoothOutline.Read(ClientManifest.Parse(content, address.AbsolutePath), address)
                : DashOutline.Read(MpdReader.Parse(text), address);
        }
        catch (Exception e) when (e is DecoderFallbackException or XmlException or OverflowException or PackagingException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>First and last segment that an index (sidx, ISO/IEC 14496-12 8.16.3) names.</summary>
    /// <param name="index">The box, whole.</param>
    /// <param name="end">Position of the first byte behind it in the file.</param>
    /// <exception cref="FormatException">It is no index, or an empty one.</exception>
    public static IReadOnlyList<OutlinedPart> ReadIndex(byte[] index, Uri file, long end)
    {
        try
        {
            BoxReader sidx = BoxReader.Open(index, file.AbsolutePath, end - index.Length);
            List<DashSegment> segments = sidx.Type == "sidx" ? MpdReader.ReadIndex(sidx, file.AbsolutePath, end) : throw new FormatException($"the index range holds '{sidx.Type}'");
            return segments.Count == 0
                ? throw new FormatException("the index names no segment")
                : Ends([.. segments.Select(segment => new OutlinedPart(file, segment.Part.Offset, segment.Part.Length))]);
        }
        catch (Exception e) when (e is OverflowException or PackagingException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <exception cref="FormatException">It is no reference.</exception>
    internal static Uri Resolve(Uri address, string reference) =>
        Uri.TryCreate(address, reference, out Uri? resolved) ? resolved : throw new FormatException($"'{reference}' is no reference");

    internal static IReadOnlyList<OutlinedPart> Ends(IReadOnlyList<OutlinedPart> parts) => parts.Count < 2 ? parts : [parts[0], parts[parts.Count - 1]];

    private static ManifestOutline ReadHls(string text, Uri address)
    {
        HlsPlaylist playlist = HlsPlaylist.Parse(text);
        string[] playlists = [.. playlist.Playlists.Concat(playlist.TextPlaylists).Concat(playlist.IFramePlaylists)];
        if (playlists.Length > 0)
        {
            return playlists.Length > MaxPlaylists
                ? throw new FormatException($"it names {playlists.Length} playlists")
                : new ManifestOutline { Kind = ManifestKind.HlsMultivariant, Playlists = [.. playlists.Select(uri => Resolve(address, uri))] };
        }

        if (playlist.Segments.Count == 0)
        {
            throw new FormatException("the playlist has neither segments nor other playlists");
        }

        OutlinedPart[] segments = [.. playlist.Segments.Select(Part)];
        return new ManifestOutline
        {
            Kind = ManifestKind.HlsMedia,
            Renditions = [new OutlinedRendition(address.Segments.Last(), [.. Ends([.. playlist.Maps.Select(Part)]), .. Ends(segments)])],
        };

        OutlinedPart Part(HlsResource resource) => new(Resolve(address, resource.Uri), resource.Offset, resource.Length);
    }

    private static bool IsSmooth(string text) => text.IndexOf("<SmoothStreamingMedia", StringComparison.Ordinal) is >= 0 and < 4096;
}

/// <summary>One rendition of a manifest.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Parts">Initialization, the first and the last where there are several, first and last segment, as far as there are any and the manifest itself says where.</param>
/// <param name="Index">The box that says where the segments are; null where the manifest does.</param>
public sealed record OutlinedRendition(string Name, IReadOnlyList<OutlinedPart> Parts, OutlinedPart? Index = null);

/// <summary>A file, or a range of one.</summary>
/// <param name="Offset">Null for the whole file.</param>
/// <param name="Length">Null where the file says.</param>
public sealed record OutlinedPart(Uri Address, long? Offset = null, long? Length = null);
