using AmsMigration.Accounts;
using AmsMigration.Assets;

namespace AmsMigration.Recommendations;

/// <summary>From what the other cmdlets found out to a situation.</summary>
public static class SituationBuilder
{
    /// <summary>Where an account is given, its cloud, whether it is there still, and what runs in it count.</summary>
    public static MigrationSituation For(MigrationSituation needs, AmsAccountExpiry? account, IReadOnlyCollection<AmsAsset> assets)
    {
        bool isGone = account is null
            ? needs.AsOf >= PublishedDates.AllDeleted.UtcDateTime
            : account.Phase is AmsAccountPhase.Deleted || needs.AsOf >= account.DeletionExpectedOn.UtcDateTime;
        return needs with
        {
            AccountName = account?.AccountName,
            Cloud = account?.Cloud ?? AzureClouds.None,
            IsAccountGone = isGone,
            Assets = assets.Count == 0 ? null : Add(assets),
            SourceArgument = SourceArgument(account, assets),
        };
    }

    private static AssetTotals Add(IReadOnlyCollection<AmsAsset> assets) => new(
        assets.Count,
        assets.Sum(asset => asset.Length),
        assets.Aggregate(TimeSpan.Zero, (sum, asset) => sum + asset.Duration),
        assets.Count(asset => !asset.IsStreamable && asset.Tracks.Length > 0),
        assets.Count(asset => asset.IsStreamable && asset.Tracks.Any(track => track.Refusal is not null)),
        assets.Count(asset => asset.Format.StartsWith("LiveArchive", StringComparison.Ordinal)));

    private static string SourceArgument(AmsAccountExpiry? account, IReadOnlyCollection<AmsAsset> assets) =>
        assets.Count == 1 ? $"'{assets.First().Location.Replace("'", "''")}'"
        : account is { StorageAccounts.Length: > 0 } ? $"-StorageAccountName {account.StorageAccounts[0]}"
        : "<source>";
}
