namespace AmsMigration.Recommendations;

/// <summary>An entity of version 2 of the API, what it became, and where code still names it.</summary>
public sealed class AmsVersionedEntity
{
    public required string V2 { get; init; }

    /// <summary>Null where version 3 has no counterpart.</summary>
    public string? V3 { get; init; }

    /// <summary>What version 2 made can be read through version 3.</summary>
    public required bool ReadByV3 { get; init; }

    /// <summary>What version 2 made can be changed through version 3.</summary>
    public required bool WrittenByV3 { get; init; }

    public string? Note { get; init; }

    /// <summary>Which of the guide's scenarios it belongs to.</summary>
    public required string Scenario { get; init; }

    /// <summary>Page of the guide.</summary>
    public required string Link { get; init; }

    /// <summary>What code calls it.</summary>
    public required string[] Identifiers { get; init; }

    /// <summary>Files that name it, with the first line that does; empty where none were looked at.</summary>
    public string[] FoundIn { get; init; } = [];

    /// <summary>Why nobody need migrate from version 2 to version 3 any more.</summary>
    public required string Statement { get; init; }

    public override string ToString() => V3 is null ? V2 : $"{V2} -> {V3}";
}
