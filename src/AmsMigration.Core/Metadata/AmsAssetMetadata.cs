using AmsMigration.Assets;
using AmsMigration.Packaging.Manifests.Aliases;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Metadata;

/// <summary>What was known of one asset, by its account or, where that is gone, by its storage. Times are UTC.</summary>
public sealed class AmsAssetMetadata
{
    public required string AssetName { get; init; }

    /// <summary>Null where only storage is left.</summary>
    public string? AccountName { get; init; }

    /// <summary>Of Azure Resource Manager; null where only storage is left.</summary>
    public string? ResourceId { get; init; }

    /// <summary>The container or folder that holds the asset's files.</summary>
    public required string ContainerName { get; init; }

    /// <summary>Null where the asset lies in a folder.</summary>
    public string? StorageAccountName { get; init; }

    /// <summary>Address of the container, or path of the folder.</summary>
    public required string Location { get; init; }

    /// <summary>The service's id for it, a GUID.</summary>
    public string? AssetId { get; init; }

    /// <summary>The owner's id for it.</summary>
    public string? AlternateId { get; init; }

    /// <summary>What version 2 of the API called the asset's name.</summary>
    public string? Description { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Its files are encrypted by the client that uploaded them (AES-256-CTR), as version 2 of the API could.</summary>
    public bool IsStorageEncrypted { get; init; }

    public AmsStreamingLocator[] Locators { get; init; } = [];

    /// <summary>Every address that played it: host x locator x manifest x format.</summary>
    public AmsStreamingUrl[] StreamingUrls { get; init; } = [];

    /// <summary>Addresses of single files.</summary>
    public string[] DownloadUrls { get; init; } = [];

    /// <summary>What the filters of the account and of the asset let through; of one name, the asset's own.</summary>
    internal IReadOnlyList<PresentationFilter> StreamingFilters { get; set; } = [];

    /// <summary>Names of the asset's own filters.</summary>
    public string[] Filters { get; init; } = [];

    public AmsTrackDescription[] Tracks { get; init; } = [];

    /// <summary>Jobs that made it, as <c>transform/job</c>.</summary>
    public string[] Jobs { get; init; } = [];

    /// <summary>What it was made from: names of assets, or addresses of files where only storage says it.</summary>
    public string[] MadeFrom { get; init; } = [];

    /// <summary>What version 2 of the API knew it as.</summary>
    public AmsVersion2Identity? Version2 { get; init; }

    /// <summary>What the service refused to say of it.</summary>
    public AmsExportProblem[] Problems { get; init; } = [];

    /// <summary>Full path or URI of the file that holds all this and the service's own JSON.</summary>
    public string MetadataPath { get; internal set; } = "";

    /// <summary>Keys of its files in storage; null where there are none, or where they were not asked for.</summary>
    internal StorageEncryptionKey? StorageKey { get; set; }

    /// <summary>Content keys with their values, where they were asked for.</summary>
    internal IReadOnlyList<ContentKeyValue> ContentKeys { get; set; } = [];

    public override string ToString() => AssetName;
}

/// <summary>A streaming locator: what published an asset.</summary>
public sealed class AmsStreamingLocator
{
    public required string Name { get; init; }

    /// <summary>The GUID in its addresses.</summary>
    public required string LocatorId { get; init; }

    public string? StreamingPolicyName { get; init; }

    public string? ContentKeyPolicyName { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Null where it had no end.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Of its streaming policy: Aes128, Cenc, Cbcs, Widevine, PlayReady, FairPlay; empty where it streams in clear.</summary>
    public string[] Protection { get; init; } = [];

    /// <summary>Names of the filters that always apply.</summary>
    public string[] Filters { get; init; } = [];

    /// <summary>Without their values; empty where they were not asked for (-IncludeKeys).</summary>
    public AmsContentKey[] ContentKeys { get; init; } = [];

    public override string ToString() => LocatorId;
}

/// <summary>An address that played an asset.</summary>
public sealed class AmsStreamingUrl
{
    public required string Url { get; init; }

    /// <summary>Hls, Dash or SmoothStreaming.</summary>
    public required string Protocol { get; init; }

    /// <summary>NoEncryption, EnvelopeEncryption, CommonEncryptionCenc or CommonEncryptionCbcs.</summary>
    public required string Encryption { get; init; }

    public required string LocatorId { get; init; }

    /// <summary>Name of the streaming endpoint.</summary>
    public required string StreamingEndpoint { get; init; }

    public override string ToString() => Url;
}

/// <summary>A content key, without its value.</summary>
public sealed class AmsContentKey
{
    /// <summary>A GUID; the key id in PSSH boxes and tokens.</summary>
    public required string KeyId { get; init; }

    /// <summary>EnvelopeEncryption, CommonEncryptionCenc or CommonEncryptionCbcs.</summary>
    public required string Type { get; init; }

    /// <summary>What the streaming policy calls it.</summary>
    public string? Label { get; init; }

    /// <summary>The content key policy that guarded it.</summary>
    public string? PolicyName { get; init; }

    /// <summary>Tracks that any of these select are encrypted with it; empty where it is for all that have no other.</summary>
    public TrackSelection[] Tracks { get; init; } = [];

    public override string ToString() => KeyId;
}

/// <summary>A track as the account described it.</summary>
public sealed class AmsTrackDescription
{
    public required string Name { get; init; }

    /// <summary>Video, Audio or Text.</summary>
    public required string Type { get; init; }

    public string? FileName { get; init; }

    public string? DisplayName { get; init; }

    public string? Language { get; init; }

    /// <summary>Visible or Hidden.</summary>
    public string? PlayerVisibility { get; init; }

    public override string ToString() => Name;
}

/// <summary>What the service refused.</summary>
public sealed class AmsExportProblem
{
    /// <summary>Path below the account, e.g. <c>assets/talk/tracks</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Stable id, e.g. <c>AccountForbidden</c>.</summary>
    public required string Code { get; init; }

    public required string Message { get; init; }

    public override string ToString() => $"{Resource}: {Message}";
}

/// <summary>A content key with its value. Never printed.</summary>
internal sealed record ContentKeyValue(AmsContentKey Key, byte[] Value)
{
    public override string ToString() => Key.KeyId;
}
