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
    /// which track had which only its streaming policy knew.
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

        AmsContentKey chosen = candidates[0].Length == 1
            ? candidates[0][0]
            : throw new PackagingException(
                "ContentKeyAmbiguous", $"the locator of '{asset.AssetName}' has {candidates[0].Length} keys for {scheme}: {string.Join(", ", candidates[0].Select(key => key.KeyId))}");
        ContentKeyValue? value = asset.Metadata!.ContentKeys.FirstOrDefault(key => key.Key.KeyId == chosen.KeyId);
        return value is not null && Guid.TryParse(chosen.KeyId, out Guid id)
            ? Task.FromResult<IReadOnlyList<ContentKey>>([new ContentKey(id, value.Value)])
            : throw new PackagingException(
                "ContentKeyUnavailable", $"the key {chosen.KeyId} of '{asset.AssetName}' is known, but not its value; nothing was written");
    }

    public Task KeepAsync(AmsAsset asset, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Those of every scheme whose values are here: for decryption.</summary>
    public static IEnumerable<ContentKey> All(AmsAssetMetadata? metadata) => (metadata?.ContentKeys ?? [])
        .Where(key => key.Value.Length == ContentKey.Length && Guid.TryParse(key.Key.KeyId, out _))
        .Select(key => new ContentKey(Guid.Parse(key.Key.KeyId), key.Value));

    private static string TypeOf(ProtectionScheme scheme) => scheme switch
    {
        ProtectionScheme.Cenc => "CommonEncryptionCenc",
        ProtectionScheme.Cbcs => "CommonEncryptionCbcs",
        _ => "EnvelopeEncryption",
    };
}
