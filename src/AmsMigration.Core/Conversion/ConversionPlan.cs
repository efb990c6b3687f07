using AmsMigration.Assets;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Gaps;
using AmsMigration.Packaging.InPlace;
using AmsMigration.Packaging.Manifests;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Storage;
using AmsMigration.Protection;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Conversion;

/// <summary>Everything that converting one asset would write, to the byte. Reading it changes nothing.</summary>
public sealed class ConversionPlan
{
    private ConversionPlan(AmsAsset asset, ConversionOptions options, CountingAssetStore source, IOutputStore output)
    {
        Asset = asset;
        Options = options;
        Source = source;
        Media = source;
        Output = output;
    }

    public AmsAsset Asset { get; }

    /// <summary>Full path or URI of the output folder.</summary>
    public string Destination => Output.Location;

    /// <summary>Every file in the order in which it becomes visible, with its length in bytes.</summary>
    public IEnumerable<(string Path, long Length)> Files => ContentFiles.Append((OutputRecord.Path, RecordLength));

    /// <summary>Manifests at the paths of streaming locators, which lie elsewhere: full paths or URIs, and lengths in bytes.</summary>
    public IEnumerable<(string Location, long Length)> AliasFiles => Aliases.Folders.SelectMany(folder => folder.Files);

    /// <summary>Full path or URI of a file of the output.</summary>
    public string Locate(string path) => Output.Locate(path);

    public long TotalBytes => Files.Sum(file => file.Length);

    /// <summary>False where the asset has nothing that this run would write.</summary>
    public bool HasWork => Presentations.Count > 0 || Copies.Count > 0;

    public IReadOnlyList<PackagingWarning> Warnings { get; private set; } = [];

    internal ConversionOptions Options { get; }

    internal CountingAssetStore Source { get; }

    /// <summary>The source in the clear.</summary>
    internal IAssetStore Media { get; private set; }

    internal IOutputStore Output { get; }

    internal IReadOnlyList<PackagingPlan> Presentations { get; private set; } = [];

    /// <summary>Manifests among <see cref="Copies"/> that players open.</summary>
    internal IReadOnlyList<string> StaticManifests { get; private set; } = [];

    /// <summary>Source files that go over as they are.</summary>
    internal IReadOnlyList<AssetFile> Copies { get; private set; } = [];

    internal IReadOnlyList<OutputFile> Page { get; private set; } = [];

    /// <summary>All files but the record.</summary>
    internal IEnumerable<(string Path, long Length)> ContentFiles =>
        Copies.Select(file => (file.Path, file.Length)).Concat(PlannedFiles.Select(file => (file.Path, file.Length)));

    /// <summary>Source files that the output is made of: those that planning opened, those that media come from, those that are copied.</summary>
    internal IReadOnlyList<AssetFile> SourceFiles { get; private set; } = [];

    /// <summary>With this asset's keys.</summary>
    internal ProtectionOptions Protection { get; private set; } = ProtectionOptions.None;

    internal AliasPlan Aliases { get; private set; } = AliasPlan.None;

    internal Fingerprint Fingerprint { get; private set; } = null!;

    private IEnumerable<OutputFile> PlannedFiles => Presentations.SelectMany(plan => plan.Files).Concat(Page);

    /// <summary>Bytes of the record of the complete output.</summary>
    private long RecordLength { get; set; }

    /// <param name="destination">Null where it is to be played in place.</param>
    /// <param name="reading">Of the asset, where it was looked at just now; used up.</param>
    /// <exception cref="PackagingException">The asset cannot be read at all, or not be played in place.</exception>
    public static async Task<ConversionPlan> CreateAsync(
        AmsAsset asset, IDestination? destination, ConversionOptions options, CancellationToken cancellation, AssetReading? reading = null)
    {
        (CountingAssetStore source, AssetContent? read) = reading?.Take() ?? (new CountingAssetStore(asset.Store), null);
        return await source.ReadAsync(() => CreateAsync(asset, destination, options, source, read, cancellation)).ConfigureAwait(false);
    }

