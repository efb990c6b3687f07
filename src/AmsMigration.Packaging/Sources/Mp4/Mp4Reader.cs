using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

using AmsMigration.Packaging.Sources.Mp4;

/// <summary>Reads MP4, QuickTime and CMAF files, progressive or fragmented (ISO/IEC 14496-12), without reading media.</summary>
public static class Mp4Reader
{
    /// <param name="fileIndex">What the samples' file index is to be.</param>
    /// <exception cref="PackagingException">It is none of these, or too damaged to tell what it plays.</exception>
    public static async Task<MediaFileContent> ReadAsync(IByteSource source, int fileIndex, CancellationToken cancellation)
    {
        List<PackagingWarning> warnings = [];
        var scanner = new TopLevelScanner(source);
        Movie? movie = null;
        bool anyBox = false;
        long offset = 0;
        while (await scanner.ReadAsync(offset, cancellation).ConfigureAwait(false) is TopLevelBox box)
        {
            anyBox |= IsKnown(box.Type);
            switch (box.Type)
            {
                case "moov" when box.IsTruncated:
                    throw new PackagingException("TruncatedFile", "the file ends inside 'moov', so nothing says what it plays", source.Path, box.Offset);
                case "moov" when movie is null:
                    byte[] moov = await scanner.ReadBytesAsync(box, cancellation).ConfigureAwait(false);
                    movie = Movie.Read(BoxReader.Open(moov, source.Path, box.Offset), source, fileIndex, warnings);
                    break;
                case "moof" when movie is not null && !box.IsTruncated:
                    byte[] moof = await scanner.ReadBytesAsync(box, cancellation).ConfigureAwait(false);
                    movie.AddFragment(BoxReader.Open(moof, source.Path, box.Offset), box.Offset);
                    break;
                case "mdat" or "moof" when box.IsTruncated:
                    warnings.Add(new PackagingWarning("TruncatedFile", $"the file ends inside '{box.Type}' at offset {box.Offset}.", source.Path));
                    break;
            }

            offset = box.End;
        }

        if (movie is null)
        {
            throw new PackagingException("NotMp4", DescribeMissingMovie(source.Length, anyBox, offset), source.Path, 0);
        }

        if (offset < source.Length && source.Length - offset >= 8)
        {
            warnings.Add(new PackagingWarning("JunkAtEnd", $"{source.Length - offset} bytes behind offset {offset} are no box; they are not read.", source.Path));
        }

        return movie.Finish();
    }

    private static string DescribeMissingMovie(long length, bool anyBox, long end) => (length, anyBox) switch
    {
        (0, _) => "the file is empty",
        (_, false) => "this is no MP4 file: it does not begin with a box of ISO/IEC 14496-12",
        _ => $"there is no 'moov' box up to offset {end}, so nothing says what it plays; the file may be cut off",
    };

    private static bool IsKnown(string type) => type is
        "ftyp" or "styp" or "moov" or "moof" or "mdat" or "free" or "skip" or "wide" or "pnot" or "uuid" or "sidx" or "mfra" or "meta" or "emsg" or "prft" or "pdin";
}
