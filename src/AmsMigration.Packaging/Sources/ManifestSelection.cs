using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.Packaging.Sources.Text;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>The tracks that a server manifest selects.</summary>
internal sealed class ManifestSelection
{
    private readonly List<(ServerManifestTrack Entry, AssetFile File)> _entries = [];
    private readonly List<(ServerManifestTrack Entry, AssetFile? Transcript, AssetFile? Source)> _texts = [];
    private readonly string _path;

    private ManifestSelection(string path) => _path = path;

    /// <summary>Media files, whose headers are to be read.</summary>
    public IEnumerable<AssetFile> Files => _entries
        .Select(entry => entry.File)
        .Concat(_texts.Select(text => text.Source).OfType<AssetFile>().Where(file => TextTracks.FormatOf(file.Path) is null));

    /// <summary>The client manifest that the server manifest names, where it is there.</summary>
    public AssetFile? ClientManifestFile { get; private set; }

    /// <summary>Says when the streams of Smooth files start; null where it is not wanted or cannot be read.</summary>
    public ClientManifest? ClientManifest { get; set; }

    public List<PackagingWarning> Warnings { get; } = [];

    /// <summary>True after <see cref="ToPresentation"/> where nothing was left to play.</summary>
    public bool IsEmpty { get; private set; }

    /// <param name="path">The manifest's path in the asset.</param>
    public static ManifestSelection Resolve(string path, ServerManifest manifest, AssetFileIndex index)
    {
        var selection = new ManifestSelection(path);
        selection.Warnings.AddRange(manifest.Warnings);

        // Media Services made a missing client manifest anew, so that its absence is no fault.
        selection.ClientManifestFile = manifest.ClientManifest is string client ? index.Find(client, path, []) : null;
        foreach (ServerManifestTrack entry in manifest.Tracks)
        {
            if (entry.Kind == TrackKind.Text)
            {
                (AssetFile? transcript, AssetFile? source) = TextTracks.Locate(entry, path, index, selection.Warnings);
                selection._texts.Add((entry, transcript, source));
            }
            else if (index.Find(entry.Source, path, selection.Warnings) is AssetFile file)
            {
                selection._entries.Add((entry, file));
            }
        }

        return selection;
    }

    /// <summary>Null where none of the tracks is there.</summary>
    /// <param name="isSmooth">Fragments may need others to say when they start.</param>
    public Presentation? ToPresentation(MediaLibrary library, bool isSmooth)
    {
        List<Track> tracks = [];
        var taken = new HashSet<(string File, uint TrackId)>();
        foreach ((ServerManifestTrack entry, AssetFile file) in _entries)
        {
            if (library.Find(file.Path) is not MediaFileContent content)
            {
                continue;
            }

            List<Track> selected = Select(entry, content, file.Path);
            tracks.AddRange(selected
                .Where(track => taken.Add((file.Path, track.SourceTrackId)))
                .Select(track => Overlay(track, entry, selected.Count == 1)));
        }

        if (!tracks.Exists(track => track.Kind == TrackKind.Audio) && !_entries.Exists(entry => entry.Entry.Kind == TrackKind.Audio))
        {
            tracks.AddRange(AudioSelection.TakeBest(AudioBesideVideo(library)));
        }

        if (tracks.Count == 0)
        {
            IsEmpty = true;
            Warnings.Add(new PackagingWarning("NothingToConvert", "None of the tracks that the manifest names can be converted.", _path));
            return null;
        }

        // What a file alone leaves open, its manifest may tell.
        HashSet<string> told = [];
        if (isSmooth)
        {
            Warnings.AddRange(ClientManifest?.Warnings ?? []);
            List<Track> timed = StreamStarts.Apply(tracks, ClientManifest, ClientManifestFile?.Path ?? _path, track => library.Find(track.SourceFile), Warnings);
            told.UnionWith(timed.Where((track, i) => track.Samples != tracks[i].Samples).Select(track => track.SourceFile));
            (tracks, _, _) = PresentationOrigin.MoveToZero([.. timed.Select(AudioClock.Retime)], Warnings);
        }

        foreach (string file in _entries.Select(entry => entry.File.Path).Distinct())
        {
            Warnings.AddRange(library.Find(file)?.Warnings.Where(warning => warning.Code != "ImpliedEdit" || !told.Contains(file)) ?? []);
        }

        List<TextTrack> texts = [.. _texts.Select(text => ToText(text.Entry, text.Transcript, text.Source, library)).OfType<TextTrack>()];
        return new Presentation
        {
            Name = Path.GetFileNameWithoutExtension(_path),
            Files = library.Files,
            Tracks = tracks,
            Texts = texts,
            Warnings = [.. Warnings.Distinct()],
        };
    }