    private static async Task<ConversionPlan> CreateAsync(
        AmsAsset asset, IDestination? destination, ConversionOptions options, CountingAssetStore source, AssetContent? read, CancellationToken cancellation)
    {
        var plan = new ConversionPlan(asset, options, source, destination?.Open(options.PathTemplate.Expand(asset)) ?? OpenInPlace(asset));
        SourceGuard.Check(plan);

        plan.Protection = await AssetProtection.FindAsync(asset, source, options, cancellation).ConfigureAwait(false);
        IReadOnlyList<ContentKey> sourceKeys = await AssetProtection.FindSourceKeysAsync(asset, options, cancellation).ConfigureAwait(false);
        AssetContent content = AssetReader.Select(read ?? await AssetReader.ReadAllTracksAsync(source, cancellation).ConfigureAwait(false), sourceKeys);
        AssetProtection.Check(content, options);
        plan.Media = DecryptingStore.Of(source, content.Presentations, sourceKeys);

        if (options.InPlace && content.Presentations.Count == 0)
        {
            throw new PackagingException(InPlacePlanner.Refused, "there is no live archive with sound or pictures in it");
        }

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
                Presentation loaded = await PresentationContent.ReadAsync(plan.Media, presentation, cancellation).ConfigureAwait(false);
                presentations.Add(await plan.PackageAsync(loaded, options.Packaging with { ManifestName = name }, cancellation).ConfigureAwait(false));
            }
            catch (PackagingException e) when (content.Presentations.Count > 1 && !options.InPlace)
            {
                warnings.Add(new PackagingWarning(e.Code, $"presentation '{presentation.Name}' is left out: {e.Message}"));
            }
        }

        plan.Presentations = presentations;
        if (options.PlayerPage && presentations.Count > 0)
        {
            plan.Page = PlayerPageWriter.Write(asset.AssetName, [.. presentations.Select(p => p.ManifestName)], warnings);
        }

        IEnumerable<AssetFile> lost = FindLost(await source.ListAsync(cancellation).ConfigureAwait(false), content, presentations);
        (IReadOnlyList<AssetFile> copies, IReadOnlyList<PackagingWarning> refused) = CopyNames.Choose(
            FilesToCopy(content, lost, presentations, options), [.. plan.PlannedFiles.Select(file => file.Path)], asset.Store, plan.Output);
        plan.StaticManifests = [.. content.StaticManifests.Intersect(copies.Select(file => file.Path))];
        plan.Copies = [.. copies.OrderBy(plan.RankOfCopy)];
        warnings.AddRange(refused);
        warnings.AddRange(presentations.SelectMany(p => p.Warnings));
        if (plan.HasWork && !options.InPlace)
        {
            HashSet<string> named = [.. refused.Select(warning => warning.File!)];
            warnings.AddRange(FilesLeftBehind.Describe([.. content.Unmentioned.Except(plan.Copies).Where(file => !named.Contains(file.Path))], options.CopyNonStreamable));
        }

        if (options.Aliases is not null)
        {
            plan.Aliases = AliasPlan.Create(asset, options.Aliases, plan.Output, presentations, plan.Protection.Scheme);
            warnings.AddRange(plan.Aliases.Warnings);
        }

        plan.Warnings = [.. warnings.Distinct()];
        plan.SourceFiles = await FindSourceFilesAsync(plan, cancellation).ConfigureAwait(false);
        plan.Fingerprint = Fingerprint.Of(plan.SourceFiles, options, plan.Protection, plan.PlannedFiles, plan.Copies);
        plan.RecordLength = OutputRecord.Write(plan, RecordState.Complete, DateTime.UtcNow).LongLength;
        return plan;
    }

    /// <summary>Of what is static already, manifests are copied after what they name, and those that players open last.</summary>
    internal int RankOfCopy(AssetFile file) =>
        StaticManifests.Contains(file.Path) ? 2 : ContentTypes.Of(file.Path) is ContentTypes.Hls or ContentTypes.Dash ? 1 : 0;

    private static IOutputStore OpenInPlace(AmsAsset asset) => asset.Store is IInPlaceStore store
        ? store.OpenOutput()
        : throw new PackagingException(InPlacePlanner.Refused, "only a live archive in a folder or container of its own can be played where it lies");

    private async Task<PackagingPlan> PackageAsync(Presentation presentation, PackagingOptions packaging, CancellationToken cancellation) => Options.InPlace
        ? await InPlacePlanner.PlanAsync(Source, presentation, packaging, Options.GapHandling, cancellation).ConfigureAwait(false)
        : await ProtectAsync(GapHandler.Apply(presentation, Options.GapHandling), packaging, cancellation).ConfigureAwait(false);

    private async Task<PackagingPlan> ProtectAsync(Presentation presentation, PackagingOptions packaging, CancellationToken cancellation)
    {
        PresentationProtection protection = await PresentationProtection.PrepareAsync(
            presentation, Protection, Media, Asset.Store is IRemoteStore, cancellation).ConfigureAwait(false);
        return PackagingPlanner.Plan(presentation, packaging, protection);
    }

    /// <summary>Of an asset that is static already, all; otherwise the thumbnails that manifests name, and the rest where it is wanted.</summary>
    private static IEnumerable<AssetFile> FilesToCopy(
        AssetContent content, IEnumerable<AssetFile> lost, List<PackagingPlan> presentations, ConversionOptions options)
    {
        HashSet<string> thumbnails = [.. presentations.SelectMany(p => p.Presentation.Thumbnails).SelectMany(track => track.Images.Select(image => image.Path).Append(track.CueFile))];
        if (options.InPlace)
        {
            return [];
        }

        bool isAll = options.CopyNonStreamable || content.StaticManifests.Count > 0;
        return content.OtherFiles.Concat(lost).Where(file =>
            file.Path != OutputRecord.Path && (thumbnails.Contains(file.Path) || (isAll && AssetProtection.MayCopy(file, options))));
    }

    /// <summary>Files of presentations, tracks and text that looked sound and could not be packaged: warnings name what was to be made of them.</summary>
    private static IEnumerable<AssetFile> FindLost(IReadOnlyList<AssetFile> files, AssetContent content, List<PackagingPlan> packaged)
    {
        HashSet<string> lost = [.. content.Presentations.SelectMany(PathsOf)];
        lost.ExceptWith(packaged.SelectMany(plan => PathsOf(plan.Presentation)));
        lost.ExceptWith(content.OtherFiles.Select(file => file.Path));
        return files.Where(file => lost.Contains(file.Path));
    }

    private static IEnumerable<string> PathsOf(Presentation presentation)
    {
        IEnumerable<TextSource> texts = presentation.Texts.SelectMany(text => text.Sources);
        IEnumerable<Track> tracks = presentation.Tracks.Concat(texts.Select(text => text.Samples).OfType<Track>());
        return tracks.SelectMany(track => track.Samples.Files.Select(file => presentation.Files[file].Path).Append(track.SourceFile)).Concat(texts.Select(text => text.File));
    }

    /// <summary>In place, those alone that were opened, which all fragments were: the listing has what an earlier run wrote.</summary>
    private static async Task<IReadOnlyList<AssetFile>> FindSourceFilesAsync(ConversionPlan plan, CancellationToken cancellation)
    {
        IEnumerable<AssetFile> media = plan.Options.InPlace ? [] : plan.Presentations.SelectMany(p => p.Presentation.Files);
        var paths = new HashSet<string>(
            plan.Source.Opened.Concat(plan.Copies.Concat(media).Select(file => file.Path)),
            StringComparer.Ordinal);
        return [.. (await plan.Source.ListAsync(cancellation).ConfigureAwait(false)).Where(file => paths.Contains(file.Path))];
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
