namespace AmsMigration.Packaging.Verification;

/// <summary>What is wrong with an output.</summary>
/// <param name="Code">Stable, PascalCase, e.g. <c>RangeOutsideFile</c>.</param>
/// <param name="Message">One sentence with what was found and what was expected.</param>
/// <param name="File">Relative to the output's root.</param>
public sealed record VerificationFinding(string Code, string Message, string File)
{
    public override string ToString() => $"{File}: {Message}";
}

/// <summary>The outcome of checking one presentation of an output.</summary>
public sealed record VerificationReport
{
    /// <summary>Name of the manifests without extension.</summary>
    public required string ManifestName { get; init; }

    public required IReadOnlyList<VerificationFinding> Findings { get; init; }

    /// <summary>Renditions whose boxes and times were looked at.</summary>
    public required int Renditions { get; init; }

    /// <summary>Samples that were compared with the source, bit for bit; 0 without a source.</summary>
    public required long SamplesCompared { get; init; }
}
