namespace AmsMigration.Recommendations;

/// <summary>The guide that led from version 2 of the API to version 3, and what became of each entity.</summary>
public sealed record VersionGuide
{
    /// <summary>Why nobody need follow it any more.</summary>
    public required string Statement { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<GuideStep> Steps { get; init; }

    public required IReadOnlyList<GuideStep> Scenarios { get; init; }

    public required IReadOnlyList<VersionedEntity> Entities { get; init; }

    /// <summary>Id of a <see cref="CatalogueSource"/>.</summary>
    public required string Source { get; init; }
}

/// <param name="Link">Last part of the page's address, relative to the guide.</param>
public sealed record GuideStep(string Title, string Link)
{
    public override string ToString() => Title;
}

/// <summary>An entity of version 2 and what it became.</summary>
public sealed record VersionedEntity
{
    public required string V2 { get; init; }

    /// <summary>Null where version 3 has no counterpart.</summary>
    public string? V3 { get; init; }

    /// <summary>Title of one of <see cref="VersionGuide.Scenarios"/>.</summary>
    public required string Scenario { get; init; }

    /// <summary>What version 2 made can be read through version 3.</summary>
    public bool ReadByV3 { get; init; }

    /// <summary>What version 2 made can be changed through version 3.</summary>
    public bool WrittenByV3 { get; init; }

    public string? Note { get; init; }

    /// <summary>What code that speaks version 2 calls it.</summary>
    public IReadOnlyList<string> Identifiers { get; init; } = [];
}
