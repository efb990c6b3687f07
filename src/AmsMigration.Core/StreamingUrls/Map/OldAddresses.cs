using AmsMigration.Conversion;
using AmsMigration.Metadata;

namespace AmsMigration.StreamingUrls.Map;

/// <summary>
/// Every address that played an asset: hosts x locators x server manifests x formats. The service listed one or two formats of each protocol, but answered to
/// all of them, with and without an extension behind, and players and pages have them all.
/// </summary>
internal static class OldAddresses
{
    /// <param name="metadata">From an export; null where there is none.</param>
    /// <param name="aliases">Of the result.</param>
    /// <param name="oldHosts">Beside those that the metadata names.</param>
    /// <returns>Ordered by path, then host; without host where none is known.</returns>
    public static IEnumerable<StreamingAddress> Of(
        AmsConversionResult result, AmsAssetMetadata? metadata, IReadOnlyList<StreamingAddress> aliases, IReadOnlyList<string> oldHosts)
    {
        StreamingAddress[] known = [.. Known(result, metadata).Select(url => StreamingAddress.TryParse(url.Url)).OfType<StreamingAddress>()];
        string?[] hosts = [.. known.Select(address => address.Host).OfType<string>().Concat(oldHosts).Distinct().OrderBy(host => host, StringComparer.Ordinal)];
        hosts = hosts.Length > 0 ? hosts : [null];
        IEnumerable<StreamingAddress> paths = known.Select(address => address with { Host = null }).Concat(aliases)
            .Concat(Guessed(result, metadata, known))
            .GroupBy(address => (address.LocatorId, address.ManifestName))
            .SelectMany(Expand)
            .Distinct()
            .OrderBy(address => address.RelativePath, StringComparer.Ordinal);
        return paths.SelectMany(path => hosts.Select(host => path with { Host = host }));
    }

    private static AmsStreamingUrl[] Known(AmsConversionResult result, AmsAssetMetadata? metadata) =>
        result.StreamingUrls.Length > 0 ? result.StreamingUrls : metadata?.StreamingUrls ?? [];

    /// <summary>Of locators whose addresses nobody listed: the name of the server manifest is that of the presentation, in all protocols.</summary>
    private static IEnumerable<StreamingAddress> Guessed(AmsConversionResult result, AmsAssetMetadata? metadata, StreamingAddress[] known) =>
        from id in result.LocatorIds.Concat(metadata?.Locators.Select(locator => locator.LocatorId) ?? []).Distinct(StringComparer.OrdinalIgnoreCase)
        where Guid.TryParse(id, out Guid locator) && known.All(address => address.LocatorId != locator)
        from presentation in result.Presentations
        from format in (StreamingFormat[])[StreamingFormat.HlsCmaf, StreamingFormat.DashCmaf, StreamingFormat.Smooth]
        select new StreamingAddress { LocatorId = Guid.Parse(id), ManifestName = presentation.Name + ".ism", Parameters = Parameters(format, null) };

    private static IEnumerable<StreamingAddress> Expand(IEnumerable<StreamingAddress> ofManifest)
    {
        StreamingAddress[] listed = [.. ofManifest];
        IEnumerable<StreamingAddress> usual =
            from enabled in listed.Where(address => address.Protocol is not null).Select(address => (address.Protocol, address.Encryption)).Distinct()
            from format in StreamingFormat.All
            where format.Protocol == enabled.Protocol
            select listed[0] with { Request = "manifest", Parameters = Parameters(format, enabled.Encryption), Suffix = "" };
        return listed.Concat(usual).SelectMany(Spellings);
    }

    private static IEnumerable<StreamingAddress> Spellings(StreamingAddress address)
    {
        yield return address;
        string suffix = StreamingFormat.Find(address.Format)?.Suffix ?? "";
        if (suffix.Length > 0)
        {
            yield return address with { Suffix = address.Suffix.Length > 0 ? "" : suffix };
        }
        else if (address.Parameters.Count == 0)
        {
            // As players of Smooth Streaming and their documentation wrote it.
            yield return address with { Request = address.Request == "manifest" ? "Manifest" : "manifest" };
        }
    }

    private static StreamingParameter[] Parameters(StreamingFormat format, string? encryption) =>
    [
        .. format.Name.Length > 0 ? [new StreamingParameter("format", format.Name)] : (StreamingParameter[])[],
        .. encryption is not null ? [new StreamingParameter("encryption", encryption)] : (StreamingParameter[])[],
    ];
}
