using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Systems;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>EXT-X-KEY and EXT-X-SESSION-KEY (RFC 8216bis 4.4.4.4, 4.4.6.5): one for each system that can hand out the key.</summary>
internal static class HlsKeys
{
    private const string FairPlayFormat = "com.apple.streamingkeydelivery";
    private const string PlayReadyFormat = "com.microsoft.playready";

    /// <summary>Of a media playlist; empty where the rendition is not encrypted.</summary>
    public static string Of(Rendition rendition) => rendition switch
    {
        { SegmentProtection: SegmentProtection segments } => Line("KEY", WholeSegments(segments).Add("IV", Hex(segments.Vector))),
        { Protection: TrackProtection samples } => string.Concat(
            Samples(samples.Key, samples.Options, samples.ConstantVector).Select(attributes => Line("KEY", attributes))),
        _ => "",
    };

    /// <summary>Of the multivariant playlist: players may ask for the keys before they read a media playlist.</summary>
    public static string OfSession(IEnumerable<Rendition> renditions) => string.Concat(renditions
        .SelectMany(rendition => rendition switch
        {
            { SegmentProtection: SegmentProtection segments } => [WholeSegments(segments)],
            { Protection: TrackProtection samples } => Samples(samples.Key, samples.Options, null),
            _ => Enumerable.Empty<HlsAttributes>(),
        })
        .Select(attributes => Line("SESSION-KEY", attributes))
        .Distinct());

    private static HlsAttributes WholeSegments(SegmentProtection protection) => new HlsAttributes()
        .Add("METHOD", "AES-128")
        .Quoted("URI", protection.Options.LicenseUriOf(KeySystem.ClearKey, protection.Key));

    /// <param name="vector">For those who fetch bare keys; null where the samples have their own.</param>
    private static IEnumerable<HlsAttributes> Samples(ContentKey key, ProtectionOptions options, byte[]? vector)
    {
        Dictionary<KeySystem, byte[]> headers = KeySystems.HeadersOf(key, options).ToDictionary(header => header.System, header => header.Box);
        string method = options.Scheme == ProtectionScheme.Cbcs ? "SAMPLE-AES" : "SAMPLE-AES-CTR";
        foreach (KeySystem system in options.Systems)
        {
            string? uri = options.LicenseUriOf(system, key);
            HlsAttributes attributes = new HlsAttributes().Add("METHOD", method);
            switch (system)
            {
                case KeySystem.ClearKey when uri is not null:
                    yield return attributes.Quoted("URI", uri).Add("IV", vector is null ? null : Hex(vector)).Quoted("KEYFORMAT", "identity");
                    break;
                case KeySystem.FairPlay when options.Scheme == ProtectionScheme.Cbcs:
                    yield return attributes.Quoted("URI", uri ?? $"skd://{key.HexId}").Quoted("KEYFORMAT", FairPlayFormat).Quoted("KEYFORMATVERSIONS", "1");
                    break;
                case KeySystem.Widevine:
                    yield return attributes
                        .Quoted("URI", $"data:text/plain;base64,{Convert.ToBase64String(headers[system])}")
                        .Add("KEYID", $"0x{key.HexId}")
                        .Quoted("KEYFORMAT", $"urn:uuid:{PsshBox.Widevine}")
                        .Quoted("KEYFORMATVERSIONS", "1");
                    break;
                case KeySystem.PlayReady:
                    string header = Convert.ToBase64String(PlayReadyHeader.CreateObject(key, options.Scheme, uri));
                    yield return attributes
                        .Quoted("URI", $"data:text/plain;charset=UTF-16;base64,{header}")
                        .Quoted("KEYFORMAT", PlayReadyFormat)
                        .Quoted("KEYFORMATVERSIONS", "1");
                    break;
            }
        }
    }

    private static string Line(string tag, HlsAttributes attributes) => $"#EXT-X-{tag}:{attributes}\n";

    private static string Hex(byte[] bytes) => "0x" + ContentKey.ToHex(bytes);
}
