using System.Globalization;

namespace AmsMigration.Packaging.Verification;

/// <summary>A playlist as a player reads it (RFC 8216bis 4), media or multivariant.</summary>
internal sealed class HlsPlaylist
{
    private readonly HashSet<HlsResource> _maps = [];

    private HlsPlaylist()
    {
    }

    /// <summary>Seconds; 0 in a multivariant playlist.</summary>
    public long TargetDuration { get; private set; }

    public bool HasEnd { get; private set; }

    /// <summary>EXT-X-KEY with METHOD=AES-128: whole segments are encrypted.</summary>
    public bool HasEncryptedSegments => Segments.Exists(segment => segment.Vector is not null);

    /// <summary>URI and range of initialization segments, each once, as far as segments follow them: behind a jump there may be another one.</summary>
    public List<HlsResource> Maps { get; } = [];

    public List<HlsResource> Segments { get; } = [];

    /// <summary>Of AES-128 (EXT-X-KEY): where players get the keys of whole segments.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>Media playlists that a multivariant playlist names, each once: variants and renditions of sound.</summary>
    public List<string> Playlists { get; } = [];

    public List<string> IFramePlaylists { get; } = [];

    /// <summary>Playlists of thumbnails.</summary>
    public List<string> ImagePlaylists { get; } = [];

    /// <summary>INSTREAM-ID of closed captions.</summary>
    public List<string> ClosedCaptions { get; } = [];

    /// <summary>Media playlists of subtitles.</summary>
    public List<string> TextPlaylists { get; } = [];

