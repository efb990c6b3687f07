using System.Management.Automation;
using AmsMigration.Conversion;
using AmsMigration.Infrastructure.Storage;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Pipeline;

/// <summary>What cmdlets share that work on folders and on blob storage alike: a path may be the address of a container, or of a folder in one.</summary>
public abstract class StorageCmdlet : AzureCmdlet
{
    private IRemoteStorage? _storage;

    /// <summary>Opens the storage account that it names; by default the session's sign-in does.</summary>
    public abstract string? ConnectionString { get; set; }

    private protected IRemoteStorage Storage => _storage ??= Open(ConnectionString);

    /// <summary>The assets at paths and addresses; what is wrong with one becomes an error record, and the others go on.</summary>
    private protected IEnumerable<IAssetStore> FindAssets(IEnumerable<string> paths, bool isLiteral) => paths.SelectMany(path =>
        StorageLocations.IsAddress(path) ? TryOpen(path) : FileSystemPaths.FindAssets(this, [path], isLiteral));

    /// <summary>The outputs at paths and addresses.</summary>
    private protected IEnumerable<IAssetStore> FindOutputs(IEnumerable<string> paths, bool isLiteral) => paths.SelectMany(path =>
        StorageLocations.IsAddress(path)
            ? TryOpen(path)
            : FileSystemPaths.ResolveExisting(this, [path], isLiteral).Select(folder => new LocalAssetStore(folder)));

    /// <summary>Ends the command where there is nowhere to write to.</summary>
    /// <param name="connectionString">Of the destination's account; null where the source's opens it, or a sign-in does.</param>
    /// <param name="mayBeAccount">An address without a container is the account, and each folder in it a container.</param>
    private protected IDestination OpenDestination(string destination, string? connectionString, bool mayBeAccount = false)
    {
        if (!StorageLocations.IsAddress(destination))
        {
            return new LocalDestination(FileSystemPaths.ResolveNew(this, destination));
        }

        try
        {
            IRemoteStorage storage = connectionString is null ? Storage : Open(connectionString);
            var address = new Uri(destination);
            return mayBeAccount && StorageLocations.IsAccount(address) ? storage.OpenContainers(address) : storage.OpenDestination(address);
        }
        catch (Exception e) when (e is PackagingException or UriFormatException)
        {
            ThrowTerminatingError(Errors.From(Wrong(e), Redact(destination)));
            throw;
        }
    }

    private protected IEnumerable<IAssetStore> TryOpen(string address)
    {
        try
        {
            return [Storage.OpenAsset(new Uri(address))];
        }
        catch (Exception e) when (e is PackagingException or UriFormatException)
        {
            WriteError(Errors.From(Wrong(e), Redact(address)));
            return [];
        }
    }

    /// <summary>Works on the containers of an account, so many at once. While they are being listed those found already are worked on.</summary>
    private protected async Task ForEachContainerAsync(
        Uri account, string? prefix, Func<string, bool> isWanted, int limit, Func<IAssetStore, CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var room = new SemaphoreSlim(limit);
        List<Task> running = [];
        try
        {
            await Storage.FindAssetsAsync(account, prefix, isWanted, StartOneAsync, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }

        async Task StartOneAsync(IAssetStore store)
        {
            await room.WaitAsync(cancellation).ConfigureAwait(false);
            running.RemoveAll(task => task.Status == TaskStatus.RanToCompletion);
            running.Add(Task.Run(
                async () =>
                {
                    try
                    {
                        await AttemptAsync(store.Location, c => work(store, c), cancellation).ConfigureAwait(false);
                    }
                    finally
                    {
                        room.Release();
                    }
                },
                CancellationToken.None));
        }
    }

    /// <summary>A request to storage is made again. Any thread.</summary>
    private protected virtual void OnRetry(StoreRetry retry)
    {
    }

    /// <summary>Without what may be a signature.</summary>
    private protected static string Redact(string address) => address.Split('?')[0];

    private static Exception Wrong(Exception e) => e is UriFormatException
        ? new PackagingException("StorageAddressWrong", $"the address is none: {e.Message}")
        : e;

    private IRemoteStorage Open(string? connectionString) => new StorageLocations(new StorageSignIn
    {
        ConnectionString = connectionString,
        Tokens = Tokens,
        OnRetry = OnRetry,
    });
}
