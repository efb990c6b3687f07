using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Reading;

namespace AmsMigration.Packaging.Codecs;

/// <summary>A sample entry as it is written, and what it says.</summary>
/// <param name="Entry">The whole box (size, type, content) for the output's stsd.</param>
public sealed record SampleDescription(byte[] Entry, CodecInfo Codec)
{
    /// <summary>How the source's samples are encrypted; null where they are not. The entry and the codec are those without encryption.</summary>
    internal TrackEncryption? Encryption { get; init; }
}

public enum VideoRange
{
    Unknown,
    Sdr,
    Pq,
    Hlg,
}

/// <summary>What manifests and people need to know of a codec configuration.</summary>
public sealed record CodecInfo
{
    /// <summary>The sample entry's four letters in the output, e.g. <c>avc1</c>.</summary>
    public required string FourCC { get; init; }

    /// <summary>RFC 6381 with the codec's own registration, e.g. <c>avc1.64001f</c>, <c>mp4a.40.2</c>.</summary>
    public required string CodecString { get; init; }

    /// <summary>The name that people use, e.g. <c>H.264</c>, <c>HE-AAC v2</c>, <c>VC-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Same for configurations that a player can switch between, e.g. <c>avc</c>, <c>hevc</c>, <c>aac</c>.</summary>
    public required string Family { get; init; }

    /// <summary>What the sample entry is by its four letters, else by the handler; null where it is none of the three.</summary>
    public TrackKind? Kind { get; init; }

    /// <summary>Why the output cannot carry it (CMAF, HLS and DASH); null where it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Coded size in pixels; 0 where not video.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Sample aspect ratio (pasp, or the bit stream's where there is none).</summary>
    public int SarWidth { get; init; } = 1;

    public int SarHeight { get; init; } = 1;

    public VideoRange VideoRange { get; init; }

    /// <summary>HLS SUPPLEMENTAL-CODECS value, e.g. <c>dvh1.08.07/db4h</c>; null where none.</summary>
    public string? SupplementalCodecs { get; init; }

    /// <summary>Channels as rendered; 0 where not audio.</summary>
    public int Channels { get; init; }

    /// <summary>HLS CHANNELS (RFC 8216bis 4.4.6.1), e.g. <c>2</c>, <c>6</c>, <c>16/JOC</c>; null where not audio.</summary>
    public string? HlsChannels { get; init; }

    /// <summary>DASH AudioChannelConfiguration: scheme and value; null where not audio.</summary>
    public (string Scheme, string Value)? DashChannels { get; init; }

    /// <summary>DASH SupplementalProperty elements that the configuration asks for, e.g. E-AC-3 with JOC (ETSI TS 103 420).</summary>
    public IReadOnlyList<(string Scheme, string Value)> DashSupplementalProperties { get; init; } = [];

    /// <summary>Hz as rendered (SBR doubled); 0 where not audio.</summary>
    public int SampleRate { get; init; }

    /// <summary>Of AAC; null for everything else.</summary>
    internal AudioSpecificConfig? AacConfiguration { get; init; }

    /// <summary>Bytes of the NAL unit length field, for H.264 and HEVC; 0 otherwise.</summary>
    public int NalLengthSize { get; init; }
}
