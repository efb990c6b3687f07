using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Protection;

/// <summary>
/// The keys that an asset's streaming locator had, under their own ids, so that what was licensed stays licensed. They come with what was exported of the
/// account.
/// </summary>
/// <param name="scheme">How the output is encrypted; the account had keys for each scheme.</param>
/// <param name="locatorId">Whose keys are taken; null for the first locator that has some.</param>
public sealed class ExportedContentKeys(ProtectionScheme scheme, string? locatorId = null) : IContentKeys
{
    /// <exception cref="PackagingException">
    /// <c>ContentKeyUnavailable</c>: the account had keys, but their values are not here; <c>ContentKeyAmbiguous</c>: a locator had several of the scheme, and
    /// nothing says which track had which.
    /// </exception>
    public Task<IReadOnlyList<ContentKey>> FindAsync(AmsAsset asset, CancellationToken cancellation)
    {
        AmsContentKey[][] candidates =
        [
            .. (asset.Metadata?.Locators ?? [])
                .Where(locator => locatorId is null || string.Equals(locator.LocatorId, locatorId, StringComparison.OrdinalIgnoreCase))
                .Select(locator => locator.ContentKeys.Where(key => key.Type == TypeOf(scheme)).ToArray())
                .Where(keys => keys.Length > 0),
        ];
        if (candidates.Length == 0)
        {
            return Task.FromResult<IReadOnlyList<ContentKey>>([]);
        }

        AmsContentKey[] forOthers = [.. candidates[0].Where(key => key.Tracks.Length == 0)];
        return forOthers.Length <= 1
            ? Task.FromResult<IReadOnlyList<ContentKey>>([.. candidates[0].Select(key => WithValue(asset, key))])
            : throw new PackagingException(
                "ContentKeyAmbiguous", $"the locator of '{asset.AssetName}' has {forOthers.Length} keys for {scheme} that name no tracks: {string.Join(", ", forOthers.Select(key => key.KeyId))}");
    }

    public Task KeepAsync(AmsAsset asset, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Those of every scheme whose values are here: for decryption.</summary>
    public static IEnumerable<ContentKey> All(AmsAssetMetadata? metadata) => (metadata?.ContentKeys ?? [])
        .Where(key => key.Value.Length == ContentKey.Length && Guid.TryParse(key.Key.KeyId, out _))
        .Select(key => new ContentKey(Guid.Parse(key.Key.KeyId), key.Value));

    private static ContentKey WithValue(AmsAsset asset, AmsContentKey key)
    {
        ContentKeyValue? value = asset.Metadata!.ContentKeys.FirstOrDefault(one => one.Key.KeyId == key.KeyId);
        return value is not null && Guid.TryParse(key.KeyId, out Guid id)
            ? new ContentKey(id, value.Value) { Selections = key.Tracks.Length == 0 ? null : key.Tracks }
            : throw new PackagingException("ContentKeyUnavailable", $"the key {key.KeyId} of '{asset.AssetName}' is known, but not its value; nothing was written");
    }

    private static string TypeOf(ProtectionScheme scheme) => scheme switch
    {
        ProtectionScheme.Cenc => "CommonEncryptionCenc",
        ProtectionScheme.Cbcs => "CommonEncryptionCbcs",
        _ => "EnvelopeEncryption",
    };
}
