namespace AmsMigration.Recommendations;

/// <summary>Which workloads a situation is about.</summary>
internal static class SituationWorkloads
{
    private static readonly MigrationWorkload[] _all = (MigrationWorkload[])Enum.GetValues(typeof(MigrationWorkload));

    /// <summary>Those that a verdict is given for.</summary>
    public static IReadOnlyList<MigrationWorkload> Shown(MigrationSituation situation) => OrAll(Known(situation).Concat(Of(situation.Required)));

    /// <summary>Those that count for an option that covers them. Requirements are not among them: they must never raise a score.</summary>
    public static IReadOnlyList<MigrationWorkload> Scored(MigrationSituation situation) => OrAll(Known(situation));

    private static IEnumerable<MigrationWorkload> Known(MigrationSituation situation) => situation.Used
        .Concat(situation.Assets is { Count: > 0 } ? [MigrationWorkload.PackagingAndDelivery] : [])
        .Concat(Of(situation.Preferred));

    private static IEnumerable<MigrationWorkload> Of(IEnumerable<MigrationNeed> needs) =>
        needs.Select(need => NeedQuestion.Of(need)?.Workload).OfType<MigrationWorkload>();

    private static IReadOnlyList<MigrationWorkload> OrAll(IEnumerable<MigrationWorkload> workloads)
    {
        List<MigrationWorkload> named = [.. workloads.Distinct().OrderBy(workload => workload)];
        return named.Count > 0 ? named : _all;
    }
}
