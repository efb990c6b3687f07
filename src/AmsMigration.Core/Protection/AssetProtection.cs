using System.Globalization;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.Protection;

/// <summary>What a run's choices about protection come to for one asset.</summary>
internal static class AssetProtection
{
    /// <param name="source">Where the asset lies.</param>
    /// <exception cref="PackagingException"><c>ContentKeyMissing</c>: there is none for the asset, so nothing is written.</exception>
    public static async Task<ProtectionOptions> FindAsync(AmsAsset asset, IAssetStore source, ConversionOptions options, CancellationToken cancellation)
    {
        if (options.Protection.Scheme == ProtectionScheme.None)
        {
            return ProtectionOptions.None;
        }

        IReadOnlyList<ContentKey> keys = await options.ContentKeys.FindAsync(asset, cancellation).ConfigureAwait(false);
        keys = keys.Count > 0
            ? keys
            : await new ExportedContentKeys(options.Protection.Scheme).FindAsync(asset, cancellation).ConfigureAwait(false);
        if (keys.Count == 0)
        {
            throw new PackagingException("ContentKeyMissing", $"there is no key to encrypt '{asset.AssetName}' with; nothing was written");
        }

        if (options.Protection.Scheme == ProtectionScheme.Aes128 && !options.Protection.LicenseUris.ContainsKey(KeySystem.ClearKey))
        {
            throw new PackagingException("LicenseUriMissing", "playlists of encrypted segments name the address of the key, and none was given (-LicenseUri)");
        }

        string name = Uri.EscapeDataString(asset.AssetName);
        return options.Protection with
        {
            Keys = keys,
            Systems = options.Protection.Systems.Count > 0 ? options.Protection.Systems : UsualSystems(options.Protection.Scheme),
            LicenseUris = options.Protection.LicenseUris.ToDictionary(entry => entry.Key, entry => entry.Value.Replace("{AssetName}", name)),
            Content = string.Join("\n", (await source.ListAsync(cancellation).ConfigureAwait(false)).Select(Identify).Prepend(asset.Location)),
        };
    }

    /// <summary>Keys for a source that is encrypted: those for it, and those of the output, which are often the same.</summary>
    public static async Task<IReadOnlyList<ContentKey>> FindSourceKeysAsync(AmsAsset asset, ConversionOptions options, CancellationToken cancellation) =>
    [
        .. await options.SourceKeys.FindAsync(asset, cancellation).ConfigureAwait(false),
        .. options.ContentKeys is ContentKeyFile ? [] : await options.ContentKeys.FindAsync(asset, cancellation).ConfigureAwait(false),
        .. ExportedContentKeys.All(asset.Metadata),
    ];

    /// <summary>What cannot be decrypted or encrypted is not written at all.</summary>
    /// <exception cref="PackagingException"><c>ContentKeyMissing</c>, <c>ProtectionNotPossible</c>.</exception>
    public static void Check(AssetContent content, ConversionOptions options)
    {
        Guid[] missing = [.. content.LeftOut.SelectMany(track => track.MissingKeyIds).Distinct()];
        if (missing.Length > 0)
        {
            throw new PackagingException(
                "ContentKeyMissing", $"the asset is encrypted, and these keys are not known: {string.Join(", ", missing)}; nothing was written");
        }

        bool isEncrypted = content.Presentations.SelectMany(presentation => presentation.Tracks).Any(track => track.KeyIds.Count > 0);
        if (options.InPlace && (isEncrypted || options.Protection.Scheme != ProtectionScheme.None))
        {
            throw new PackagingException("ProtectionNotPossible", "media that stay in place stay as they are: they can be neither encrypted nor decrypted");
        }

        if (options.Protection.Scheme != ProtectionScheme.None && content.StaticManifests.Count > 0)
        {
            throw new PackagingException("ProtectionNotPossible", "the asset is static HLS or DASH, which is copied as it is and not encrypted; nothing was written");
        }
    }

    /// <summary>Media beside an output that is encrypted would be the same in the clear.</summary>
    public static bool MayCopy(AssetFile file, ConversionOptions options)
    {
        string type = ContentTypes.Of(file.Path);
        bool mayBeMedia = type == ContentTypes.Unknown || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal);
        return options.Protection.Scheme == ProtectionScheme.None || !mayBeMedia;
    }

    /// <summary>Nothing where nothing is encrypted. Of the keys there are their ids, and a word that another key under the same id would change.</summary>
    public static void Describe(ProtectionOptions options, JsonBuilder json)
    {
        if (options.Scheme == ProtectionScheme.None)
        {
            return;
        }

        json.AddObject("protection", protection => protection
            .Add("scheme", options.Scheme.ToString())
            .Add("clearLead", options.ClearLead.ToString("c", CultureInfo.InvariantCulture))
            .AddList("systems", options.Systems.Select(system => system.ToString()))
            .AddList("licenseUris", options.LicenseUris.Select(entry => $"{entry.Key} {entry.Value}"))
            .AddList("keys", options.Keys, (item, key) => item.Add("id", key.ToString()).Add("kind", key.Kind?.ToString()).Add("tracks", key.Selections is null ? null : string.Join(" or ", key.Selections)).Add("check", key.Check)));
    }

    /// <summary>Those that play the scheme.</summary>
    private static KeySystem[] UsualSystems(ProtectionScheme scheme) => scheme switch
    {
        ProtectionScheme.Cenc => [KeySystem.ClearKey, KeySystem.Widevine, KeySystem.PlayReady],
        ProtectionScheme.Cbcs => [KeySystem.ClearKey, KeySystem.Widevine, KeySystem.PlayReady, KeySystem.FairPlay],
        _ => [KeySystem.ClearKey],
    };

    private static string Identify(AssetFile file) => string.Format(
        CultureInfo.InvariantCulture, "{0} {1} {2} {3}", file.Path, file.Length, file.ETag, file.LastModified?.UtcTicks);
}
