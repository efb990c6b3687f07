using AmsMigration.Conversion;
using AmsMigration.Packaging;

namespace AmsMigration.Runs;

internal enum OutputVerdict
{
    /// <summary>Nothing of it is there.</summary>
    Absent,

    /// <summary>It was made of the same source with the same options, and every file is there.</summary>
    Complete,

    /// <summary>A run began it and ended early, or files of it are gone: what is there can be gone on with.</summary>
    Unfinished,

    /// <summary>It was made of this asset, which has changed, or with other options, or is to be made again.</summary>
    Outdated,

    /// <summary>Files are there that nobody says anything about, or that belong to another asset.</summary>
    Foreign,
}

/// <summary>What an output holds already, by its record and the lengths of its files; no media is read for that.</summary>
/// <param name="Record">Null where there is none that can be read.</param>
/// <param name="Present">Files that are planned or that the record names, as far as they are there, with their lengths.</param>
internal sealed record OutputJudgement(OutputVerdict Verdict, OutputRecord? Record, IReadOnlyDictionary<string, long> Present)
{
    /// <summary>
    /// Files are looked at before the record, which a run writes before its first file and never takes away: so where another run is under way, no file is taken
    /// for one that nobody says anything about.
    /// </summary>
    public static async Task<OutputJudgement> MakeAsync(ConversionPlan plan, CancellationToken cancellation)
    {
        HashSet<string> planned = [.. plan.ContentFiles.Select(file => file.Path)];
        IReadOnlyDictionary<string, long> present = await plan.Output.GetLengthsAsync(planned, cancellation).ConfigureAwait(false);
        OutputRecord? record = null;
        bool isUnreadable = false;
        try
        {
            record = await RecordReader.ReadAsync(plan.Output, cancellation).ConfigureAwait(false);
        }
        catch (PackagingException e) when (e.Code is "RecordUnreadable" or "OutputUnreadable")
        {
            isUnreadable = true;
        }

        List<string> others = [.. record?.Files.Select(file => file.Key).Where(path => !planned.Contains(path)) ?? []];
        if (others.Count > 0)
        {
            IReadOnlyDictionary<string, long> more = await plan.Output.GetLengthsAsync(others, cancellation).ConfigureAwait(false);
            present = present.Concat(more).ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);
        }

        OutputVerdict verdict = record is not null
            ? Judge(plan, record, present)
            : isUnreadable || present.Count > 0 ? OutputVerdict.Foreign : OutputVerdict.Absent;
        return new OutputJudgement(verdict, record, present);
    }

    /// <summary>Of an output that lies in its asset, a file that would be written or taken away and is the asset's own; null where there is none.</summary>
    public string? FindForeign(ConversionPlan plan)
    {
        if (Verdict == OutputVerdict.Foreign && Record is null && Present.Count == 0)
        {
            return OutputRecord.Path;
        }

        HashSet<string> written = [.. Record?.Files.Select(file => file.Key) ?? []];
        return Present.Keys.FirstOrDefault(path => !written.Contains(path)) ?? plan.SourceFiles.Select(file => file.Path).FirstOrDefault(written.Contains);
    }

    private static OutputVerdict Judge(ConversionPlan plan, OutputRecord record, IReadOnlyDictionary<string, long> present)
    {
        if (record.State == RecordState.Cleared || record.Conversion != plan.Fingerprint.Conversion)
        {
            return record.Source == plan.Source.Location ? OutputVerdict.Outdated : OutputVerdict.Foreign;
        }

        if (record.State == RecordState.Complete && record.Files.All(file => present.TryGetValue(file.Key, out long length) && length == file.Value))
        {
            return OutputVerdict.Complete;
        }

        return record.Layout == plan.Fingerprint.Layout ? OutputVerdict.Unfinished : OutputVerdict.Outdated;
    }
}
