using System.Management.Automation;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Accounts;

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
}
