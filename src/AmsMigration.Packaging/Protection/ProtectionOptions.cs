using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Protection;

/// <summary>How media are encrypted.</summary>
public enum ProtectionScheme
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Whole segments, AES-128 in CBC mode (RFC 8216 4.3.2.4): HLS alone, one file a segment.</summary>
    Aes128,

    /// <summary>Samples, AES-128 in counter mode (ISO/IEC 23001-7 10.1).</summary>
    Cenc,

    /// <summary>Samples, AES-128 in CBC mode, of video one block in ten (ISO/IEC 23001-7 10.4).</summary>
    Cbcs,
}

/// <summary>Systems that hand out keys, and how manifests name them.</summary>
public enum KeySystem
{
    /// <summary>Keys in the clear: HLS's <c>identity</c>, W3C Clear Key.</summary>
    ClearKey,

    Widevine,

    PlayReady,

    FairPlay,
}

/// <summary>What a user can choose about protection.</summary>
public sealed record ProtectionOptions
{
    public static ProtectionOptions None { get; } = new();

    public ProtectionScheme Scheme { get; init; }

    /// <summary>One for all tracks, or one a kind; with <see cref="ProtectionScheme.Aes128"/> too.</summary>
    public IReadOnlyList<ContentKey> Keys { get; init; } = [];

    /// <summary>Segments that start before it are not encrypted, so that playback begins while the licence is asked for.</summary>
    public TimeSpan ClearLead { get; init; }

    /// <summary>Systems that the output is signalled for.</summary>
    public IReadOnlyList<KeySystem> Systems { get; init; } = [];

    /// <summary>
    /// Where players ask for keys, by system; <c>{KeyId}</c> (32 hexadecimal digits), <c>{KeyIdGuid}</c> (with hyphens) and <c>{KeyIdBase64}</c> are
    /// filled in.
    /// </summary>
    public IReadOnlyDictionary<KeySystem, string> LicenseUris { get; init; } = new Dictionary<KeySystem, string>();

    /// <summary>
    /// Names the content, so that no two contents under one key share initialization vectors: where it lies, and which version of it that is.
    /// </summary>
    public string Content { get; init; } = "";

    /// <summary>Samples are encrypted, rather than segments or nothing.</summary>
    public bool IsCommonEncryption => Scheme is ProtectionScheme.Cenc or ProtectionScheme.Cbcs;

    /// <summary>The key for a track: one that selects it before that of its kind, and that before the one for all.</summary>
    /// <exception cref="PackagingException"><c>ContentKeyMissing</c>.</exception>
    internal ContentKey KeyFor(Track track) =>
        Keys.FirstOrDefault(key => key.Selections?.Any(selection => selection.Selects(track, TrackSelection.BitrateOf(track))) == true)
            ?? Keys.FirstOrDefault(key => key.Selections is null && key.Kind == track.Kind)
            ?? Keys.FirstOrDefault(key => key.Selections is null && key.Kind is null)
            ?? throw new PackagingException("ContentKeyMissing", $"there is no key for the {track.Kind.ToString().ToLowerInvariant()} track '{track.Name}'; nothing was written");

    internal string? LicenseUriOf(KeySystem system, ContentKey key) => !LicenseUris.TryGetValue(system, out string? template)
        ? null
        : template
            .Replace("{KeyIdGuid}", key.Id.ToString())
            .Replace("{KeyIdBase64}", Uri.EscapeDataString(Convert.ToBase64String(ContentKey.ToBytes(key.Id))))
            .Replace("{KeyId}", key.HexId);
}
