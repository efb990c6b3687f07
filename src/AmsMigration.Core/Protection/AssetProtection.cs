using System.Globalization;
using AmsMigration.Assets;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Protection;
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
        if (keys.Count == 0)
        {
            throw new PackagingException("ContentKeyMissing", $"there is no key to encrypt '{asset.AssetName}' with; nothing was written");
        }

        string name = Uri.EscapeDataString(asset.AssetName);
        return options.Protection with
        {
            Keys = keys,
            LicenseUris = options.Protection.LicenseUris.ToDictionary(entry => entry.Key, entry => entry.Value.Replace("{AssetName}", name)),
            Content = string.Join("\n", (await source.ListAsync(cancellation).ConfigureAwait(false)).Select(Identify).Prepend(asset.Location)),
        };
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
            .AddList("keys", options.Keys, (item, key) => item.Add("id", key.ToString()).Add("kind", key.Kind?.ToString()).Add("check", key.Check)));
    }

    private static string Identify(AssetFile file) => string.Format(
        CultureInfo.InvariantCulture, "{0} {1} {2} {3}", file.Path, file.Length, file.ETag, file.LastModified?.UtcTicks);
}
