using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;

namespace AmsMigration.StreamingUrls;

/// <summary>The manifests of one asset at the paths of its streaming locators.</summary>
internal sealed class AliasPlan
{
    private readonly List<PackagingWarning> _warnings = [];

    private AliasPlan()
    {
    }

    public static AliasPlan None { get; } = new();

    /// <summary>One for each locator.</summary>
    public IReadOnlyList<AliasFolder> Folders { get; private set; } = [];

    public IReadOnlyList<PackagingWarning> Warnings => _warnings;

    public IEnumerable<AmsStreamingAlias> Aliases => Folders.SelectMany(folder => folder.Aliases);

    /// <param name="output">Where the media is.</param>
    /// <exception cref="PackagingException"><c>UrlDestinationUnreachable</c>.</exception>
    public static AliasPlan Create(
        AmsAsset asset, AliasOptions options, IOutputStore output, IReadOnlyList<PackagingPlan> presentations, ProtectionScheme protection)
    {
        var plan = new AliasPlan();
        Guid[] locators = plan.FindLocators(asset, options);
        if (presentations.Count == 0)
        {
            plan._warnings.Add(new PackagingWarning("NoAliases", "The asset has no presentation that was made here, so nothing plays at the paths of its locators."));
            return plan;
        }

        StreamingAddress[] known = [.. (asset.Metadata?.StreamingUrls ?? []).Select(url => StreamingAddress.TryParse(url.Url)).OfType<StreamingAddress>()];
        plan.Folders = [.. locators.Select(locator => plan.PlanFolder(asset, locator, options, output, presentations, known))];
        if (protection == ProtectionScheme.None)
        {
            plan.WarnOfProtection(asset, locators);
        }

        return plan;
    }

    /// <summary>Everything is there already; known when each folder was looked at.</summary>
    public bool IsCurrent => Folders.All(folder => folder.IsCurrent);

    /// <summary>Writes those that are not there.</summary>
    /// <returns>Bytes.</returns>
    public async Task<long> WriteAsync(RunLog? log, CancellationToken cancellation)
    {
        long written = 0;
        foreach (AliasFolder folder in Folders.Where(folder => !folder.IsCurrent))
        {
            written += await folder.WriteAsync(log, cancellation).ConfigureAwait(false);
        }

        return written;
    }

    private Guid[] FindLocators(AmsAsset asset, AliasOptions options)
    {
        if (options.LocatorIds.Count > 0)
        {
            return [.. options.LocatorIds.Distinct()];
        }

        AmsStreamingLocator[] known = asset.Metadata?.Locators ?? [];
        foreach (AmsStreamingLocator wrong in known.Where(locator => !Guid.TryParse(locator.LocatorId, out _)))
        {
            _warnings.Add(new PackagingWarning("LocatorIdWrong", $"The id of the locator '{wrong.Name}' is '{wrong.LocatorId}', which is no GUID; it gets no aliases."));
        }

        if (known.Length == 0)
        {
            _warnings.Add(new PackagingWarning("NoLocators", "No streaming locator of the asset is known; -LocatorId names one, or exported metadata does."));
        }

        return [.. known.Select(locator => Guid.TryParse(locator.LocatorId, out Guid id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct()];
    }

    private AliasFolder PlanFolder(
        AmsAsset asset, Guid locator, AliasOptions options, IOutputStore output, IReadOnlyList<PackagingPlan> presentations, StreamingAddress[] known)
    {
        string id = locator.ToString("D");
        IOutputStore store = options.Destination.Open(id);
        var folder = new AliasFolder(id, store, asset);
        foreach (PackagingPlan presentation in presentations)
        {
            IReadOnlyList<StreamingAddress> addresses = AliasAddresses.Of(known, locator, presentation.Presentation.Name, presentations.Count == 1);
            foreach (IGrouping<string, StreamingAddress> manifest in addresses.GroupBy(address => address.ManifestName))
            {
                // All in one folder, so that one reference serves them all.
                var alias = new ManifestAlias(presentation, AliasBase.Find(store.Locate(manifest.Key), output.Location));
                foreach (StreamingAddress address in manifest)
                {
                    Add(folder, address, alias);
                }
            }
        }

        return folder;
    }

    private void Add(AliasFolder folder, StreamingAddress address, ManifestAlias manifest)
    {
        string path = $"{address.ManifestName}/{address.RequestName}";
        if (!RelativePath.IsSafe(path))
        {
            _warnings.Add(new PackagingWarning("AliasNotWritten", $"'{path}' is no name for a file everywhere; it gets no alias."));
            return;
        }

        OutputFile? file = address.Protocol == AmsStreamingProtocol.Hls ? manifest.ToHls(path) : manifest.ToDash(path);
        if (file is not null)
        {
            folder.Add(address, file);
        }
    }

    /// <summary>Who published an asset under a key may not know that its new address has none.</summary>
    private void WarnOfProtection(AmsAsset asset, Guid[] locators)
    {
        foreach (AmsStreamingLocator locator in asset.Metadata?.Locators ?? [])
        {
            if (locator.Protection.Length > 0 && Guid.TryParse(locator.LocatorId, out Guid id) && locators.Contains(id))
            {
                _warnings.Add(new PackagingWarning(
                    "LocatorWasProtected", $"The locator {locator.LocatorId} streamed with {string.Join(", ", locator.Protection)}; its aliases play in the clear."));
            }
        }
    }
}
