using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.Text;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Conversion;

/// <summary>Everything that converting one asset would write, to the byte. Reading it changes nothing.</summary>
public sealed class ConversionPlan
{
    private ConversionPlan(AmsAsset asset, CountingAssetStore source, IOutputStore output)
    {
        Asset = asset;
        Source = source;
        Output = output;
    }

    public AmsAsset Asset { get; }

    /// <summary>Full path or URI of the output folder.</summary>
    public string Destination => Output.Location;

    /// <summary>Every file in the order in which it becomes visible, with its length in bytes.</summary>
    public IEnumerable<(string Path, long Length)> Files =>
        Copies.Select(file => (file.Path, file.Length))
            .Concat(Presentations.SelectMany(plan => plan.Files).Concat(Page).Select(file => (file.Path, file.Length)));

    public long TotalBytes => Files.Sum(file => file.Length);

    /// <summary>False where the asset has nothing that this run would write.</summary>
    public bool HasWork => Presentations.Count > 0 || Copies.Count > 0;

    public IReadOnlyList<PackagingWarning> Warnings { get; private set; } = [];

    internal CountingAssetStore Source { get; }

    internal IOutputStore Output { get; }

    internal IReadOnlyList<PackagingPlan> Presentations { get; private set; } = [];

    /// <summary>Source files that go over as they are.</summary>
    internal IReadOnlyList<AssetFile> Copies { get; private set; } = [];

    internal IReadOnlyList<OutputFile> Page { get; private set; } = [];

    /// <exception cref="PackagingException">The asset cannot be read at all.</exception>
    public static async Task<ConversionPlan> CreateAsync(
        AmsAsset asset, IDestination destination, ConversionOptions options, CancellationToken cancellation)
    {
        var source = new CountingAssetStore(asset.Store);
        var plan = new ConversionPlan(asset, source, destination.Open(options.PathTemplate.Expand(asset)));
        if (string.Equals(plan.Destination, source.Location, StringComparison.OrdinalIgnoreCase))
        {
            throw new PackagingException("DestinationIsSource", $"'{plan.Destination}' is the asset itself; its files are never written over");
        }

        AssetContent content = await AssetReader.ReadAsync(source, cancellation).ConfigureAwait(false);

        List<PackagingWarning> warnings = [.. content.Warnings];
        warnings.AddRange(content.LeftOut.Select(track => new PackagingWarning(
            "TrackLeftOut", $"{track.Codec} track {track.TrackId} is left out: {track.Reason}", track.File)));

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        List<PackagingPlan> presentations = [];
        foreach (Presentation presentation in content.Presentations)
        {
            string name = UniqueName(ManifestName(presentation, content.Presentations.Count, options.Packaging), names);
            try
            {
                Presentation loaded = await TextLoader.LoadAsync(source, presentation, cancellation).ConfigureAwait(false);
                presentations.Add(PackagingPlanner.Plan(loaded, options.Packaging with { ManifestName = name }));
            }
            catch (PackagingException e) when (content.Presentations.Count > 1)
            {
                warnings.Add(new PackagingWarning(e.Code, $"presentation '{presentation.Name}' is left out: {e.Message}"));
            }
        }

        plan.Presentations = presentations;
        plan.Copies = options.CopyNonStreamable ? content.OtherFiles : [];
        if (options.PlayerPage && presentations.Count > 0)
        {
            plan.Page = PlayerPageWriter.Write(asset.AssetName, [.. presentations.Select(p => p.ManifestName)], warnings);
        }

        warnings.AddRange(presentations.SelectMany(p => p.Warnings));
        plan.Warnings = [.. warnings.Distinct()];
        return plan;
    }

    /// <summary>What the output holds already.</summary>
    internal async Task<OutputState> GetOutputStateAsync(CancellationToken cancellation)
    {
        List<(string Path, long Length)> files = [.. Files];
        IReadOnlyDictionary<string, long> present = await Output.GetLengthsAsync([.. files.Select(file => file.Path)], cancellation).ConfigureAwait(false);
        return present.Count == 0
            ? OutputState.Absent
            : files.All(file => present.TryGetValue(file.Path, out long length) && length == file.Length)
                ? OutputState.Complete
                : OutputState.Different;
    }

    private static string ManifestName(Presentation presentation, int presentations, PackagingOptions options) => options.ManifestName switch
    {
        null => presentation.Name,
        string name when presentations == 1 => name,
        string name => $"{name}-{presentation.Name}",
    };

    private static string UniqueName(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        return unique;
    }
}

internal enum OutputState
{
    Absent,
    Complete,
    Different,
}
