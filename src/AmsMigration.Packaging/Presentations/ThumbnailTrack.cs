namespace AmsMigration.Packaging.Presentations;

/// <summary>Small pictures of a presentation, equally far apart, in the grid of one large picture (a sprite).</summary>
/// <param name="CueFile">The WebVTT file that says which part of the picture is shown when, for players that read such files.</param>
/// <param name="Image">The JPEG file.</param>
/// <param name="ImageLength">Bytes.</param>
/// <param name="TileDuration">Milliseconds from one small picture to the next.</param>
/// <param name="Count">Small pictures; the last row may be filled in part.</param>
public sealed record ThumbnailTrack(
    string CueFile, string Image, long ImageLength, int Columns, int Rows, int TileWidth, int TileHeight, long TileDuration, int Count)
{
    /// <summary>Milliseconds that all of the grid's places take.</summary>
    public long GridDuration => TileDuration * Columns * Rows;
}
