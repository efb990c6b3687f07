using System.Globalization;

namespace AmsMigration.Accounts;

/// <summary>From what is known of an account to how long it lives. A pure function.</summary>
public static class ExpiryRules
{
    /// <summary>What an extension adds.</summary>
    private static readonly TimeSpan Extension = TimeSpan.FromDays(30);

    private static readonly string[] Metadata =
    [
        "streaming locators and their addresses",
        "content keys, content key policies and streaming policies",
        "keys and initialization vectors of assets with storage encryption",
        "names and descriptions of assets",
        "account filters and asset filters",
        "names, languages and roles of tracks",
        "transforms, jobs, live events and streaming endpoints",
    ];

    private static readonly string[] FromStorage =
    [
        "Media and server manifests are in the storage account still: Get-AmsAsset finds them, Convert-AmsAssetToStatic converts them.",
        "Export-AmsAssetMetadata recovers from storage what it holds: containers, manifests, which input an output was made from.",
        "Names, addresses and keys are only in exports that were made before.",
    ];

    public static AmsAccountExpiry Judge(AccountFacts facts, AzureClouds cloud, DateTimeOffset asOf)
    {
        DateTimeOffset? told = Parse(facts.RetirementDateHeader);
        DateTimeOffset retirement = told ?? PublishedDates.Retirement;
        DateTimeOffset deletion = retirement + PublishedDates.DeletionDelay;
        AmsAccountPhase phase = FindPhase(facts, told, retirement, deletion, asOf);
        return new AmsAccountExpiry
        {
            AccountName = facts.Id.AccountName,
            SubscriptionId = facts.Id.SubscriptionId,
            ResourceGroupName = facts.Id.ResourceGroupName,
            ResourceId = facts.Id.ToString(),
            Cloud = cloud,
            Region = facts.Region,
            RetirementDate = retirement,
            RetirementDateSource = told is null ? RetirementDateSource.PublishedDates : RetirementDateSource.Service,
            ExtensionAvailable = facts.Exists && retirement < PublishedDates.ExtensibleBefore && asOf < retirement + Extension,
            ReadOnlyFrom = retirement,
            DeletionExpectedOn = deletion,
            DaysLeft = DaysLeft(phase, retirement, deletion, asOf),
            Phase = phase,
            StillRunning = [.. facts.StillRunning],
            StorageAccounts = [.. facts.StorageAccounts],
            Losses = Metadata,
            StillPossible = phase == AmsAccountPhase.Deleted ? FromStorage : [],
            AsOf = asOf,
        };
    }

    /// <summary>ISO 8601, RFC 1123 or whatever else the service may have written; without a zone it is UTC.</summary>
    internal static DateTimeOffset? Parse(string? header) =>
        DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset date)
            ? date
            : null;

    private static AmsAccountPhase FindPhase(
        AccountFacts facts, DateTimeOffset? told, DateTimeOffset retirement, DateTimeOffset deletion, DateTimeOffset asOf)
    {
        if (!facts.Exists)
        {
            return AmsAccountPhase.Deleted;
        }

        // It said something that is no date: the published dates would be a guess about an account that knows better.
        if (told is null && !string.IsNullOrWhiteSpace(facts.RetirementDateHeader))
        {
            return AmsAccountPhase.Unknown;
        }

        return asOf >= deletion ? AmsAccountPhase.DeletionDue
            : asOf >= retirement ? AmsAccountPhase.ReadOnly
            : retirement.Date > PublishedDates.Retirement.Date ? AmsAccountPhase.Extended
            : AmsAccountPhase.Active;
    }

    private static int DaysLeft(AmsAccountPhase phase, DateTimeOffset retirement, DateTimeOffset deletion, DateTimeOffset asOf)
    {
        TimeSpan left = phase switch
        {
            AmsAccountPhase.Deleted or AmsAccountPhase.DeletionDue => TimeSpan.Zero,
            AmsAccountPhase.ReadOnly => deletion - asOf,
            _ => (asOf < retirement ? retirement : deletion) - asOf,
        };
        return (int)Math.Max(0, Math.Floor(left.TotalDays));
    }
}
