using AmsMigration.Conversion;

namespace AmsMigration.Runs;

/// <summary>What a whole run did.</summary>
public sealed class AmsRunSummary
{
    internal AmsRunSummary()
    {
    }

    /// <summary>Assets that were converted.</summary>
    public int Completed { get; internal set; }

    /// <summary>Assets that were complete already, that another run was converting, or that have nothing to convert.</summary>
    public int Skipped { get; internal set; }

    public int Failed { get; internal set; }

    /// <summary>Names of the assets that failed.</summary>
    public string[] FailedAssets { get; internal set; } = [];

    /// <summary>Warnings of all assets.</summary>
    public int Warnings { get; internal set; }

    /// <summary>Of the assets that were converted.</summary>
    public TimeSpan Duration { get; internal set; }

    public long BytesRead { get; internal set; }

    public long BytesWritten { get; internal set; }

    /// <summary>Bytes of outputs that earlier runs had written before they ended early.</summary>
    public long BytesReused { get; internal set; }

    /// <summary>From the start of the run to its end.</summary>
    public TimeSpan Elapsed { get; internal set; }

    public override string ToString() => $"{Completed} completed, {Skipped} skipped, {Failed} failed";
}

/// <summary>Adds up the results of a run. Not safe for use by several threads.</summary>
internal sealed class RunTally
{
    private readonly System.Diagnostics.Stopwatch _elapsed = System.Diagnostics.Stopwatch.StartNew();
    private readonly List<string> _failed = [];
    private readonly AmsRunSummary _summary = new();

    /// <summary>The figures up to now.</summary>
    public AmsRunSummary Summary
    {
        get
        {
            _summary.Elapsed = _elapsed.Elapsed;
            _summary.FailedAssets = [.. _failed];
            return _summary;
        }
    }

    public void Add(AmsConversionResult result)
    {
        _summary.BytesRead += result.BytesRead;
        _summary.BytesWritten += result.BytesWritten;
        _summary.BytesReused += result.BytesReused;
        _summary.Warnings += result.Warnings.Length;
        switch (result.Status)
        {
            case AmsConversionStatus.Completed:
                _summary.Completed++;
                _summary.Duration += result.Duration;
                break;
            case AmsConversionStatus.Skipped:
                _summary.Skipped++;
                break;
            default:
                AddFailure(result.AssetName);
                break;
        }
    }

    /// <summary>An asset that could not even be looked at.</summary>
    public void AddFailure(string assetName)
    {
        _summary.Failed++;
        _failed.Add(assetName);
    }
}
