using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Aliases;

/// <summary>What a filter of an account or an asset let through: a part of the time, and some of the tracks.</summary>
/// <param name="Name">In addresses.</param>
public sealed record PresentationFilter(string Name)
{
    /// <summary>Presentation time of the source, ticks; null for its start.</summary>
    public long? Start { get; init; }

    /// <summary>Presentation time of the source, ticks; null for its end.</summary>
    public long? End { get; init; }

    /// <summary>Ticks a second of <see cref="Start"/> and <see cref="End"/>.</summary>
    public uint Timescale { get; init; } = 10_000_000;

    /// <summary>Bits a second of the picture that players begin with; null where it does not say.</summary>
    public long? FirstQuality { get; init; }

    /// <summary>Tracks that any of these select; empty for all.</summary>
    public IReadOnlyList<TrackSelection> Tracks { get; init; } = [];

    public bool Selects(Track track) => Tracks.Count == 0 || Tracks.Any(selection => selection.Selects(track, TrackSelection.BitrateOf(track)));

    public bool Selects(TextRendition text) => Tracks.Count == 0 || Tracks.Any(selection => selection.Selects(text.Track, text.AverageBandwidth));

    public override string ToString() => Name;
}
