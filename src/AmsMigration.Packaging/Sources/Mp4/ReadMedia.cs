namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Gives <paramref name="count"/> bytes of a file; none where it cannot be opened from here.</summary>
internal delegate Task<byte[]> ReadMedia(MediaFile file, long offset, int count);
