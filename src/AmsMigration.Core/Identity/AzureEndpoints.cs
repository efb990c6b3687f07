using AmsMigration.Accounts;

namespace AmsMigration.Identity;

/// <summary>Where the services of a cloud are.</summary>
/// <param name="Name">As Az PowerShell calls the environment, e.g. <c>AzureCloud</c>.</param>
/// <param name="ManagementAudience">What tokens for Azure Resource Manager are asked for.</param>
/// <param name="StorageSuffix">Of storage accounts' host names, e.g. <c>core.windows.net</c>.</param>
/// <param name="KeyVaultSuffix">Of key vaults' host names, e.g. <c>vault.azure.net</c>.</param>
public sealed record AzureEndpoints(
    string Name, AzureClouds Cloud, Uri ResourceManager, string ManagementAudience, string StorageSuffix, string KeyVaultSuffix)
{
    /// <summary>The same in every cloud.</summary>
    public const string StorageAudience = "https://storage.azure.com/";

    public static AzureEndpoints Public { get; } = new(
        "AzureCloud", AzureClouds.Public, new Uri("https://management.azure.com/"), "https://management.core.windows.net/", "core.windows.net", "vault.azure.net");

    public static AzureEndpoints Government { get; } = new(
        "AzureUSGovernment", AzureClouds.Government, new Uri("https://management.usgovcloudapi.net/"), "https://management.core.usgovcloudapi.net/",
        "core.usgovcloudapi.net", "vault.usgovcloudapi.net");

    public static AzureEndpoints China { get; } = new(
        "AzureChinaCloud", AzureClouds.China, new Uri("https://management.chinacloudapi.cn/"), "https://management.core.chinacloudapi.cn/",
        "core.chinacloudapi.cn", "vault.azure.cn");

    public static IReadOnlyList<AzureEndpoints> Known { get; } = [Public, Government, China];

    /// <summary>The cloud of that name; the public one where the name says nothing.</summary>
    public static AzureEndpoints Find(string? name) =>
        Known.FirstOrDefault(cloud => string.Equals(cloud.Name, name, StringComparison.OrdinalIgnoreCase)) ?? Public;

    /// <summary>A cloud that nobody knows, by the address of its Azure Resource Manager, for which it also wants its tokens.</summary>
    public AzureEndpoints At(Uri resourceManager) => this with
    {
        Name = resourceManager.Host,
        ResourceManager = resourceManager,
        ManagementAudience = resourceManager.GetLeftPart(UriPartial.Authority) + "/",
    };

    public Uri BlobService(string storageAccount) => new($"https://{storageAccount}.blob.{StorageSuffix}/");
}
