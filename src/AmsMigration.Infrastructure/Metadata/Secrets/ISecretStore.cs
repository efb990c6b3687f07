namespace AmsMigration.Infrastructure.Metadata.Secrets;

/// <summary>Kinds of secrets, each under a name of its own.</summary>
internal enum SecretKind
{
    /// <summary>An item of listContentKeys, by key id.</summary>
    ContentKey,

    /// <summary>What getPolicyPropertiesWithSecrets answers, by the policy's name.</summary>
    ContentKeyPolicy,

    /// <summary>What getEncryptionKey answers, by the asset's name.</summary>
    StorageEncryption,

    /// <summary>A resource that carries secrets in the open, by its path.</summary>
    Resource,
}

/// <summary>Where keys and secrets are kept. Safe for use by several threads.</summary>
internal interface ISecretStore
{
    /// <summary>Where, for people and for the next run: what is kept elsewhere is asked for again.</summary>
    string Name { get; }

    /// <param name="json">What the service answered.</param>
    Task SaveAsync(SecretKind kind, string id, byte[] json, CancellationToken cancellation);

    /// <summary>Null where it is not there, or cannot be opened with what is at hand.</summary>
    Task<byte[]?> FindAsync(SecretKind kind, string id, CancellationToken cancellation);
}

/// <summary>Files of secrets.</summary>
internal static class SecretFiles
{
    public static string PathOf(SecretKind kind, string id, string extension) => $"keys/{FolderOf(kind)}/{ExportFolder.FileName(id)}{extension}";

    private static string FolderOf(SecretKind kind) => kind switch
    {
        SecretKind.ContentKey => "contentKeys",
        SecretKind.ContentKeyPolicy => "contentKeyPolicies",
        SecretKind.StorageEncryption => "storageEncryption",
        _ => "resources",
    };
}

/// <summary>In clear, because somebody has asked for it by name.</summary>
internal sealed class PlainSecrets(ExportFolder folder) : ISecretStore
{
    public const string Place = "files in clear";
    private const string Extension = ".json";

    public string Name => Place;

    public Task SaveAsync(SecretKind kind, string id, byte[] json, CancellationToken cancellation) =>
        folder.WriteAsync(SecretFiles.PathOf(kind, id, Extension), json, cancellation);

    public Task<byte[]?> FindAsync(SecretKind kind, string id, CancellationToken cancellation) =>
        folder.ReadAsync(SecretFiles.PathOf(kind, id, Extension), cancellation);
}
