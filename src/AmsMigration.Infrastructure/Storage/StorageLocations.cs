using System.Text.RegularExpressions;
using AmsMigration.Conversion;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Identity;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>From addresses of blob storage to assets and destinations. Safe for use by several threads.</summary>
public sealed class StorageLocations : IRemoteStorage
{
    /// <summary>Blobs of this container have names without '/'.</summary>
    private const string RootContainer = "$root";

    /// <summary>learn.microsoft.com "Naming and Referencing Containers, Blobs, and Metadata"; those of the service itself begin with '$'.</summary>
    private static readonly Regex ContainerName = new(@"^(\$[a-z]+|(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*)$", RegexOptions.CultureInvariant);

    private readonly StorageSignIn _signIn;
    private readonly BlockBudget _budget;
    private readonly Lazy<BlobServiceClient?> _account;
    private readonly Lazy<TokenCredential?> _credential;

    public StorageLocations(StorageSignIn signIn)
    {
        _signIn = signIn;
        _budget = new BlockBudget(signIn.BlocksInFlight);
        _account = new Lazy<BlobServiceClient?>(OpenAccount);
        _credential = new Lazy<TokenCredential?>(() => signIn.Tokens is null ? null : new TokenSourceCredential(signIn.Tokens));
    }

    public Uri? AccountUri => _account.Value?.Uri;

    /// <summary>True for what can only be an address of blob storage, not a path.</summary>
    public static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    public IAssetStore OpenAsset(Uri address) => new BlobAssetStore(OpenPlace(address), _budget);

    public Uri FindAccount(string accountName, Uri otherwise) =>
        _account.Value is BlobServiceClient own && own.AccountName == accountName ? own.Uri : otherwise;

    public IDestination OpenDestination(Uri address)
    {
        BlobPlace place = OpenPlace(address);
        return place.Container.Name != RootContainer
            ? new BlobDestination(place, _budget)
            : throw new PackagingException("StorageAddressWrong", $"'{place.Location}' takes no output: names of blobs in {RootContainer} have no '/' in them");
    }

    public IDestination OpenContainers(Uri account)
    {
        BlobServiceClient service = OpenService(account);
        return new BlobContainers(service, CredentialOf(new BlobUriBuilder(account)), _budget);
    }

    /// <summary>True where the address names an account and no container in it.</summary>
    public static bool IsAccount(Uri address) => new BlobUriBuilder(address).BlobContainerName.Length == 0;

