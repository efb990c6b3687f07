using System.Management.Automation;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;
using AmsMigration.SignIn;

namespace AmsMigration.Pipeline;

/// <summary>What cmdlets share that talk to accounts through Azure Resource Manager.</summary>
public abstract class AccountCmdlet : AzureCmdlet
{
    private IAccounts? _accounts;

    [Parameter(HelpMessage = "Address of Azure Resource Manager, for a cloud that nobody knows.")]
    [ValidateNotNull]
    public Uri? ResourceManagerUrl { get; set; }

    private protected IAccounts Accounts => _accounts ??= new AccountReader(Endpoints, Tokens);

    private protected sealed override AzureEndpoints FindEndpoints()
    {
        AzureEndpoints endpoints = base.FindEndpoints();
        return ResourceManagerUrl is null ? endpoints : endpoints.At(ResourceManagerUrl);
    }

    /// <summary>The one that was named, or the session's; ends the command where there is neither.</summary>
    private protected string RequireSubscription(string? named)
    {
        if ((named ?? AzSession.SubscriptionId(this)) is string subscription)
        {
            return subscription;
        }

        ThrowTerminatingError(Errors.SubscriptionMissing());
        throw new PipelineStoppedException();
    }

    /// <summary>Null where it is no id of an account, which becomes an error record.</summary>
    private protected AccountId? TryParse(string resourceId)
    {
        try
        {
            return AccountId.Parse(resourceId);
        }
        catch (FormatException e)
        {
            WriteError(Errors.InvalidResourceId(resourceId, e));
            return null;
        }
    }
}
