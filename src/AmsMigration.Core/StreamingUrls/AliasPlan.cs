using AmsMigration.Assets;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Manifests.Aliases;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.SmoothStreaming;
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
        (PackagingPlan, SmoothPresentation?)[] all =
            [.. presentations.Select(presentation => (presentation, options.SmoothStreaming ? SmoothPresentation.Of(presentation, plan._warnings) : null))];
        plan.Folders = [.. locators.Select(locator => plan.PlanFolder(asset, locator, options, output, all, known))];
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
    /// <param name="media">Where the source's samples are, in the clear.</param>
    public async Task<long> WriteAsync(IAssetStore media, RunLog? log, CancellationToken cancellation)
    {
        long written = 0;
        foreach (AliasFolder folder in Folders.Where(folder => !folder.IsCurrent))
        {
            written += await folder.WriteAsync(media, log, cancellation).ConfigureAwait(false);
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
        AmsAsset asset, Guid locator, AliasOptions options, IOutputStore output, (PackagingPlan Plan, SmoothPresentation? Smooth)[] presentations, StreamingAddress[] known)
    {
        string id = locator.ToString("D");
        IOutputStore store = options.Destination.Open(id);
        var folder = new AliasFolder(id, store, asset);
        AmsStreamingLocator? described = asset.Metadata?.Locators.FirstOrDefault(one => string.Equals(one.LocatorId, id, StringComparison.OrdinalIgnoreCase));
        IReadOnlyList<PresentationFilter> filters = asset.Metadata?.StreamingFilters ?? [];
        PresentationFilter[] always = FindFilters(filters, described?.Filters ?? [], $"The locator {id}");
        foreach ((PackagingPlan presentation, SmoothPresentation? fragments) in presentations)
        {
            var addresses = new AliasAddresses(known, locator, presentation.Presentation.Name, presentations.Length == 1);
            Publish(folder, store, output, presentation, always, always.Length == 0 ? "" : "locator", addresses.Whole());
            PublishSmooth(folder, presentation, fragments, addresses.Smooth());
            IEnumerable<string[]> combinations = filters.Select(filter => new[] { filter.Name }).Concat(addresses.Combinations.Distinct(SameNames.Instance));
            foreach (string[] names in combinations)
            {
                PresentationFilter[] combined = FindFilters(filters, names, "An address of the asset");
                if (combined.Length == names.Length)
                {
                    Publish(folder, store, output, presentation, [.. always, .. combined], string.Join(";", names), addresses.Filtered(names));
                }
            }
        }

        return folder;
    }

    /// <param name="part">Names what the filters show; empty without filters.</param>
    private void Publish(
        AliasFolder folder, IOutputStore store, IOutputStore output, PackagingPlan presentation, PresentationFilter[] filters, string part,
        IReadOnlyList<StreamingAddress> addresses)
    {
        string parts = part.Length == 0 ? "filters" : $"filters/{part}";
        PresentationView? view = filters.Length == 0 ? PresentationView.Whole(presentation) : PresentationView.Of(presentation, filters, parts);
        if (view is null)
        {
            Warn("FilterLeavesNothing", $"Of '{presentation.ManifestName}' nothing passes {string.Join(" and ", filters.Select(filter => $"'{filter}'"))}; it gets no alias.");
            return;
        }

        foreach (IGrouping<string, StreamingAddress> manifest in addresses.GroupBy(address => address.ManifestName))
        {
            if (manifest.FirstOrDefault(address => !RelativePath.IsSafe($"{address.ManifestName}/{parts}/{address.RequestName}")) is StreamingAddress unsafeOne)
            {
                Warn("AliasNotWritten", $"'{unsafeOne.ManifestName}/{unsafeOne.RequestName}' is no name for a file everywhere; it gets no alias.");
                continue;
            }

            // All in one folder, so that one reference serves them all.
            var alias = new ManifestAlias(view, AliasBase.Find(store.Locate(manifest.Key), output.Location), manifest.Key, parts);
            folder.AddParts(alias.MakeParts());
            foreach (StreamingAddress address in manifest)
            {
                OutputFile? file = address.Protocol == AmsStreamingProtocol.Hls ? alias.ToHls(address.RequestName) : alias.ToDash(address.RequestName);
                if (file is not null)
                {
                    folder.Add(address, file);
                }
            }
        }
    }

    private static void PublishSmooth(AliasFolder folder, PackagingPlan presentation, SmoothPresentation? fragments, IReadOnlyList<StreamingAddress> addresses)
    {
        foreach (IGrouping<string, StreamingAddress> manifest in addresses.GroupBy(address => address.ManifestName).Where(_ => fragments is not null))
        {
            folder.AddMedia(presentation, fragments!.Fragments(manifest.Key));
            foreach (StreamingAddress address in manifest)
            {
                folder.Add(address, fragments.ToManifest($"{manifest.Key}/{address.RequestName}"));
            }
        }
    }

    private PresentationFilter[] FindFilters(IReadOnlyList<PresentationFilter> known, string[] names, string who)
    {
        List<PresentationFilter> found = [];
        foreach (string name in names)
        {
            if (known.FirstOrDefault(filter => string.Equals(filter.Name, name, StringComparison.OrdinalIgnoreCase)) is PresentationFilter filter)
            {
                found.Add(filter);
            }
            else
            {
                Warn("FilterUnknown", $"{who} names the filter '{name}', and nobody knows any more what it let through.");
            }
        }

        return [.. found];
    }

    private void Warn(string code, string message)
    {
        var warning = new PackagingWarning(code, message);
        if (!_warnings.Contains(warning))
        {
            _warnings.Add(warning);
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

    private sealed class SameNames : IEqualityComparer<string[]>
    {
        public static SameNames Instance { get; } = new();

        public bool Equals(string[]? x, string[]? y) => x is not null && y is not null && x.SequenceEqual(y, StringComparer.OrdinalIgnoreCase);

        public int GetHashCode(string[] names) => names.Length;
    }
}
