using System.Collections.ObjectModel;
using System.Management.Automation;
using AmsMigration.Identity;

namespace AmsMigration.SignIn;

/// <summary>What the session's sign-in with Az PowerShell says of itself. No type of Az is named: its versions differ.</summary>
internal static class AzSession
{
    public static bool IsInstalled(PSCmdlet cmdlet) =>
        cmdlet.InvokeCommand.GetCommand("Get-AzAccessToken", CommandTypes.Cmdlet | CommandTypes.Function) is not null;

    /// <summary>Subscription of the current context; null where nobody is signed in.</summary>
    public static string? SubscriptionId(PSCmdlet cmdlet) => Context(cmdlet) is PSObject context ? Text(context, "Subscription", "Id") : null;

    /// <summary>The endpoints of the cloud that the session is signed in to; those of the public cloud where nobody is.</summary>
    public static AzureEndpoints Endpoints(PSCmdlet cmdlet)
    {
        if (Context(cmdlet) is not PSObject context)
        {
            return AzureEndpoints.Public;
        }

        AzureEndpoints known = AzureEndpoints.Find(Text(context, "Environment", "Name"));
        return new AzureEndpoints(
            Text(context, "Environment", "Name") ?? known.Name,
            known.Cloud,
            Uri.TryCreate(Text(context, "Environment", "ResourceManagerUrl"), UriKind.Absolute, out Uri? manager) ? manager : known.ResourceManager,
            Text(context, "Environment", "ActiveDirectoryServiceEndpointResourceId") ?? known.ManagementAudience,
            Text(context, "Environment", "StorageEndpointSuffix") ?? known.StorageSuffix,
            Text(context, "Environment", "AzureKeyVaultDnsSuffix") ?? known.KeyVaultSuffix);
    }

    private static PSObject? Context(PSCmdlet cmdlet)
    {
        if (cmdlet.InvokeCommand.GetCommand("Get-AzContext", CommandTypes.Cmdlet | CommandTypes.Function) is null)
        {
            return null;
        }

        Collection<PSObject> contexts = cmdlet.InvokeCommand.InvokeScript("Get-AzContext -ErrorAction Ignore 3> $null");
        return contexts.FirstOrDefault(context => context is not null);
    }

    private static string? Text(PSObject value, params string[] path)
    {
        object? current = value;
        foreach (string name in path)
        {
            current = current is null ? null : PSObject.AsPSObject(current).Properties[name]?.Value;
        }

        return current?.ToString() is { Length: > 0 } text ? text : null;
    }
}
