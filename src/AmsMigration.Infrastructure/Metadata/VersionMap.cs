using AmsMigration.Recommendations;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>The guide's table of version 2's entities, with how many resources of the export each became: <c>version2.json</c>.</summary>
internal sealed record VersionMap
{
    public const string Path = "version2.json";

    /// <summary>Why nobody need migrate from version 2 to version 3 any more.</summary>
    public required string Statement { get; init; }

    /// <summary>Assets that version 2 has made, as far as it shows.</summary>
    public required int Assets { get; init; }

    public required IReadOnlyList<VersionMapEntry> Entities { get; init; }

    public required string Source { get; init; }

    /// <param name="counts">Resources by kind, e.g. <c>streamingPolicies</c>.</param>
    public static VersionMap Of(VersionGuide guide, IReadOnlyDictionary<string, int> counts, int assets) => new()
    {
        Statement = guide.Statement,
        Assets = assets,
        Entities = [.. guide.Entities.Select(entity => new VersionMapEntry(
            entity.V2, entity.V3, entity.V3 is string v3 && counts.TryGetValue(KindOf(v3), out int count) ? count : null, entity.ReadByV3, entity.Note))],
        Source = guide.Source,
    };

    /// <summary>The list's name of an entity: StreamingPolicy, streamingPolicies.</summary>
    private static string KindOf(string entity)
    {
        string name = char.ToLowerInvariant(entity[0]) + entity.Substring(1);
        return name.EndsWith("y", StringComparison.Ordinal) ? name.Substring(0, name.Length - 1) + "ies" : name + "s";
    }
}

/// <summary>An entity of version 2.</summary>
/// <param name="V3">Null where version 3 has no counterpart.</param>
/// <param name="Count">Resources of the export that are such; null where the counterpart is no list of its own.</param>
internal sealed record VersionMapEntry(string V2, string? V3, int? Count, bool ReadByV3, string? Note);
