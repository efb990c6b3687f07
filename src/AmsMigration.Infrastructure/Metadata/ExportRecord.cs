using System.Text.Json;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>What the last run was and came to: <c>export.json</c>.</summary>
internal sealed record ExportRecord
{
    public const string Path = "export.json";

    /// <summary>Of the layout of the export.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Changes when a run begins anew; a killed run's is gone on with.</summary>
    public required string Run { get; init; }

    public required string AccountName { get; init; }

    public string? ResourceId { get; init; }

    /// <summary>Of the module.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset StartedOn { get; init; }

    /// <summary>Null while the run goes on, or where it was killed.</summary>
    public DateTimeOffset? CompletedOn { get; init; }

    public string? RetirementDate { get; init; }

    public string? Keys { get; init; }

    public int Assets { get; init; }

    /// <summary>Of those, what version 2 of the API has made, as far as it shows.</summary>
    public int Version2Assets { get; init; }

    public IReadOnlyDictionary<string, int> Resources { get; init; } = new Dictionary<string, int>();

    public AmsExportProblem[] Problems { get; init; } = [];

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static async Task<ExportRecord?> ReadAsync(ExportFolder folder, CancellationToken cancellation)
    {
        byte[]? content = await folder.ReadAsync(Path, cancellation).ConfigureAwait(false);
        try
        {
            return content is null ? null : JsonSerializer.Deserialize<ExportRecord>(content, ExportJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public Task WriteAsync(ExportFolder folder, CancellationToken cancellation) => folder.WriteAsync(Path, ExportJson.Write(this), cancellation);
}
