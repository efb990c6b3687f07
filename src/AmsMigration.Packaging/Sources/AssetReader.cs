using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Sources.LiveArchive;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.Packaging.Sources.Text;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>Recognises an asset and reads what it plays: manifests and headers, never media.</summary>
public static class AssetReader
{
    /// <summary>Name of the file with ftyp and moov in each track folder of a live archive; its fragments are files beside it.</summary>
    public const string TrackHeader = "header";

    private static readonly HashSet<string> MediaExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".m4a", ".mov", ".qt", ".3gp", ".3g2", ".f4v", ".ismv", ".isma", ".cmfv", ".cmfa",
    };

    /// <summary>Faults of single files and manifests are warnings; what is sound is read.</summary>
    /// <param name="keys">For encrypted tracks; those whose key is not among them are left out. Their samples stay as they are: see <see cref="DecryptingStore"/>.</param>
    /// <exception cref="PackagingException">The store itself cannot be read.</exception>
    public static async Task<AssetContent> ReadAsync(IAssetStore store, CancellationToken cancellation, IReadOnlyList<ContentKey>? keys = null) =>
        Select(await ReadAllTracksAsync(store, cancellation).ConfigureAwait(false), keys ?? []);

    /// <summary>What of <see cref="ReadAllTracksAsync"/> the keys open; reads nothing.</summary>
    public static AssetContent Select(AssetContent content, IReadOnlyList<ContentKey> keys) => EncryptedTracks.Select(content, keys);

    /// <summary>The same with encrypted tracks among the others, whatever keys there are.</summary>
    /// <exception cref="PackagingException">The store itself cannot be read.</exception>
    public static async Task<AssetContent> ReadAllTracksAsync(IAssetStore store, CancellationToken cancellation)
    {
        IReadOnlyList<AssetFile> files = await store.ListAsync(cancellation).ConfigureAwait(false);
        List<PackagingWarning> warnings = [];
        List<AssetFile> serverManifests = [.. AtRoot(files, file => HasExtension(file, ".ism"))];
        List<(string Path, ServerManifest Manifest)> manifests = [];
        foreach (AssetFile file in serverManifests)
        {
            ServerManifest? manifest = await TryParseAsync(store, file, ServerManifest.Parse, warnings, cancellation).ConfigureAwait(false);
            if (manifest is not null)
            {
                manifests.Add((file.Path, manifest));
            }
        }

        AssetFormat format = Recognise(files, manifests);
        if (format is not (AssetFormat.Mp4 or AssetFormat.Smooth or AssetFormat.BareMp4 or AssetFormat.LiveArchive or AssetFormat.LiveArchiveCmaf))
        {
            warnings.Add(new PackagingWarning("NothingToConvert", DescribeUnconverted(format)));
            IReadOnlyList<string> manifestsThere = format is AssetFormat.StaticHls or AssetFormat.StaticDash
                ? await StaticManifests.CheckAsync(store, files, warnings, cancellation).ConfigureAwait(false)
                : [];
            return Content(format, [], [], files, warnings, serverManifests) with { StaticManifests = manifestsThere };
        }

        List<Part> parts = [];
        if (format is AssetFormat.LiveArchive or AssetFormat.LiveArchiveCmaf)
        {
            // Beside an archive there may be films of files.
            var index = new AssetFileIndex(files);
            List<(string Path, ServerManifest Manifest)> ofFiles = manifests.FindAll(entry => !IsOfArchive(entry.Manifest) && NamesMedia(entry.Manifest, entry.Path, index));
            parts.Add(await ReadLiveArchiveAsync(store, files, [.. manifests.Except(ofFiles)], warnings, cancellation).ConfigureAwait(false));
            if (ofFiles.Count > 0)
            {
                parts.Add(await ReadFilesAsync(store, files, FormatOfFiles(ofFiles), ofFiles, warnings, cancellation).ConfigureAwait(false));
            }
        }
        else
        {
            parts.Add(await ReadFilesAsync(store, files, format, manifests, warnings, cancellation).ConfigureAwait(false));
        }

        HashSet<string> looked = [.. parts.SelectMany(part => part.Looked)];
        if (parts.TrueForAll(part => part.Presentations.Count == 0))
        {
            // Manifests that lead to nothing say nothing.
            List<AssetFile> unnamed = [.. files.Where(file => IsMedia(file) && !looked.Contains(file.Path))];
            parts.Add(await ReadFilesAsync(store, unnamed, AssetFormat.BareMp4, [], warnings, cancellation).ConfigureAwait(false));
            looked.UnionWith(parts[parts.Count - 1].Looked);
        }

        List<Presentation> presentations = Named(parts.SelectMany(part => part.Presentations));
        presentations = await TextSidecars.AddAsync(store, files, presentations, warnings, cancellation).ConfigureAwait(false);
        presentations = await ThumbnailFiles.AddAsync(store, files, presentations, warnings, cancellation).ConfigureAwait(false);
        HashSet<string> played =
        [
            .. parts.SelectMany(part => part.Played),
            .. presentations.SelectMany(presentation => presentation.Texts).SelectMany(text => text.Sources).Select(source => source.File),
        ];
        List<LeftOutTrack> leftOut = [.. parts.SelectMany(part => part.LeftOut)];

        // Of a file with media that cannot be carried, the copy is all that is left of it.
        played.ExceptWith(leftOut.Where(track => track.IsMedia).Select(track => track.File));
        List<AssetFile> others = [.. files.Where(file => !played.Contains(file.Path))];
        warnings.AddRange(FileAccount.DescribeMedia(others, looked, manifests.Count > 0 || format is AssetFormat.LiveArchive));
        IEnumerable<string> thumbnails = presentations.SelectMany(presentation => presentation.Thumbnails).SelectMany(track => track.Images.Select(image => image.Path).Append(track.CueFile));
        return Content(format, presentations, leftOut, others, warnings, serverManifests) with
        {
            Unmentioned = FileAccount.FindUnmentioned(others, looked, [.. warnings, .. presentations.SelectMany(presentation => presentation.Warnings)], thumbnails),
        };
    }

    /// <summary>What one kind of reading found.</summary>
    /// <param name="Played">Paths of the media files that presentations use.</param>
    /// <param name="Looked">Paths of these, and of those that warnings, or tracks that are left out, tell of.</param>
    private readonly record struct Part(
        IReadOnlyList<Presentation> Presentations, IReadOnlyList<LeftOutTrack> LeftOut, IReadOnlyCollection<string> Played, IReadOnlyCollection<string> Looked);

    private static async Task<Part> ReadFilesAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, AssetFormat format, List<(string Path, ServerManifest Manifest)> manifests,
        List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        var index = new AssetFileIndex(files);
        List<ManifestSelection> selections = [.. manifests.Select(entry => ManifestSelection.Resolve(entry.Path, entry.Manifest, index))];
        foreach (ManifestSelection selection in selections)
        {
            if (format == AssetFormat.Smooth && selection.ClientManifestFile is AssetFile client)
            {
                selection.ClientManifest = await TryParseAsync(
                    store, client, ClientManifest.Parse, warnings, cancellation).ConfigureAwait(false);
            }
        }

        List<AssetFile> wanted = manifests.Count > 0
            ? [.. selections.SelectMany(selection => selection.Files).Distinct()]
            : [.. AtRoot(files, IsMedia)];
        MediaLibrary library = await MediaLibrary.ReadAsync(store, wanted, cancellation).ConfigureAwait(false);
        List<Presentation> presentations = manifests.Count > 0
            ? [.. selections.Select(selection => selection.ToPresentation(library, format == AssetFormat.Smooth)).OfType<Presentation>()]
            : BareFiles.ToPresentations(library, store.Name);
        warnings.AddRange(selections.Where(selection => selection.IsEmpty).SelectMany(selection => selection.Warnings));
        warnings.AddRange(library.Faults);
        warnings.AddRange(DescribeFruitless(wanted, library, isBare: manifests.Count == 0));
        return new Part(
            [.. presentations.Select(presentation => TextTracks.Separate(TellApart(presentation), []))],
            [.. library.LeftOut],
            [.. presentations.SelectMany(presentation => presentation.Tracks).Select(track => track.SourceFile)],
            [.. wanted.Select(file => file.Path)]);
    }

    /// <summary>Files that can be read and of which nothing plays, so that no track says why.</summary>
    private static IEnumerable<PackagingWarning> DescribeFruitless(IEnumerable<AssetFile> files, MediaLibrary library, bool isBare) =>
        from file in files
        let content = library.Find(file.Path)
        where content is not null && content.LeftOut.Count == 0 && content.Tracks.All(track => isBare && track.Kind == TrackKind.Text)
        select new PackagingWarning(
            "NoMedia", content.Tracks.Count == 0 ? "Its header lists no track." : "It has text and neither sound nor pictures; without a manifest nothing says what it belongs to.", file.Path);

    /// <summary>A presentation for each server manifest; without one the folders alone tell what plays.</summary>
    private static async Task<Part> ReadLiveArchiveAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, List<(string Path, ServerManifest Manifest)> manifests,
        List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        List<ArchiveManifest> archives = [];
        foreach ((string path, ServerManifest? server) in manifests.Count > 0 ? manifests.ConvertAll(entry => (entry.Path, (ServerManifest?)entry.Manifest)) : [(store.Name + ".ism", null)])
        {
            ClientManifest? client = await ReadClientManifestAsync(store, files, path, server, manifests.Count < 2, warnings, cancellation).ConfigureAwait(false);
            archives.Add(new ArchiveManifest(path, server, client));
        }

        List<Presentation> presentations = [];
        List<LeftOutTrack> leftOut = [];
        HashSet<string> played = [];
        HashSet<string> looked = [];
        foreach ((ArchiveManifest manifest, IReadOnlyList<TrackFolder> folders) in ArchiveManifest.Share(archives, TrackFolder.FindAll(files), warnings))
        {
            var reader = new LiveArchiveReader(store, files, folders, manifest.Client);
            Presentation? presentation = await reader.ReadAsync(Path.GetFileNameWithoutExtension(manifest.Path), manifest.Server, cancellation).ConfigureAwait(false);
            leftOut.AddRange(reader.LeftOut);
            looked.UnionWith(reader.Looked);
            if (presentation is null)
            {
                warnings.AddRange(reader.Warnings);
                warnings.Add(new PackagingWarning("NothingPlayable", "The live archive has no track folder with a header and fragments that can be read."));
                continue;
            }

            played.UnionWith(reader.Played);
            IReadOnlyList<ServerManifestTrack> entries = manifest.Server?.Tracks ?? [];
            presentations.Add(TextTracks.AddTranscripts(TextTracks.Separate(TellApart(presentation), entries), entries, manifest.Path, new AssetFileIndex(files)));
        }

        return new Part(presentations, leftOut, played, looked);
    }

    private static async Task<ClientManifest?> ReadClientManifestAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, string serverPath, ServerManifest? server, bool takesAny, List<PackagingWarning> warnings,
        CancellationToken cancellation)
    {
        string name = server?.ClientManifest ?? Path.GetFileNameWithoutExtension(serverPath) + ".ismc";
        AssetFile? file = files.FirstOrDefault(f => string.Equals(f.Path, name, StringComparison.OrdinalIgnoreCase))
            ?? files.FirstOrDefault(f => takesAny && HasExtension(f, ".ismc"));
        return file is null ? null : await TryParseAsync(store, file, ClientManifest.Parse, warnings, cancellation).ConfigureAwait(false);
    }

    private static AssetContent Content(
        AssetFormat format,
        List<Presentation> presentations,
        List<LeftOutTrack> leftOut,
        IReadOnlyList<AssetFile> others,
        List<PackagingWarning> warnings,
        List<AssetFile> serverManifests) => new()
        {
            Format = format,
            Presentations = presentations,
            LeftOut = leftOut,
            OtherFiles = others,
            Warnings = [.. warnings.Distinct()],
            ServerManifests = [.. serverManifests.Select(file => file.Path)],
        };

    /// <summary>Null, with a warning, where the file is no such manifest.</summary>
    private static async Task<T?> TryParseAsync<T>(
        IAssetStore store, AssetFile file, Func<byte[], string, T> parse, List<PackagingWarning> warnings, CancellationToken cancellation)
        where T : class
    {
        try
        {
            byte[] content = await ReadAllAsync(store, file, cancellation).ConfigureAwait(false);
            return parse(content, file.Path);
        }
        catch (PackagingException e)
        {
            warnings.Add(new PackagingWarning(e.Code, e.Message));
            return null;
        }
    }

    private static async Task<byte[]> ReadAllAsync(IAssetStore store, AssetFile file, CancellationToken cancellation)
    {
        using IByteSource source = await store.OpenAsync(file.Path, cancellation).ConfigureAwait(false);
        ManifestXml.CheckLength(source.Length, file.Path);
        byte[] content = new byte[source.Length];
        int length = 0;
        while (length < content.Length)
        {
            int read = await source.ReadAsync(length, content, length, content.Length - length, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new PackagingException("FileUnreadable", $"{length} of {content.Length} bytes could be read.", file.Path, length);
            }

            length += read;
        }

        return content;
    }

    private static AssetFormat Recognise(IReadOnlyList<AssetFile> files, List<(string Path, ServerManifest Manifest)> manifests)
    {
        string[] formats = [.. manifests.Select(entry => Formats(entry.Manifest))];
        if (formats.Any(format => format.EndsWith("-cmaf", StringComparison.Ordinal)))
        {
            return AssetFormat.LiveArchiveCmaf;
        }

        bool hasTrackFolders = files.Any(file => file.Path.EndsWith("/" + TrackHeader, StringComparison.Ordinal));
        if (hasTrackFolders || manifests.Any(entry => IsOfArchive(entry.Manifest)))
        {
            return AssetFormat.LiveArchive;
        }

        if (manifests.Count > 0)
        {
            return FormatOfFiles(manifests);
        }

        return files.Any(file => HasExtension(file, ".m3u8")) ? AssetFormat.StaticHls
            : files.Any(file => HasExtension(file, ".mpd")) ? AssetFormat.StaticDash
            : files.Any(IsMedia) ? AssetFormat.BareMp4
            : AssetFormat.NonStreamable;
    }

    private static string Formats(ServerManifest manifest) => manifest.Formats?.ToLowerInvariant() ?? "";

    private static bool IsOfArchive(ServerManifest manifest) =>
        Formats(manifest) is "vod-fmp4" or "live-fmp4" || Formats(manifest).EndsWith("-cmaf", StringComparison.Ordinal);

    /// <summary>True where media files that it names are there.</summary>
    private static bool NamesMedia(ServerManifest manifest, string path, AssetFileIndex index) =>
        manifest.Tracks.Any(track => index.Find(track.Source, path, []) is AssetFile file && IsMedia(file));

    private static AssetFormat FormatOfFiles(List<(string Path, ServerManifest Manifest)> manifests)
    {
        bool isSmooth = manifests.SelectMany(entry => entry.Manifest.Tracks)
            .Any(track => track.Source.EndsWith(".ismv", StringComparison.OrdinalIgnoreCase)
                || track.Source.EndsWith(".isma", StringComparison.OrdinalIgnoreCase));
        return isSmooth || manifests.Exists(entry => Formats(entry.Manifest) == "fmp4") ? AssetFormat.Smooth : AssetFormat.Mp4;
    }

    private static string DescribeUnconverted(AssetFormat format) => format switch
    {
        AssetFormat.StaticHls or AssetFormat.StaticDash => "The asset is static already: it plays from any web server, and is copied as it is.",
        _ => "The asset has no MP4 or QuickTime file.",
    };

    /// <summary>Media Services looked at the root alone; a folder that holds everything one level down is taken too.</summary>
    private static IEnumerable<AssetFile> AtRoot(IReadOnlyList<AssetFile> files, Func<AssetFile, bool> isWanted)
    {
        List<AssetFile> wanted = [.. files.Where(isWanted)];
        List<AssetFile> atRoot = wanted.FindAll(file => file.Path.IndexOf('/') < 0);
        return atRoot.Count > 0 ? atRoot : wanted;
    }

    private static Presentation TellApart(Presentation presentation)
    {
        List<PackagingWarning> warnings = [.. presentation.Warnings];
        return presentation with { Tracks = AudioSelection.TellApart(presentation.Tracks, warnings), Warnings = warnings };
    }

    private static List<Presentation> Named(IEnumerable<Presentation> presentations)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        List<Presentation> named = [];
        foreach (Presentation presentation in presentations)
        {
            string name = presentation.Name;
            for (int i = 2; !taken.Add(name); i++)
            {
                name = $"{presentation.Name}_{i}";
            }

            named.Add(name == presentation.Name
                ? presentation
                : presentation with { Name = name });
        }

        return named;
    }

    internal static bool IsMedia(AssetFile file) => MediaExtensions.Contains(Path.GetExtension(file.Path));

    private static bool HasExtension(AssetFile file, string extension) =>
        file.Path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
