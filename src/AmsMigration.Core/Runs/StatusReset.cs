using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Runs;

/// <summary>Which assets a reset is for.</summary>
public enum AmsStatusCategory
{
    All,

    /// <summary>Those whose conversion was begun and not completed, or whose container is marked as failed.</summary>
    Failed,
}

/// <summary>What the record of an output says.</summary>
public enum AmsOutputStatus
{
    NotMigrated,
    InProgress,
    Completed,

    /// <summary>It is to be made again.</summary>
    Cleared,

    /// <summary>There is a record, and it cannot be read.</summary>
    Unreadable,
}

/// <summary>What is remembered of an asset's migration: by its output, and by its container.</summary>
public sealed class AmsMigrationRecord
{
    public required string AssetName { get; init; }

    /// <summary>Full path or URI of the asset.</summary>
    public required string Source { get; init; }

    /// <summary>Full path or URI of the output folder; null where no destination was given.</summary>
    public string? Destination { get; init; }

    public required AmsOutputStatus OutputStatus { get; init; }

    public required AmsMigrationStatus SourceStatus { get; init; }
}

/// <summary>Has what is remembered of a migration forgotten, so that the next run converts again; what was converted stays until then.</summary>
internal sealed class StatusReset
{
    private readonly AmsAsset _asset;
    private readonly IOutputStore? _output;
    private readonly OutputRecord? _record;
    private readonly bool _includesSource;

    private StatusReset(AmsAsset asset, IOutputStore? output, OutputRecord? record, AmsOutputStatus status, bool includesSource)
    {
        _asset = asset;
        _output = output;
        _record = record;
        _includesSource = includesSource;
        Found = new AmsMigrationRecord
        {
            AssetName = asset.AssetName,
            Source = asset.Location,
            Destination = output?.Location,
            OutputStatus = status,
            SourceStatus = asset.MigrationStatus,
        };
    }

    public AmsMigrationRecord Found { get; }

    /// <summary>Looks at what is remembered; changes nothing.</summary>
    /// <param name="destination">Null to look at the container's mark alone.</param>
    /// <param name="includesSource">Whether the container's mark is to be removed, too.</param>
    public static async Task<StatusReset> PrepareAsync(
        AmsAsset asset, IDestination? destination, PathTemplate template, bool includesSource, CancellationToken cancellation)
    {
        IOutputStore? output = destination?.Open(template.Expand(asset));
        (OutputRecord? record, AmsOutputStatus status) = output is null ? default : await ReadAsync(output, cancellation).ConfigureAwait(false);
        return new StatusReset(asset, output, record, status, includesSource);
    }

    /// <summary>True where there is something to clear.</summary>
    public bool IsNeeded(AmsStatusCategory category)
    {
        bool isAll = category == AmsStatusCategory.All;
        bool output = Found.OutputStatus switch
        {
            AmsOutputStatus.InProgress or AmsOutputStatus.Unreadable => true,
            AmsOutputStatus.Completed => isAll,
            _ => false,
        };
        bool source = _includesSource && Found.SourceStatus switch
        {
            AmsMigrationStatus.Failed => true,
            AmsMigrationStatus.Completed => isAll,
            _ => false,
        };
        return output || source;
    }

    /// <exception cref="PackagingException"><c>OutputInUse</c>: a run is writing the output; what the stores throw.</exception>
    public async Task ClearAsync(bool breakOther, CancellationToken cancellation)
    {
        if (_output is not null && Found.OutputStatus != AmsOutputStatus.NotMigrated)
        {
            (bool isDone, _, string? heldBy) = await OutputLease.RunAsync(
                _output, TimeSpan.Zero, breakOther, (_, token) => ClearOutputAsync(_output, token), cancellation).ConfigureAwait(false);
            if (!isDone)
            {
                throw new PackagingException("OutputInUse", $"'{_output.Location}' is being written by {heldBy}");
            }
        }

        if (_includesSource)
        {
            await SourceMark.ClearAsync(_asset.Store, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The record stays, as one that says which files the next run has to replace; where none of them is there, it goes.</summary>
    private async Task<bool> ClearOutputAsync(IOutputStore output, CancellationToken cancellation)
    {
        await output.DiscardStagedAsync([], cancellation).ConfigureAwait(false);
        IReadOnlyList<KeyValuePair<string, long>> files = _record?.Files ?? [];
        IReadOnlyDictionary<string, long> present = await output.GetLengthsAsync([.. files.Select(file => file.Key)], cancellation).ConfigureAwait(false);
        if (_record is null || present.Count == 0)
        {
            await output.DeleteAsync(OutputRecord.Path, cancellation).ConfigureAwait(false);
        }
        else
        {
            await OutputRecord.PutAsync(output, (_record with { State = RecordState.Cleared }).Write(DateTime.UtcNow), cancellation).ConfigureAwait(false);
        }

        return true;
    }

    private static async Task<(OutputRecord? Record, AmsOutputStatus Status)> ReadAsync(IOutputStore output, CancellationToken cancellation)
    {
        try
        {
            OutputRecord? record = await RecordReader.ReadAsync(output, cancellation).ConfigureAwait(false);
            return (record, record?.State switch
            {
                null => AmsOutputStatus.NotMigrated,
                RecordState.Complete => AmsOutputStatus.Completed,
                RecordState.Cleared => AmsOutputStatus.Cleared,
                _ => AmsOutputStatus.InProgress,
            });
        }
        catch (PackagingException e) when (e.Code is "RecordUnreadable" or "OutputUnreadable")
        {
            return (null, AmsOutputStatus.Unreadable);
        }
    }
}
