using AmsMigration.Infrastructure.Metadata.Secrets;
using AmsMigration.Metadata;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>Brings an asset its keys from where an earlier run has put them.</summary>
internal static class KeyFinder
{
    /// <returns>False where one of them is not there.</returns>
    public static async Task<bool> AttachAsync(AmsAssetMetadata metadata, ISecretStore secrets, CancellationToken cancellation)
    {
        bool isComplete = true;
        List<ContentKeyValue> keys = [];
        foreach (AmsContentKey key in metadata.Locators.SelectMany(locator => locator.ContentKeys))
        {
            byte[]? json = await secrets.FindAsync(SecretKind.ContentKey, key.KeyId, cancellation).ConfigureAwait(false);
            if (json is not null && KeyJson.ContentKey(KeyJson.Parse(json)) is ContentKeyValue value)
            {
                keys.Add(value);
            }
            else
            {
                isComplete = false;
            }
        }

        metadata.ContentKeys = keys;
        if (!metadata.IsStorageEncrypted)
        {
            return isComplete;
        }

        byte[]? answer = await secrets.FindAsync(SecretKind.StorageEncryption, metadata.AssetName, cancellation).ConfigureAwait(false);
        metadata.StorageKey = answer is null ? null : KeyJson.TryStorageKey(KeyJson.Parse(answer));
        return isComplete && answer is not null;
    }
}
