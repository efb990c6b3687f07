using AmsMigration.Packaging;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>A container, or a folder in one.</summary>
/// <param name="Prefix">Of the names of its blobs: empty, or ending in '/'.</param>
/// <param name="Credential">What opens the container; null where that is a key, a signature or nothing.</param>
internal sealed record BlobPlace(BlobContainerClient Container, string Prefix, TokenCredential? Credential = null)
{
    /// <summary>Without a signature.</summary>
    public string Location => Prefix.Length == 0 ? Root : $"{Root}/{Escape(Prefix.TrimEnd('/'))}";

    /// <summary>The last part of the folder's or container's name.</summary>
    public string Name => Prefix.Length == 0 ? Container.Name : Prefix.TrimEnd('/').Split('/').Last();

    private string Root => Container.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public BlobPlace Below(string relativePath)
    {
        string path = relativePath.Trim('/');
        return path.Length == 0 ? this : this with { Prefix = $"{Prefix}{path}/" };
    }

    public string Locate(string path) => $"{Root}/{Escape(Prefix + path)}";

    public BlobClient Blob(string path) => Container.GetBlobClient(Prefix + path);

    public BlockBlobClient BlockBlob(string path) => Container.GetBlockBlobClient(Prefix + path);

    /// <exception cref="PackagingException"><c>ContainerNotCreated</c>: who may write blobs may not always make containers.</exception>
    public async Task CreateContainerAsync(CancellationToken cancellation)
    {
        try
        {
            await Container.CreateIfNotExistsAsync(cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 403)
        {
            throw new PackagingException(
                "ContainerNotCreated", $"the container '{Container.Name}' is not there, and the credential may write in it but not make it", inner: e);
        }
    }

    private static string Escape(string name) => string.Join("/", name.Split('/').Select(Uri.EscapeDataString));
}
