using System.Management.Automation;
using AmsMigration.Accounts;
using AmsMigration.Pipeline;

namespace AmsMigration.Commands;

/// <summary>Says how long Media Services accounts live, what still runs in them, and what is lost with them.</summary>
[Cmdlet(VerbsCommon.Get, "AmsAccountExpiry", DefaultParameterSetName = "List", HelpUri = OnlineHelp.RetirementGuide)]
[OutputType(typeof(AmsAccountExpiry))]
public sealed class GetAmsAccountExpiryCommand : AccountCmdlet
{
    private const string SubscriptionHelp = "Subscriptions; by default that of the session's sign-in.";

    [Parameter(ParameterSetName = "Account", Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, HelpMessage = "Name of the account.")]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string AccountName { get; set; } = "";

    [Parameter(ParameterSetName = "Account", Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Resource group of the account.")]
    [Parameter(ParameterSetName = "List", Position = 0, HelpMessage = "Only the accounts of this resource group.")]
    [ValidateNotNullOrEmpty]
    public string? ResourceGroupName { get; set; }

    [Parameter(ParameterSetName = "Account", HelpMessage = SubscriptionHelp)]
    [Parameter(ParameterSetName = "List", ValueFromPipelineByPropertyName = true, HelpMessage = SubscriptionHelp)]
    [ValidateNotNullOrEmpty]
    public string[] SubscriptionId { get; set; } = [];

    [Parameter(ParameterSetName = "AllSubscriptions", Mandatory = true, HelpMessage = "The accounts of all subscriptions that the sign-in sees.")]
    public SwitchParameter AllSubscriptions { get; set; }

    [Parameter(
        ParameterSetName = "ResourceId", Mandatory = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "Ids of accounts, as Get-AzResource writes them.")]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string[] ResourceId { get; set; } = [];

    [Parameter(HelpMessage = "The time that the answer is for; by default now.")]
    public DateTimeOffset? AsOf { get; set; }

    private protected override int WorkLimit => 4;

    private protected override string Activity => "Looking at accounts";

    private DateTimeOffset Time => AsOf ?? DateTimeOffset.UtcNow;

    private protected override void Process()
    {
        _ = Accounts;
        switch (ParameterSetName)
        {
            case "ResourceId":
                foreach (AccountId id in ResourceId.Select(TryParse).OfType<AccountId>())
                {
                    Start(id);
                }

                break;
            case "Account":
                foreach (string subscription in SubscriptionId.DefaultIfEmpty(null).Select(RequireSubscription))
                {
                    Start(new AccountId(subscription, ResourceGroupName!, AccountName));
                }

                break;
            case "AllSubscriptions":
                Start("subscriptions", ListAllAsync);
                break;
            default:
                foreach (string subscription in SubscriptionId.DefaultIfEmpty(null).Select(RequireSubscription))
                {
                    Start(subscription, cancellation => ListAsync(subscription, cancellation));
                }

                break;
        }
    }

    private void Start(AccountId id) => Start(id.ToString(), cancellation => TellAsync(id, cancellation));

    private async Task ListAllAsync(CancellationToken cancellation)
    {
        foreach (string subscription in await Accounts.ListSubscriptionsAsync(cancellation).ConfigureAwait(false))
        {
            await ListAsync(subscription, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ListAsync(string subscription, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(subscription);
        IReadOnlyList<AccountId> accounts = await Accounts.ListAsync(subscription, ResourceGroupName, cancellation).ConfigureAwait(false);
        if (accounts.Count == 0)
        {
            Post(() => WriteVerbose(
                $"Subscription {subscription} has no Media Services account any more. By name (-ResourceGroupName, -AccountName) the answer says what can still be done."));
        }

        foreach (AccountId account in accounts)
        {
            await TellAsync(account, cancellation).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(AccountId id, CancellationToken cancellation)
    {
        using ProgressBoard.Slot slot = Progress.Begin(id.AccountName);
        AmsAccountExpiry expiry = await Accounts.GetExpiryAsync(id, Time, cancellation).ConfigureAwait(false);
        Post(() => WriteObject(expiry));
    }
}
