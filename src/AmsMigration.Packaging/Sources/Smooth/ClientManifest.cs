namespace AmsMigration.Packaging.Sources.Smooth;

/// <summary>A client manifest (.ismc, <c>SmoothStreamingMedia</c>, MS-SSTR 2.2.2): the streams and when their fragments begin.</summary>
public sealed record ClientManifest
{
    /// <summary>Ticks of <see cref="Timescale"/>; 0 where unknown, as while live.</summary>
    public required long Duration { get; init; }

    public required uint Timescale { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>SystemID values of ProtectionHeader elements; any means that the media is encrypted.</summary>
    public required IReadOnlyList<string> ProtectionSystems { get; init; }

    public required IReadOnlyList<ClientStream> Streams { get; init; }

    public required IReadOnlyList<PackagingWarning> Warnings { get; init; }

    /// <param name="content">The whole file.</param>
    /// <param name="file">Its path in the asset, for messages.</param>
    /// <exception cref="PackagingException"><c>InvalidManifest</c>.</exception>
    public static ClientManifest Parse(byte[] content, string file) =>
        ManifestXml.Parse(content, file, reader => new ClientManifestParser(reader, file).Read());
}

/// <summary>A StreamIndex element (MS-SSTR 2.2.2.3): one adaptation set.</summary>
public sealed record ClientStream
{
    /// <summary><c>video</c>, <c>audio</c> or <c>text</c>, lower case; empty where missing.</summary>
    public required string Type { get; init; }

    /// <summary>The type where the manifest has no name, as MS-SSTR says.</summary>
    public required string Name { get; init; }

    /// <summary>E.g. <c>SUBT</c>, <c>CAPT</c>, <c>DATA</c>; null where none.</summary>
    public string? Subtype { get; init; }

    /// <summary>BCP 47; null where unknown.</summary>
    public string? Language { get; init; }

    /// <summary>Ticks a second of this stream's chunks.</summary>
    public required uint Timescale { get; init; }

    /// <summary>E.g. <c>urn:scte:scte35:2013:bin</c> of a sparse track; null where none.</summary>
    public string? Scheme { get; init; }

    /// <summary>The stream that a sparse track belongs to; null where none.</summary>
    public string? ParentStream { get; init; }

    /// <summary>DASH roles that Accessibility and Role name.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    public required IReadOnlyList<ClientQualityLevel> QualityLevels { get; init; }

    /// <summary>In the order of the manifest; may have gaps, overlap or be empty.</summary>
    public required IReadOnlyList<ChunkRun> Chunks { get; init; }

    /// <summary>Chunks as listed, whatever the attribute of that name says.</summary>
    public int ChunkCount => Chunks.Sum(run => run.Count);

    /// <summary>Start and duration of every chunk, ticks.</summary>
    public IEnumerable<(long Time, long Duration)> ExpandChunks()
    {
        foreach (ChunkRun run in Chunks)
        {
            for (int i = 0; i < run.Count; i++)
            {
                yield return (run.Time + (i * run.Duration), run.Duration);
            }
        }
    }
}

/// <summary>Equal chunks one after the other.</summary>
/// <param name="Time">Start of the first, ticks; may be negative.</param>
/// <param name="Duration">Of each, ticks; 0 where nothing tells.</param>
/// <param name="Payload">What a sparse track carries in the manifest itself; null where nothing.</param>
public sealed record ChunkRun(long Time, long Duration, int Count, byte[]? Payload = null);

/// <summary>A QualityLevel element (MS-SSTR 2.2.2.5): one rendition. 0 and empty where the manifest says nothing.</summary>
/// <param name="Bitrate">Bits a second.</param>
/// <param name="FourCC">E.g. <c>H264</c>, <c>AACL</c>; may be empty.</param>
/// <param name="CodecPrivateData">Parameter sets with start codes, AudioSpecificConfig or WAVEFORMATEX; may be empty.</param>
public sealed record ClientQualityLevel(
    int Index, long Bitrate, string FourCC, byte[] CodecPrivateData, int Width, int Height, int SamplingRate, int Channels, int AudioTag)
{
    /// <summary>Of audio.</summary>
    public int BitsPerSample { get; init; }

    /// <summary>Bytes of the length in front of each NAL unit (NALUnitLengthField); 4 where the manifest says nothing, as MS-SSTR says.</summary>
    public int NalLengthSize { get; init; } = 4;
}
