using System.Globalization;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>
/// The thumbnails that encoders wrote: JPEGs with a grid of small pictures each, and a WebVTT file whose cues name parts of them
/// (<c>sprite.jpg#xywh=0,0,160,90</c>, W3C Media Fragments 4.2.2).
/// </summary>
internal static class ThumbnailFiles
{
    public const string Fragment = "#xywh=";
    private const long MaxLength = 1 << 20;
    private const int MaxTiles = 10_000;

    /// <summary>The presentations, of which an only one gets the asset's thumbnails; what does not fit is a warning.</summary>
    public static async Task<List<Presentation>> AddAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, List<Presentation> presentations, List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        var index = new AssetFileIndex(files);
        HashSet<string> texts = [.. presentations.SelectMany(presentation => presentation.Texts).SelectMany(text => text.Sources).Select(source => source.File)];
        foreach (AssetFile file in files.Where(file => IsCandidate(file) && !texts.Contains(file.Path)))
        {
            try
            {
                WebVttFile cues = WebVttReader.Parse(
                    await TextBytes.ReadAllAsync(store, file.Path, cancellation).ConfigureAwait(false), file.Path, hasMediaClock: false, []);
                if (cues.Cues.Any(cue => cue.Payload.Contains(Fragment)))
                {
                    Add(file, cues.Cues, index, presentations, warnings);
                }
            }
            catch (PackagingException)
            {
                // A damaged text file is told of where it is used as text.
            }
        }

        return presentations;
    }

    private static bool IsCandidate(AssetFile file) =>
        file.Path.IndexOf('/') < 0 && file.Length is > 0 and <= MaxLength && file.Path.EndsWith(".vtt", StringComparison.OrdinalIgnoreCase);

    private static void Add(
        AssetFile file, IReadOnlyList<TextCue> cues, AssetFileIndex index, List<Presentation> presentations, List<PackagingWarning> warnings)
    {
        ThumbnailTrack? thumbnails = ReadGrid(file.Path, cues, index);
        if (thumbnails is null || presentations.Count != 1)
        {
            warnings.Add(new PackagingWarning(
                "ThumbnailsNotOffered",
                thumbnails is null
                    ? "Its thumbnails do not form full grids of equal pictures at equal times in JPEGs of the asset with numbered names, which is what DASH and HLS can offer."
                    : "Nothing says of which presentation its thumbnails are.",
                file.Path));
            return;
        }

        presentations[0] = presentations[0] with { Thumbnails = [.. presentations[0].Thumbnails, thumbnails] };
    }

    private static ThumbnailTrack? ReadGrid(string path, IReadOnlyList<TextCue> cues, AssetFileIndex index)
    {
        List<Tile?> tiles = [.. cues.Take(MaxTiles + 1).Select(Tile.Parse)];
        if (tiles.Count > MaxTiles || tiles[0] is not Tile first)
        {
            return null;
        }

        long duration = cues[0].End - cues[0].Start;
        int columns = tiles.TakeWhile(tile => tile?.Image == first.Image && tile.Y == first.Y).Count();
        int inFirst = tiles.TakeWhile(tile => tile?.Image == first.Image).Count();
        int rows = (inFirst + columns - 1) / columns;
        int inGrid = columns * rows;
        List<string> names = [];
        for (int i = 0; i < tiles.Count; i++)
        {
            int place = i % inGrid;
            names.AddRange(place == 0 && tiles[i] is Tile next ? [next.Image] : []);
            bool isInPlace = tiles[i] is Tile tile
                && tile.Image == names[names.Count - 1]
                && (tile.Width, tile.Height) == (first.Width, first.Height)
                && (tile.X, tile.Y) == (place % columns * first.Width, place / columns * first.Height);

            // Encoders round times to the frame.
            bool isInTime = Math.Abs(cues[i].Start - (duration * i)) <= duration / 2;
            if (!isInPlace || !isInTime)
            {
                return null;
            }
        }

        List<AssetFile> images = [.. names.Distinct().Select(name => index.Find(name, path, [])).OfType<AssetFile>()];
        var thumbnails = new ThumbnailTrack(path, images, columns, rows, first.Width, first.Height, duration, tiles.Count);
        bool isWhole = images.Count == names.Count && images.TrueForAll(image => ContentTypes.Of(image.Path) == ContentTypes.Jpeg);
        return isWhole && (images.Count == 1 || thumbnails.Numbering is not null) ? thumbnails : null;
    }

    private sealed record Tile(string Image, int X, int Y, int Width, int Height)
    {
        /// <summary>Null where the text is no part of a picture.</summary>
        public static Tile? Parse(TextCue cue)
        {
            int at = cue.Payload.IndexOf(Fragment, StringComparison.Ordinal);
            string[] numbers = at < 0 ? [] : cue.Payload.Substring(at + Fragment.Length).Replace("pixel:", "").Trim().Split(',');
            List<int> values =
            [
                .. numbers.Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= 65_535 ? value : -1),
            ];
            return values.Count == 4 && values.TrueForAll(value => value >= 0) && values[2] > 0 && values[3] > 0
                ? new Tile(cue.Payload.Substring(0, at).Trim(), values[0], values[1], values[2], values[3])
                : null;
        }
    }
}
