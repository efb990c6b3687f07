using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>
/// Text files that lie beside the media and that no manifest names: players were given their addresses. They are taken where a manifest names
/// no text at all; where there are several presentations, by their names.
/// </summary>
internal static class TextSidecars
{
    /// <summary>Bytes that say what a file is.</summary>
    private const int HeadLength = 4096;

    /// <summary>Alternatives that a speech recogniser thought of, in no order: nothing that could be shown.</summary>
    private const string Alternatives = "auto-generated-best";

    private static readonly char[] Separators = ['_', '.', ' ', '(', ')', '[', ']'];

    /// <param name="files">Of the asset.</param>
    public static async Task<List<Presentation>> AddAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, List<Presentation> presentations, List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        HashSet<string> named = [.. presentations.SelectMany(presentation => presentation.Texts).SelectMany(text => text.Sources).Select(source => source.File)];
        List<Presentation> open = [.. presentations.Where(presentation => presentation.Texts.Count == 0)];
        foreach (AssetFile file in files.Where(file => IsCandidate(file) && !named.Contains(file.Path)))
        {
            if (Path.GetFileName(file.Path).StartsWith(Alternatives, StringComparison.OrdinalIgnoreCase))
            {
                warnings.Add(new PackagingWarning("TextAlternatives", "It holds alternatives of an automatic transcript, in no order; it is not shown.", file.Path));
                continue;
            }

            Presentation? home = FindHome(file.Path, open, presentations.Count);
            if (home is not null && await IsTextAsync(store, file, cancellation).ConfigureAwait(false))
            {
                int index = presentations.FindIndex(presentation => presentation.Name == home.Name);
                presentations[index] = Add(presentations[index], file.Path);
            }
        }

        return presentations;
    }

    /// <summary>The language that the end of a file's name says, e.g. of <c>talk_en-us.vtt</c>, <c>talk.deu.vtt</c>, <c>fr.ttml</c>; null where none.</summary>
    internal static string? LanguageOf(string file)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        string last = stem.Split(Separators, StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        string end = last.Substring(last.LastIndexOf('-') + 1);
        return Known(last) ?? Known(end);

        static string? Known(string tag) =>
            LanguageTag.ToBcp47(tag) is string language && IsoLanguage.IsKnown(language) ? language : null;
    }

    private static bool IsCandidate(AssetFile file) =>
        file.Path.IndexOf('/') < 0 && file.Length is > 0 and <= TextBytes.MaxLength && TextTracks.FormatOf(file.Path) is not null;

    /// <summary>The only presentation, or the one whose name, or the name of whose media, the file's name begins with.</summary>
    private static Presentation? FindHome(string file, List<Presentation> open, int count)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        return count == 1
            ? open.FirstOrDefault()
            : open.Find(presentation => presentation.Tracks
                .Select(track => Path.GetFileNameWithoutExtension(track.SourceFile))
                .Append(presentation.Name)
                .Any(name => stem.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static async Task<bool> IsTextAsync(IAssetStore store, AssetFile file, CancellationToken cancellation)
    {
        try
        {
            using IByteSource source = await store.OpenAsync(file.Path, cancellation).ConfigureAwait(false);
            byte[] bytes = await TextBytes.ReadAsync(source, 0, (int)Math.Min(HeadLength, source.Length), cancellation).ConfigureAwait(false);
            string head = TextBytes.Decode(bytes).TrimStart();
            return head.StartsWith("<", StringComparison.Ordinal)
                ? head.Contains("http://www.w3.org/ns/ttml") || head.Contains("http://www.w3.org/2006/")
                : head.Contains("-->") && !head.Contains(ThumbnailFiles.Fragment);
        }
        catch (PackagingException)
        {
            // Whoever copies the file says what is wrong with it.
            return false;
        }
    }

    private static Presentation Add(Presentation presentation, string file)
    {
        var text = new TextTrack
        {
            Name = Path.GetFileNameWithoutExtension(file),
            Language = LanguageOf(file),
            Sources = [new TextSource(TextTracks.FormatOf(file)!.Value, file)],
        };
        var warning = new PackagingWarning("TextAdded", "No manifest names it; it is offered as a text track.", file);
        return presentation with { Texts = [.. presentation.Texts, text], Warnings = [.. presentation.Warnings, warning] };
    }
}
