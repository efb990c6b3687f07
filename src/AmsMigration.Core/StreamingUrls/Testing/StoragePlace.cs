namespace AmsMigration.StreamingUrls.Testing;

/// <summary>The blob that an address of Azure Storage names.</summary>
/// <param name="Blob">Decoded; empty where the address ends with the container.</param>
internal sealed record StoragePlace(string Account, string Container, string Blob)
{
    /// <summary>Null where the host is none of blob storage, e.g. somebody's own.</summary>
    public static StoragePlace? Of(Uri address)
    {
        string[] host = address.Host.Split('.');
        string[] path = address.AbsolutePath.Split(['/'], 3);
        return host.Length > 2 && host[1] == "blob" && path.Length > 1
            ? new StoragePlace(host[0], path[1], path.Length > 2 ? Uri.UnescapeDataString(path[2]) : "")
            : null;
    }
}
