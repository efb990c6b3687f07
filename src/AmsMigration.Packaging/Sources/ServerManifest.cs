using System.Globalization;
using System.Xml;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources;

/// <summary>A server manifest (.ism, SMIL 2.0 with parameters of its own): which tracks of which files make one presentation.</summary>
/// <param name="Formats">What the head calls formats, e.g. <c>mp4-v3</c>, <c>vod-fmp4</c>; null where there is no head.</param>
/// <param name="ClientManifest">The client manifest's path as the head gives it; null where it gives none.</param>
public sealed record ServerManifest(
    string? Formats, string? ClientManifest, IReadOnlyList<ServerManifestTrack> Tracks, IReadOnlyList<PackagingWarning> Warnings)
{
    private const int MaxTracks = 10_000;

    /// <param name="content">The whole file.</param>
    /// <param name="file">Its path in the asset, for messages.</param>
    /// <exception cref="PackagingException"><c>InvalidManifest</c>.</exception>
    public static ServerManifest Parse(byte[] content, string file) => ManifestXml.Parse(content, file, reader => Read(reader, file));

    private static ServerManifest Read(XmlReader reader, string file)
    {
        if (!string.Equals(reader.LocalName, "smil", StringComparison.OrdinalIgnoreCase))
        {
            throw new PackagingException(ManifestXml.ErrorCode, $"The root element is '{reader.LocalName}'; expected 'smil'.", file);
        }

        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        List<ServerManifestTrack> tracks = [];
        List<PackagingWarning> warnings = [];
        Dictionary<string, string>? parameters = null;
        while (ManifestXml.Advance(reader))
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            Dictionary<string, string> attributes = ManifestXml.Attributes(reader);
            switch (reader.LocalName.ToLowerInvariant())
            {
                case "meta" when attributes.TryGetValue("name", out string? name):
                    metadata[name] = attributes.TryGetValue("content", out string? value) ? value : "";
                    break;
                case "video" or "audio" or "textstream" or "ref":
                    parameters = AddTrack(reader.LocalName.ToLowerInvariant(), attributes, tracks, warnings, file);
                    break;
                case "param" when parameters is not null && attributes.TryGetValue("name", out string? name):
                    parameters[name] = attributes.TryGetValue("value", out string? parameter) ? parameter : "";
                    break;
            }
        }

        return new ServerManifest(Find(metadata, "formats"), Find(metadata, "clientManifestRelativePath"), tracks, warnings);
    }

    private static Dictionary<string, string>? AddTrack(
        string element,
        Dictionary<string, string> attributes,
        List<ServerManifestTrack> tracks,
        List<PackagingWarning> warnings,
        string file)
    {
        if (Find(attributes, "src") is not string source)
        {
            warnings.Add(new PackagingWarning(
                "ManifestTrackWithoutFile", $"A '{element}' element names no file (src); it is ignored.", file));
            return null;
        }

        if (tracks.Count == MaxTracks)
        {
            throw new PackagingException(ManifestXml.ErrorCode, $"The manifest lists more than {MaxTracks} tracks.", file);
        }

        TrackKind? kind = element switch
        {
            "video" => TrackKind.Video,
            "audio" => TrackKind.Audio,
            "textstream" => TrackKind.Text,
            _ => null,
        };
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        tracks.Add(new ServerManifestTrack(kind, source, attributes, parameters));
        return parameters;
    }

    private static string? Find(Dictionary<string, string> values, string name) =>
        values.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>An element of a server manifest: <c>video</c>, <c>audio</c>, <c>textstream</c>, or <c>ref</c>.</summary>
public sealed class ServerManifestTrack
{
    private readonly Dictionary<string, string> _attributes;
    private readonly Dictionary<string, string> _parameters;

    internal ServerManifestTrack(
        TrackKind? kind, string source, Dictionary<string, string> attributes, Dictionary<string, string> parameters)
    {
        Kind = kind;
        Source = source;
        _attributes = attributes;
        _parameters = parameters;
    }

    /// <summary>Null for <c>ref</c>, which takes whatever the file holds.</summary>
    public TrackKind? Kind { get; }

    /// <summary>The file as the manifest names it: not checked, perhaps URL-escaped.</summary>
    public string Source { get; }

    /// <summary>track_ID in the file; null where the manifest leaves it open.</summary>
    public uint? TrackId =>
        uint.TryParse(Find("trackID"), NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id > 0 ? id : null;

    public string? TrackName => Find("trackName");

    /// <summary>For people: the text track's display name, or the title where it is not the encoder's own description.</summary>
    public string? Label => Find("textDisplayName") ?? (Find("title") is string title && !IsTechnical(title) ? title : null);

    /// <summary>BCP 47; null where unknown.</summary>
    public string? Language => LanguageTag.ToBcp47(Find("systemLanguage"));

    /// <summary>Bits a second; 0 where the manifest says nothing.</summary>
    public long Bitrate =>
        long.TryParse(Find("systemBitrate"), NumberStyles.None, CultureInfo.InvariantCulture, out long bitrate) ? bitrate : 0;

    /// <summary>DASH roles that <c>accessibility</c> and <c>role</c> name, the former first.</summary>
    public IReadOnlyList<string> Roles =>
    [
        .. new[] { Find("accessibility"), Find("role") }
            .Where(role => role is not null)
            .Select(role => role!.ToLowerInvariant())
            .Distinct(),
    ];

    /// <summary>The WebVTT file that a text track was made from; null where none.</summary>
    public string? TranscriptSource => Find("transcriptsrc");

    /// <summary>HLS CHARACTERISTICS of a text track; null where none.</summary>
    public string? HlsCharacteristics => Find("textHlsCharacteristic");

    public bool IsDefault => string.Equals(Find("textIsDefault"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Attributes and params are two spellings of the same; an empty one says nothing.</summary>
    private string? Find(string name)
    {
        foreach (Dictionary<string, string> values in (Dictionary<string, string>[])[_attributes, _parameters])
        {
            if (values.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value))
            {
                return value.Trim();
            }
        }

        return null;
    }

    /// <summary>Encoders write titles such as <c>AAC_und_ch2_128kbps</c>.</summary>
    private static bool IsTechnical(string title) => title.EndsWith("kbps", StringComparison.OrdinalIgnoreCase);
}
