using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>A file that samples lie in.</summary>
/// <param name="Path">The asset's file, for messages.</param>
/// <param name="Index">Index into <see cref="Presentation.Files"/>.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct MediaFile(string Path, int Index, long Length);
