using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>Storage accounts, opened by address. Safe for use by several threads.</summary>
public interface IRemoteStorage
{
    /// <summary>The address of the account that a connection string opens; null where there is none.</summary>
    Uri? AccountUri { get; }

    /// <summary>The asset in a container, or in a folder of one.</summary>
    /// <exception cref="PackagingException"><c>StorageAddressWrong</c>.</exception>
    IAssetStore OpenAsset(Uri address);

    /// <summary>The address of an account: the one that a connection string opens, where it is the one.</summary>
    /// <param name="otherwise">The address as its cloud has it.</param>
    Uri FindAccount(string accountName, Uri otherwise);

    /// <summary>A container that gets a folder for each asset, or a folder in one.</summary>
    /// <exception cref="PackagingException"><c>StorageAddressWrong</c>.</exception>
    IDestination OpenDestination(Uri address);

    /// <summary>An account in which the first part of a path names the container.</summary>
    /// <param name="account">Its address.</param>
    /// <exception cref="PackagingException"><c>StorageAddressWrong</c>.</exception>
    IDestination OpenContainers(Uri account);

    /// <summary>Containers as assets, in the service's order, page by page as they come; one listing, and no call for each of them.</summary>
    /// <param name="address">Of the account.</param>
    /// <param name="prefix">Of the containers' names; null for all.</param>
    /// <param name="isWanted">By name, before anything in it is looked at.</param>
    /// <param name="found">Called in order; the next page is asked for when it is done.</param>
    /// <exception cref="PackagingException">The account cannot be listed.</exception>
    Task FindAssetsAsync(Uri address, string? prefix, Func<string, bool> isWanted, Func<IAssetStore, Task> found, CancellationToken cancellation);
}
