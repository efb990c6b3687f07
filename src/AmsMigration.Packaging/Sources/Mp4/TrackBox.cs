using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>What a 'trak' (ISO/IEC 14496-12 8.3.1) says, apart from its sample tables.</summary>
internal sealed class TrackBox
{
    public uint TrackId { get; init; }

    public required TrackKind Kind { get; init; }

    /// <summary>track_enabled (8.3.2.3); players start with enabled tracks.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>36 bytes; null for identity.</summary>
    public byte[]? Matrix { get; init; }

    /// <summary>16.16 fixed point.</summary>
    public uint Width { get; init; }

    public uint Height { get; init; }

    public uint Timescale { get; init; }

    /// <summary>BCP 47; null where unknown.</summary>
    public string? Language { get; init; }

    /// <summary>handler_type (8.4.3), e.g. <c>vide</c>.</summary>
    public required string Handler { get; init; }

    /// <summary>The track's or handler's name where it means something to people; null otherwise.</summary>
    public string? Label { get; init; }

    /// <summary>DASH roles that 'kind' boxes name (8.10.4).</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>True where media lies in another file (8.7.2).</summary>
    public bool IsExternal { get; init; }

    /// <summary>Tracks that this one names as its chapters.</summary>
    public IReadOnlyList<uint> Chapters { get; init; } = [];

    /// <summary>The sample entries that samples use; all of them where only fragments tell.</summary>
    public IReadOnlyList<SampleDescription> Descriptions { get; init; } = [];

    /// <summary>Index into <see cref="Descriptions"/> of each entry in 'stsd'; -1 where no sample uses it.</summary>
    public required IReadOnlyList<int> DescriptionMap { get; init; }

    public IReadOnlyList<EditListEntry> Edits { get; init; } = [];

    /// <summary>Samples of audio to decode before one is right (10.1, 'roll'); 0 where none.</summary>
    public int RollDistance { get; init; }
}

/// <summary>One entry of 'elst' (ISO/IEC 14496-12 8.6.6).</summary>
/// <param name="Duration">Ticks of the movie's timescale; 0 in fragmented files means the rest.</param>
/// <param name="MediaTime">Ticks of the track's timescale; -1 for an empty edit.</param>
internal readonly record struct EditListEntry(long Duration, long MediaTime, bool IsNormalRate);