    /// <exception cref="FormatException">It is no playlist, or a tag cannot be read.</exception>
    public static HlsPlaylist Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines[0].TrimEnd('\r') != "#EXTM3U")
        {
            throw new FormatException("the first line is not #EXTM3U");
        }

        var playlist = new HlsPlaylist();
        long duration = -1;
        (long Length, long? Offset)? range = null;
        bool isVariant = false;
        bool isBehindJump = false;
        bool isEncrypted = false;
        HlsResource? map = null;
        byte[]? vector = null;
        long sequence = 0;
        foreach (string raw in lines)
        {
            string line = raw.TrimEnd('\r');
            if (line.Length == 0)
            {
                continue;
            }

            if (line[0] != '#')
            {
                if (isVariant)
                {
                    playlist.AddPlaylist(line);
                }
                else
                {
                    playlist.AddMap(map);
                    long number = sequence + playlist.Segments.Count;
                    playlist.AddSegment(line, duration, range, isBehindJump, isEncrypted ? vector ?? SegmentKeys.VectorOf(number) : null);
                }

                (duration, range, isVariant, isBehindJump) = (-1, null, false, false);
                continue;
            }

            int colon = line.IndexOf(':');
            string tag = colon < 0 ? line : line.Substring(0, colon);
            string value = colon < 0 ? "" : line.Substring(colon + 1);
            switch (tag)
            {
                case "#EXT-X-TARGETDURATION":
                    playlist.TargetDuration = long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "#EXTINF":
                    duration = (long)(decimal.Parse(value.Split(',')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 1_000_000);
                    break;
                case "#EXT-X-BYTERANGE":
                    range = ParseRange(value);
                    break;
                case "#EXT-X-DISCONTINUITY":
                    isBehindJump = true;
                    break;
                case "#EXT-X-MEDIA-SEQUENCE":
                    sequence = long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "#EXT-X-KEY" when Attributes(value) is var key && key.TryGetValue("METHOD", out string? method):
                    isEncrypted = method == "AES-128";
                    playlist.AddKey(isEncrypted && key.TryGetValue("URI", out string? keyUri) ? keyUri : null);
                    vector = isEncrypted && key.TryGetValue("IV", out string? iv) ? SegmentKeys.ParseVector(iv) : null;
                    break;
                case "#EXT-X-MAP":
                    map = ReadMap(Attributes(value));
                    break;
                case "#EXT-X-STREAM-INF":
                    isVariant = true;
                    break;
                case "#EXT-X-MEDIA" when Attributes(value) is var media && media.TryGetValue("URI", out string? uri):
                    playlist.AddPlaylist(uri, media.TryGetValue("TYPE", out string? type) && type == "SUBTITLES");
                    break;
                case "#EXT-X-MEDIA" when Attributes(value).TryGetValue("INSTREAM-ID", out string? service):
                    playlist.ClosedCaptions.Add(service);
                    break;
                case "#EXT-X-I-FRAME-STREAM-INF" when Attributes(value).TryGetValue("URI", out string? uri):
                    playlist.IFramePlaylists.Add(uri);
                    break;
                case "#EXT-X-IMAGE-STREAM-INF" when Attributes(value).TryGetValue("URI", out string? uri):
                    playlist.ImagePlaylists.Add(uri);
                    break;
                case "#EXT-X-ENDLIST":
                    playlist.HasEnd = true;
                    break;
            }
        }

        return playlist;
    }

    private void AddPlaylist(string uri, bool isText = false)
    {
        List<string> playlists = isText ? TextPlaylists : Playlists;
        if (!playlists.Contains(uri))
        {
            playlists.Add(uri);
        }
    }

    private void AddKey(string? uri)
    {
        if (uri is not null && !Keys.Contains(uri))
        {
            Keys.Add(uri);
        }
    }

    private void AddMap(HlsResource? map)
    {
        if (map is not null && _maps.Add(map))
        {
            Maps.Add(map);
        }
    }

    private void AddSegment(string uri, long duration, (long Length, long? Offset)? range, bool isBehindJump, byte[]? vector)
    {
        if (duration < 0)
        {
            throw new FormatException($"'{uri}' has no EXTINF in front of it");
        }

        long? offset = range?.Offset;
        if (range is not null && offset is null)
        {
            offset = Segments.Count > 0 && Segments[Segments.Count - 1].Uri == uri && Segments[Segments.Count - 1].Offset is long before
                ? before + Segments[Segments.Count - 1].Length
                : throw new FormatException($"the byte range of '{uri}' has no offset and follows none");
        }

        Segments.Add(new HlsResource(uri, offset, range?.Length, duration) { IsBehindJump = isBehindJump, Vector = vector });
    }

    private static HlsResource ReadMap(Dictionary<string, string> attributes)
    {
        string uri = attributes.TryGetValue("URI", out string? value) ? value : throw new FormatException("EXT-X-MAP has no URI");
        return attributes.TryGetValue("BYTERANGE", out string? range) && ParseRange(range) is (long length, long offset)
            ? new HlsResource(uri, offset, length, 0)
            : new HlsResource(uri, null, null, 0);
    }

    private static (long Length, long? Offset) ParseRange(string value)
    {
        string[] parts = value.Split('@');
        return (
            long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
            parts.Length > 1 ? long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>An attribute list (RFC 8216bis 4.2).</summary>
    private static Dictionary<string, string> Attributes(string list)
    {
        Dictionary<string, string> attributes = [];
        int at = 0;
        while (at < list.Length)
        {
            int equals = list.IndexOf('=', at);
            if (equals < 0)
            {
                throw new FormatException($"'{list.Substring(at)}' is no attribute");
            }

            bool isQuoted = equals + 1 < list.Length && list[equals + 1] == '"';
            int start = isQuoted ? equals + 2 : equals + 1;
            int end = list.IndexOf(isQuoted ? '"' : ',', start);
            if (end < 0)
            {
                end = isQuoted ? throw new FormatException($"'{list.Substring(at)}' has no closing quote") : list.Length;
            }

            attributes[list.Substring(at, equals - at)] = list.Substring(start, end - start);
            at = isQuoted ? end + 2 : end + 1;
        }

        return attributes;
    }
}

/// <param name="Offset">Bytes; null for the whole file.</param>
/// <param name="Duration">Microseconds.</param>
internal sealed record HlsResource(string Uri, long? Offset, long? Length, long Duration)
{
    /// <summary>EXT-X-DISCONTINUITY stands in front of it.</summary>
    public bool IsBehindJump { get; init; }

    /// <summary>The initialization vector with which it is encrypted as a whole; null where it is not.</summary>
    public byte[]? Vector { get; init; }
}