    private TextTrack? ToText(ServerManifestTrack entry, AssetFile? transcript, AssetFile? source, MediaLibrary library)
    {
        List<TextSource> sources = [];
        foreach (AssetFile file in new[] { transcript, source }.OfType<AssetFile>().Distinct())
        {
            if (TextTracks.FormatOf(file.Path) is TextFormat format)
            {
                sources.Add(new TextSource(format, file.Path));
                continue;
            }

            IEnumerable<Track> tracks = library.Find(file.Path)?.Tracks.Where(track => track.Kind == TrackKind.Text) ?? [];
            if (tracks.OrderBy(track => track.SourceTrackId == entry.TrackId ? 0 : 1).FirstOrDefault() is Track samples)
            {
                sources.Add(new TextSource(TextFormat.Samples, file.Path, samples));
            }
        }

        if (sources.Count > 0)
        {
            return TextTracks.Of(entry, sources);
        }

        Warnings.Add(new PackagingWarning(
            "TextLeftOut", $"Text track '{entry.Label ?? entry.TrackName ?? entry.Source}' was left out: none of its files has text.", _path));
        return null;
    }

    private IEnumerable<Track> AudioBesideVideo(MediaLibrary library) => _entries
        .Select(entry => entry.File.Path)
        .Distinct()
        .SelectMany(path => library.Find(path)?.Tracks ?? [])
        .Where(track => track.Kind == TrackKind.Audio);

    private List<Track> Select(ServerManifestTrack entry, MediaFileContent content, string file)
    {
        List<Track> ofKind = [.. content.Tracks.Where(track => entry.Kind is null || track.Kind == entry.Kind)];
        if (entry.TrackId is uint id)
        {
            Track? named = ofKind.Find(track => track.SourceTrackId == id);
            if (named is not null)
            {
                return [named];
            }

            if (content.LeftOut.Any(track => track.TrackId == id))
            {
                return [];
            }

            if (ofKind.Count > 0)
            {
                Warnings.Add(new PackagingWarning(
                    "TrackIdNotFound",
                    $"'{file}' has no {Name(entry)} track {id}; what it has of that kind is taken.",
                    _path));
            }
        }

        if (ofKind.Count == 0)
        {
            Warnings.Add(new PackagingWarning("TrackNotFound", $"'{file}' has no {Name(entry)} track that can be converted.", _path));
        }

        return ofKind;
    }

    private static string Name(ServerManifestTrack entry) => entry.Kind?.ToString().ToLowerInvariant() ?? "media";

    /// <summary>What the manifest says goes over what the file says.</summary>
    /// <param name="isAlone">False where the entry selects several tracks, so that its name and bit rate are of none of them.</param>
    private static Track Overlay(Track track, ServerManifestTrack entry, bool isAlone) => track with
    {
        Name = isAlone && entry.TrackName is string name ? name : track.Name,
        Label = isAlone && entry.Label is string label ? label : track.Label,
        Language = isAlone && track.Kind != TrackKind.Video ? entry.Language ?? track.Language : track.Language,
        Roles = entry.Roles.Count > 0 ? entry.Roles : track.Roles,
        NominalBitrate = isAlone && entry.Bitrate > 0 ? entry.Bitrate : track.NominalBitrate,
    };
}
