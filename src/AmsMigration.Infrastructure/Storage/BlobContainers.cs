using AmsMigration.Conversion;
using AmsMigration.Packaging.Storage;
using Azure.Core;
using Azure.Storage.Blobs;

namespace AmsMigration.Infrastructure.Storage;

/// <summary>An account in which the first part of a path names the container.</summary>
internal sealed class BlobContainers(BlobServiceClient service, TokenCredential? credential, BlockBudget budget) : IDestination
{
    public string Location => service.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public IOutputStore Open(string relativePath)
    {
        string[] parts = relativePath.Split(['/'], 2);
        var container = new BlobPlace(service.GetBlobContainerClient(parts[0]), "", credential);
        return new BlobOutputStore(container.Below(parts.Length > 1 ? parts[1] : ""), budget);
    }
}
