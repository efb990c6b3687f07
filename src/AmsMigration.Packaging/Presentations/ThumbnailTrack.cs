using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Presentations;

/// <summary>Small pictures of a presentation, equally far apart, in the grids of large pictures (sprites).</summary>
/// <param name="CueFile">The WebVTT file that says which part of which picture is shown when, for players that read such files.</param>
/// <param name="Images">JPEG files, in the order of time; more than one are numbered by their names.</param>
/// <param name="TileDuration">Milliseconds from one small picture to the next.</param>
/// <param name="Count">Small pictures; the last row of the last file may be filled in part.</param>
public sealed record ThumbnailTrack(
    string CueFile, IReadOnlyList<AssetFile> Images, int Columns, int Rows, int TileWidth, int TileHeight, long TileDuration, int Count)
{
    /// <summary>Milliseconds that all of a grid's places take.</summary>
    public long GridDuration => TileDuration * Columns * Rows;

    /// <summary>The number that counts up in the names of the images; null where there is one image, or where the names do not count up.</summary>
    internal NumberedNames? Numbering => NumberedNames.Of([.. Images.Select(image => image.Path)]);
}
