using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Identity;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Worker;

/// <summary>
/// Turns the command line's SOURCE and DESTINATION into stores. An address with a shared access signature opens itself; one of the account that
/// AZURE_STORAGE_CONNECTION_STRING names is opened by that; any other by the machine's managed identity.
/// </summary>
internal static class Locations
{
    public const string ConnectionStringVariable = "AZURE_STORAGE_CONNECTION_STRING";

    private static readonly StorageLocations Storage = new(new StorageSignIn
    {
        OnRetry = retry => Retried?.Invoke(retry),
        ConnectionString = Environment.GetEnvironmentVariable(ConnectionStringVariable) is { Length: > 0 } connectionString ? connectionString : null,
        Tokens = new TokenCache(new ManagedIdentityTokens(Environment.GetEnvironmentVariable(OptionNames.ClientIdVariable) is { Length: > 0 } id ? id : null)),
    });

    /// <summary>Told of each request to storage that is made again, on any thread.</summary>
    public static Action<StoreRetry>? Retried { get; set; }

    /// <summary>A folder, a file, a container, a folder in one, or a storage account, whose containers are all taken.</summary>
    /// <exception cref="UsageException">Nothing is there.</exception>
    /// <exception cref="PackagingException">The storage account cannot be listed.</exception>
    public static async Task<IReadOnlyList<IAssetStore>> SourcesAsync(string source, CancellationToken cancellation)
    {
        if (StorageLocations.IsAddress(source))
        {
            return await RemoteSourcesAsync(Parse(source), cancellation);
        }

        string path = Path.GetFullPath(source);
        if (!Path.Exists(path))
        {
            throw new UsageException($"There is no file or folder '{source}'.");
        }

        return [.. LocalAssets.Find(path)];
    }

    /// <summary>The one asset that an output is compared with.</summary>
    /// <exception cref="UsageException">There are several, or none.</exception>
    public static async Task<IAssetStore> SourceAsync(string source, CancellationToken cancellation)
    {
        IReadOnlyList<IAssetStore> found = await SourcesAsync(source, cancellation);
        return found.Count == 1 ? found[0] : throw new UsageException($"'{source.Split('?')[0]}' holds {found.Count} assets; an output is compared with one.");
    }

    /// <summary>An output that is looked at.</summary>
    /// <exception cref="UsageException">Nothing is there.</exception>
    public static IAssetStore Output(string output)
    {
        if (StorageLocations.IsAddress(output))
        {
            return Storage.OpenAsset(Parse(output));
        }

        string path = Path.GetFullPath(output);
        return Directory.Exists(path) ? new LocalAssetStore(path) : throw new UsageException($"There is no folder '{path}'.");
    }

    /// <param name="mayBeAccount">An address without a container is the account, and each folder in it a container.</param>
    public static IDestination Destination(string destination, bool mayBeAccount = false) =>
        !StorageLocations.IsAddress(destination) ? new LocalDestination(Path.GetFullPath(destination))
        : mayBeAccount && StorageLocations.IsAccount(Parse(destination)) ? Storage.OpenContainers(Parse(destination))
        : Storage.OpenDestination(Parse(destination));

    private static async Task<IReadOnlyList<IAssetStore>> RemoteSourcesAsync(Uri address, CancellationToken cancellation)
    {
        if (!StorageLocations.IsAccount(address))
        {
            return [Storage.OpenAsset(address)];
        }

        List<IAssetStore> found = [];
        await Storage.FindAssetsAsync(
            address,
            null,
            _ => true,
            store =>
            {
                found.Add(store);
                return Task.CompletedTask;
            },
            cancellation);
        return found;
    }

    private static Uri Parse(string address) => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
        ? uri
        : throw new UsageException($"'{address.Split('?')[0]}' is no address.");
}

/// <summary>The command line asks for something that cannot be.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>True for what is wrong with a place or a value before anything is done: said in a line, and no crash.</summary>
    public static bool Is(Exception e) =>
        e is UsageException or FormatException or IOException or UnauthorizedAccessException or PackagingException or SignInException;
}