    public async Task FindAssetsAsync(
        Uri address, string? prefix, Func<string, bool> isWanted, Func<IAssetStore, Task> found, CancellationToken cancellation)
    {
        BlobServiceClient service = OpenService(address);
        TokenCredential? credential = CredentialOf(new BlobUriBuilder(address));
        try
        {
            await foreach (BlobContainerItem container in service.GetBlobContainersAsync(BlobContainerTraits.Metadata, BlobContainerStates.None, prefix, cancellation).ConfigureAwait(false))
            {
                // $logs, $web and the like hold no assets of Media Services.
                if (container.Name[0] != '$' && isWanted(container.Name))
                {
                    // Where the list tells no metadata there is none: to ask each container would double the requests of a large account.
                    IDictionary<string, string> metadata = container.Properties.Metadata ?? new Dictionary<string, string>();
                    await found(new BlobAssetStore(new BlobPlace(service.GetBlobContainerClient(container.Name), "", credential), _budget, metadata)).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (BlobErrors.IsStorage(e))
        {
            throw BlobErrors.Reading(e, null);
        }
    }

    private BlobPlace OpenPlace(Uri address)
    {
        Check(address);
        var parts = new BlobUriBuilder(address);
        if (parts.BlobContainerName.Length == 0)
        {
            throw new PackagingException("StorageAddressWrong", $"'{address.GetLeftPart(UriPartial.Path)}' names a storage account; expected a container in it");
        }

        if (!ContainerName.IsMatch(parts.BlobContainerName))
        {
            throw new PackagingException(
                "StorageAddressWrong", $"'{parts.BlobContainerName}' is no name of a container: expected 3 to 63 lower-case letters, digits and single hyphens between them");
        }

        string prefix = parts.BlobName.Trim('/');
        var container = new BlobUriBuilder(address) { BlobName = "" };
        return new BlobPlace(OpenContainer(container), prefix.Length == 0 ? "" : prefix + "/", CredentialOf(container));
    }

    private BlobContainerClient OpenContainer(BlobUriBuilder container)
    {
        BlobClientOptions options = Options();
        if (container.Sas is not null)
        {
            return new BlobContainerClient(container.ToUri(), options);
        }

        if (IsOwn(container))
        {
            return _account.Value!.GetBlobContainerClient(container.BlobContainerName);
        }

        return CredentialOf(container) is TokenCredential credential
            ? new BlobContainerClient(container.ToUri(), credential, options)
            : new BlobContainerClient(container.ToUri(), options);
    }

    private BlobServiceClient OpenService(Uri address)
    {
        Check(address);
        var parts = new BlobUriBuilder(address);
        if (parts.BlobContainerName.Length > 0 && !address.IsLoopback)
        {
            throw new PackagingException("StorageAddressWrong", $"'{address.GetLeftPart(UriPartial.Path)}' names a container; expected the storage account alone");
        }

        BlobClientOptions options = Options();
        return parts.Sas is not null ? new BlobServiceClient(address, options)
            : IsOwn(parts) ? _account.Value!
            : CredentialOf(parts) is TokenCredential credential ? new BlobServiceClient(address, credential, options)
            : new BlobServiceClient(address, options);
    }

    /// <summary>None where a signature or a key opens it; and none for the emulator, for the client shows no token without TLS.</summary>
    private TokenCredential? CredentialOf(BlobUriBuilder parts) =>
        parts.Sas is null && !IsOwn(parts) && parts.Scheme == Uri.UriSchemeHttps ? _credential.Value : null;

    private bool IsOwn(BlobUriBuilder parts) =>
        _account.Value is BlobServiceClient own && own.AccountName == parts.AccountName && own.Uri.Host == parts.Host && own.Uri.Port == (parts.Port > 0 ? parts.Port : own.Uri.Port);

    private BlobServiceClient? OpenAccount()
    {
        if (_signIn.ConnectionString is null)
        {
            return null;
        }

        try
        {
            return new BlobServiceClient(_signIn.ConnectionString, Options());
        }
        catch (Exception e) when (e is FormatException or ArgumentException or UriFormatException)
        {
            // The message of the exception may quote the string, and with it the key.
            throw new PackagingException("StorageAddressWrong", "the connection string is none: expected AccountName=...;AccountKey=... or BlobEndpoint=...;SharedAccessSignature=...");
        }
    }

    /// <summary>A token over plain HTTP would be anybody's.</summary>
    private void Check(Uri address)
    {
        if (!address.IsAbsoluteUri)
        {
            throw new PackagingException("StorageAddressWrong", $"'{address.OriginalString.Split('?')[0]}' is no https address");
        }

        if (address.Scheme == Uri.UriSchemeHttps)
        {
            return;
        }

        if (address.Scheme != Uri.UriSchemeHttp || (!address.IsLoopback && !IsOwn(new BlobUriBuilder(address))))
        {
            throw new PackagingException("StorageAddressWrong", $"'{address.GetLeftPart(UriPartial.Path)}' is no https address");
        }
    }

    private BlobClientOptions Options()
    {
        var options = new BlobClientOptions { Diagnostics = { IsLoggingContentEnabled = false, ApplicationId = "AmsMigration" } };
        options.RetryPolicy = new StorageRetryPolicy();
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(100);
        if (_signIn.OnRetry is not null)
        {
            options.AddPolicy(new RetryNotes(_signIn.OnRetry), HttpPipelinePosition.PerRetry);
        }

        return options;
    }
}
