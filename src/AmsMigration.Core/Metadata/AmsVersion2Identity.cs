namespace AmsMigration.Metadata;

/// <summary>What version 2 of the API knew an asset as, for code and databases that still speak of it so.</summary>
public sealed class AmsVersion2Identity
{
    /// <summary>E.g. <c>nb:cid:UUID:8cb39104-122c-496e-9ac5-7f9e2c2547b8</c>.</summary>
    public required string AssetId { get; init; }

    /// <summary>Version 2's name of the asset, which became version 3's description.</summary>
    public string? Name { get; init; }

    /// <summary>What shows that it was made by version 2; empty where nothing does, which proves nothing.</summary>
    public string[] Evidence { get; init; } = [];

    /// <summary>Version 2's entities, with what each became.</summary>
    public AmsVersion2Entity[] Entities { get; init; } = [];

    public override string ToString() => AssetId;
}

/// <summary>An entity of version 2 and what became of it.</summary>
public sealed class AmsVersion2Entity
{
    /// <summary>E.g. <c>Locator</c>.</summary>
    public required string V2 { get; init; }

    /// <summary>E.g. <c>nb:lid:UUID:...</c>; null where nobody can know it.</summary>
    public string? V2Id { get; init; }

    /// <summary>E.g. <c>StreamingLocator</c>.</summary>
    public required string V3 { get; init; }

    /// <summary>Name of the entity in version 3.</summary>
    public required string V3Name { get; init; }

    public override string ToString() => $"{V2} {V2Id} -> {V3} {V3Name}";
}

/// <summary>From version 3's names to version 2's ids and entities: the table of the v2-to-v3 migration guide, read backwards.</summary>
internal static class VersionTwo
{
    private const string AssetPrefix = "nb:cid:UUID:";
    private const string LocatorPrefix = "nb:lid:UUID:";
    private const string KeyPrefix = "nb:kid:UUID:";

    /// <summary>Null where the service gave the asset no id.</summary>
    public static AmsVersion2Identity? Identify(
        string assetName, string? assetId, string? description, bool isStorageEncrypted, IReadOnlyCollection<AmsStreamingLocator> locators)
    {
        if (assetId is null)
        {
            return null;
        }

        List<AmsVersion2Entity> entities = [Entity("Asset", AssetPrefix + assetId, "Asset", assetName)];
        foreach (AmsStreamingLocator locator in locators)
        {
            entities.Add(Entity("Locator", LocatorPrefix + locator.LocatorId, "StreamingLocator", locator.Name));
            if (locator.StreamingPolicyName is string policy)
            {
                entities.Add(Entity("AssetDeliveryPolicy", null, "StreamingPolicy", policy));
            }

            foreach (AmsContentKey key in locator.ContentKeys)
            {
                entities.Add(Entity("ContentKey", KeyPrefix + key.KeyId, "StreamingLocator", locator.Name));
            }

            foreach (string guard in locator.ContentKeys.Select(key => key.PolicyName).Append(locator.ContentKeyPolicyName).OfType<string>().Distinct())
            {
                entities.Add(Entity("ContentKeyAuthorizationPolicy", null, "ContentKeyPolicy", guard));
            }
        }

        if (isStorageEncrypted)
        {
            entities.Add(Entity("ContentKey", null, "Asset", assetName));
        }

        return new AmsVersion2Identity
        {
            AssetId = AssetPrefix + assetId,
            Name = description,
            Evidence = [.. Evidence(assetName, assetId, description, isStorageEncrypted, locators)],
            Entities = [.. entities.GroupBy(entity => entity.ToString()).Select(same => same.First())],
        };
    }

    private static IEnumerable<string> Evidence(
        string assetName, string assetId, string? description, bool isStorageEncrypted, IEnumerable<AmsStreamingLocator> locators)
    {
        if (isStorageEncrypted)
        {
            yield return "Its files are encrypted in storage, which version 3 could not do.";
        }

        if (assetName.StartsWith(AssetPrefix, StringComparison.OrdinalIgnoreCase) || string.Equals(assetName, assetId, StringComparison.OrdinalIgnoreCase))
        {
            yield return "Its name is version 2's id.";
        }

        if (description?.IndexOf(AssetPrefix, StringComparison.OrdinalIgnoreCase) >= 0)
        {
            yield return "Its description speaks of version 2's id.";
        }

        if (locators.Any(locator => locator.ContentKeyPolicyName is null && locator.ContentKeys.Any(key => key.PolicyName is not null)))
        {
            yield return "Its content keys have policies of their own and its locator has none.";
        }
    }

    private static AmsVersion2Entity Entity(string v2, string? id, string v3, string name) => new() { V2 = v2, V2Id = id, V3 = v3, V3Name = name };
}
