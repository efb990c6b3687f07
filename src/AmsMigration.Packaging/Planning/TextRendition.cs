using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Planning;

/// <summary>One text track as it is written: WebVTT, as a whole for DASH, and cut for HLS where the layout is.</summary>
public sealed class TextRendition
{
    /// <summary>With its content.</summary>
    public required TextTrack Track { get; init; }

    /// <summary>Unique in the output, safe as a file name and in a URI, e.g. <c>text_en</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Relative path of the file with all cues.</summary>
    public required string Path { get; init; }

    /// <summary>Relative paths of the files for DASH, one for each <see cref="Stretch"/>, whose times count from its start; without jumps, <see cref="Path"/>.</summary>
    public required IReadOnlyList<string> PeriodPaths { get; init; }

    /// <summary>As they are written: times count from the presentation's start.</summary>
    public required IReadOnlyList<TextCue> Cues { get; init; }

    /// <summary>What the HLS playlist names: at least one; together they last as long as the presentation.</summary>
    public required IReadOnlyList<TextSegment> Segments { get; init; }

    public required IReadOnlyList<OutputFile> Files { get; init; }

    /// <summary>Bits a second over the whole, rounded up.</summary>
    public required long AverageBandwidth { get; init; }
}

/// <param name="Path">Relative path of the file.</param>
/// <param name="Duration">Microseconds.</param>
public sealed record TextSegment(string Path, long Duration)
{
    /// <summary>See <see cref="Segment.IsDiscontinuity"/>.</summary>
    public bool IsDiscontinuity { get; init; }
}
