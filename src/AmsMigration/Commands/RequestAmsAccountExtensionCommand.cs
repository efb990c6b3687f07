using System.Management.Automation;
using AmsMigration.Accounts;
using AmsMigration.Pipeline;

namespace AmsMigration.Commands;

/// <summary>Asks for the one-time extension of accounts by 30 days.</summary>
[Cmdlet(VerbsLifecycle.Request, "AmsAccountExtension", DefaultParameterSetName = "InputObject", SupportsShouldProcess = true, HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsAccountExpiry))]
public sealed class RequestAmsAccountExtensionCommand : AccountCmdlet
{
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true, HelpMessage = "Accounts from Get-AmsAccountExpiry.")]
    [ValidateNotNull]
    public AmsAccountExpiry[] InputObject { get; set; } = [];

    [Parameter(
        ParameterSetName = "ResourceId", Mandatory = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Ids of accounts, as Get-AzResource writes them.")]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string[] ResourceId { get; set; } = [];

    [Parameter(HelpMessage = "Ask even where the dates say that no extension is possible any more.")]
    public SwitchParameter Force { get; set; }

    private protected override string Activity => "Extending accounts";

    private protected override void Process()
    {
        _ = Accounts;
        IEnumerable<AccountId> ids = ParameterSetName == "ResourceId"
            ? ResourceId.Select(TryParse).OfType<AccountId>()
            : InputObject.Select(account => AccountId.Parse(account.ResourceId));
        foreach (AccountId id in ids)
        {
            Start(id.ToString(), cancellation => ExtendAsync(id, cancellation));
        }
    }

    private async Task ExtendAsync(AccountId id, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(id.AccountName);
        AmsAccountExpiry before = await Accounts.GetExpiryAsync(id, DateTimeOffset.UtcNow, cancellation).ConfigureAwait(false);
        if (!before.ExtensionAvailable && !Force)
        {
            throw new AccountException("ExtensionUnavailable", Refusal(before));
        }

        if (await AskAsync(() => ShouldProcess(id.ToString(), $"Extend once by 30 days (it retires on {before.RetirementDate:yyyy-MM-dd})")).ConfigureAwait(false))
        {
            AmsAccountExpiry after = await Accounts.ExtendAsync(id, DateTimeOffset.UtcNow, cancellation).ConfigureAwait(false);
            Post(() => WriteObject(after));
        }
    }

    private static string Refusal(AmsAccountExpiry account) => account.Phase == AmsAccountPhase.Deleted
        ? $"'{account.AccountName}' is deleted; nothing can be extended."
        : $"'{account.AccountName}' retires on {account.RetirementDate:yyyy-MM-dd}: the one-time extension was for accounts that retire before {PublishedDates.ExtensibleBefore:yyyy-MM-dd}, within 30 days of that day.";
}
