namespace AmsMigration.Verification;

/// <summary>Whether an output is sound.</summary>
public sealed class AmsVerificationResult
{
    /// <summary>Full path or URI of the output folder.</summary>
    public required string Path { get; init; }

    /// <summary>Full path or URI of the asset that it was compared with; null where it was not.</summary>
    public string? Source { get; init; }

    /// <summary>True where nothing is wrong.</summary>
    public bool IsValid => Findings.Length == 0;

    /// <summary>Names of the manifests that were checked, without extension.</summary>
    public required string[] Presentations { get; init; }

    /// <summary>Media playlists whose files and times were checked.</summary>
    public required int Renditions { get; init; }

    /// <summary>Samples found in the source with the same bytes at the same time.</summary>
    public required long SamplesCompared { get; init; }

    /// <summary>What is wrong.</summary>
    public required string[] Findings { get; init; }
}
