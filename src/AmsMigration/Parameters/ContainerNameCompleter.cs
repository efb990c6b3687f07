using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;

namespace AmsMigration.Parameters;

/// <summary>
/// Offers containers of the account that a connection string or a signature on the line opens: nobody is to sign in for a Tab. What does not come at once is
/// not offered.
/// </summary>
public sealed class ContainerNameCompleter : IArgumentCompleter
{
    private const int MostNames = 200;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string prefix = (wordToComplete ?? "").Trim('\'', '"');
        string? connectionString = fakeBoundParameters["ConnectionString"]?.ToString();
        string? address = fakeBoundParameters["ServiceUri"]?.ToString();
        return (connectionString ?? address) is null ? [] : Find(connectionString, address, prefix).Select(name => new CompletionResult(name));
    }

    private static List<string> Find(string? connectionString, string? address, string prefix)
    {
        List<string> names = [];
        using var stop = new CancellationTokenSource(_patience);
        try
        {
            IRemoteStorage storage = new StorageLocations(new StorageSignIn { ConnectionString = connectionString });
            Task.Run(() => storage.FindAssetsAsync(
                connectionString is null ? new Uri(address!) : storage.AccountUri!,
                prefix.Length == 0 ? null : prefix,
                _ => names.Count < MostNames,
                store =>
                {
                    names.Add(store.Name);
                    return Task.CompletedTask;
                },
                stop.Token)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is PackagingException or OperationCanceledException or UriFormatException)
        {
            // A line that is not yet whole, or no account: there is nothing to offer but what was found.
        }

        return names;
    }
}
