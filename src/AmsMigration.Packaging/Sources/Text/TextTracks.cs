using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>Finds the text of a presentation where its manifest and its media files say that it is.</summary>
internal static class TextTracks
{
    private const string Unnamed = "captions";

    /// <summary>Null for files of media, whose tracks are looked for in the file itself.</summary>
    public static TextFormat? FormatOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".vtt" or ".webvtt" or ".srt" => TextFormat.WebVtt,
        ".ttml" or ".dfxp" or ".xml" => TextFormat.Ttml,
        _ => null,
    };

    /// <summary>
    /// The WebVTT file from which Media Services made the track, else the track itself. Null, with the index's warning, where neither is there.
    /// </summary>
    public static (AssetFile? Transcript, AssetFile? Source) Locate(
        ServerManifestTrack entry, string manifest, AssetFileIndex index, List<PackagingWarning> warnings)
    {
        AssetFile? transcript = entry.TranscriptSource is string name ? index.Find(name, manifest, []) : null;
        return (transcript, index.Find(entry.Source, manifest, transcript is null ? warnings : []));
    }

    /// <param name="sources">At least one.</param>
    public static TextTrack Of(ServerManifestTrack entry, IReadOnlyList<TextSource> sources)
    {
        Track? samples = sources.Select(source => source.Samples).FirstOrDefault(track => track is not null);
        return new TextTrack
        {
            Name = entry.TrackName ?? samples?.Name ?? Unnamed,
            Label = entry.Label ?? samples?.Label,
            Language = entry.Language ?? samples?.Language,
            Roles = entry.Roles.Count > 0 ? entry.Roles : samples?.Roles ?? [],
            IsDefault = entry.IsDefault,
            Characteristics = entry.HlsCharacteristics,
            Sources = sources,
        };
    }

    /// <summary>A presentation whose text tracks are where they belong.</summary>
    /// <param name="entries">What a server manifest says of them, found by name.</param>
    public static Presentation Separate(Presentation presentation, IReadOnlyList<ServerManifestTrack> entries)
    {
        List<TextTrack> texts = [.. presentation.Texts];
        foreach (Track track in presentation.Tracks.Where(track => track.Kind == TrackKind.Text))
        {
            ServerManifestTrack? entry = entries.FirstOrDefault(e => e.Kind == TrackKind.Text && e.TrackName == track.Name);
            texts.Add(Of(track, entry));
        }

        return texts.Count == presentation.Texts.Count
            ? presentation
            : presentation with { Tracks = [.. presentation.Tracks.Where(track => track.Kind != TrackKind.Text)], Texts = texts };
    }

    /// <summary>
    /// The transcripts of a live archive that its manifest names: beside the fragments of a track of the same name they are second best.
    /// </summary>
    public static Presentation AddTranscripts(Presentation presentation, IReadOnlyList<ServerManifestTrack> entries, string manifest, AssetFileIndex index)
    {
        List<TextTrack> texts = [.. presentation.Texts];
        foreach (ServerManifestTrack entry in entries.Where(entry => entry.Kind == TrackKind.Text))
        {
            (AssetFile? transcript, AssetFile? source) = Locate(entry, manifest, index, []);
            TextSource[] sources =
            [
                .. new[] { transcript, source }
                    .OfType<AssetFile>()
                    .Where(file => FormatOf(file.Path) is not null)
                    .Select(file => new TextSource(FormatOf(file.Path)!.Value, file.Path)),
            ];
            int same = texts.FindIndex(text => text.Name == entry.TrackName);
            if (same >= 0)
            {
                texts[same] = texts[same] with { Sources = [.. texts[same].Sources, .. sources] };
            }
            else if (sources.Length > 0)
            {
                texts.Add(Of(entry, sources));
            }
        }

        return presentation with { Texts = texts };
    }

    public static TextTrack Of(Track track, ServerManifestTrack? entry = null)
    {
        TextSource[] sources = [new TextSource(TextFormat.Samples, track.SourceFile, track)];
        return entry is not null
            ? Of(entry, sources)
            : new TextTrack
            {
                Name = track.Name,
                Label = track.Label,
                Language = track.Language,
                Roles = track.Roles,
                IsDefault = track.IsDefault,
                Sources = sources,
            };
    }
}
