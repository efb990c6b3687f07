using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>Reads what the text tracks of a presentation say, which listing an asset does not need.</summary>
internal static class TextLoader
{
    /// <summary>Tracks that cannot be read or say nothing are left out, with a warning.</summary>
    public static async Task<Presentation> LoadAsync(IAssetStore store, Presentation presentation, CancellationToken cancellation)
    {
        List<PackagingWarning> warnings = [.. presentation.Warnings];
        List<TextTrack> texts = [];
        foreach (TextTrack text in presentation.Texts)
        {
            if (await ReadAsync(store, presentation, text, warnings, cancellation).ConfigureAwait(false) is TextTrack read)
            {
                texts.Add(read);
            }
        }

        return presentation with { Texts = texts, Warnings = [.. warnings.Distinct()] };
    }

    private static async Task<TextTrack?> ReadAsync(
        IAssetStore store, Presentation presentation, TextTrack text, List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        foreach (TextSource source in text.Sources)
        {
            try
            {
                List<PackagingWarning> own = [];
                TextTrack read = await ReadAsync(store, presentation, text, source, own, cancellation).ConfigureAwait(false);
                warnings.AddRange(own);
                if (read.Content!.Cues.Count > 0)
                {
                    return read;
                }

                if (!own.Exists(warning => warning.Code == "TextIsImages"))
                {
                    warnings.Add(new PackagingWarning("TextEmpty", $"Text track '{text.Name}' has no cue here.", source.File));
                }
            }
            catch (PackagingException e)
            {
                warnings.Add(new PackagingWarning(e.Code, e.Message));
            }
        }

        warnings.Add(new PackagingWarning("TextLeftOut", $"Text track '{text.Name}' was left out: none of its files has text.", text.Sources[0].File));
        return null;
    }

    private static async Task<TextTrack> ReadAsync(
        IAssetStore store, Presentation presentation, TextTrack text, TextSource source, List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        (TextContent content, string? language) = source.Samples is Track samples
            ? Read(samples, await TextSample.ReadAllAsync(store, presentation.Files, samples, cancellation).ConfigureAwait(false), warnings)
            : Read(source, await TextBytes.ReadAllAsync(store, source.File, cancellation).ConfigureAwait(false), MediaClock.Of(presentation), warnings);
        return text with { Language = text.Language ?? language, Content = content };
    }

    private static (TextContent Content, string? Language) Read(Track track, IReadOnlyList<TextSample> samples, List<PackagingWarning> warnings) =>
        track.Descriptions[0].Codec.FourCC == "wvtt"
            ? (WvttSamples.Read(track, samples, warnings), null)
            : TtmlText.ReadSamples(samples, track.SourceFile, warnings);

    /// <summary>What a file is called is less than what it is: players read either by its first letters.</summary>
    private static (TextContent Content, string? Language) Read(TextSource source, byte[] content, MediaClock clock, List<PackagingWarning> warnings)
    {
        bool isXml = TextBytes.Decode(content).TrimStart().StartsWith("<", StringComparison.Ordinal);
        if (isXml)
        {
            return TtmlText.ReadFile(content, source.File, clock, warnings);
        }

        WebVttFile file = WebVttReader.Parse(content, source.File, clock.IsRunning, warnings);
        long shift = clock.ShiftOf(file.Cues, source.File, warnings);
        return (new TextContent(MediaClock.InOrder(file.Cues, shift), file.Preamble, []), file.Language);
    }
}
