using System.Management.Automation;
using System.Security;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Identity;
using AmsMigration.SignIn;

namespace AmsMigration.Pipeline;

/// <summary>What cmdlets share that talk to Azure: whose token they show, and where the services are.</summary>
public abstract class AzureCmdlet : AmsCmdlet
{
    private ITokenSource? _tokens;
    private AzureEndpoints? _endpoints;

    /// <summary>By default the session's sign-in is used (Connect-AzAccount).</summary>
    [Parameter(HelpMessage = "Use the managed identity of this machine instead of the session's sign-in.")]
    public SwitchParameter ManagedIdentity { get; set; }

    [Parameter(HelpMessage = "Client id of a user-assigned managed identity.")]
    [ValidateNotNullOrEmpty]
    public string? ClientId { get; set; }

    [Parameter(HelpMessage = "A bearer token to use instead of the session's sign-in. It is not renewed.")]
    [ValidateNotNull]
    public SecureString? AccessToken { get; set; }

    /// <summary>Safe for use by several threads.</summary>
    private protected ITokenSource Tokens => _tokens ??= new TokenCache(ChooseTokens());

    /// <summary>Of the session's cloud. Pipeline thread only.</summary>
    private protected AzureEndpoints Endpoints => _endpoints ??= FindEndpoints();

    private protected virtual AzureEndpoints FindEndpoints() => AzSession.Endpoints(this);

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

    private ITokenSource ChooseTokens() =>
        AccessToken is not null ? new GivenToken(Secret.Read(AccessToken)!)
        : ManagedIdentity || ClientId is not null ? new ManagedIdentityTokens(ClientId)
        : new SessionTokens(this, AskAsync);
}
