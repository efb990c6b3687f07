using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources;

/// <summary>Reads MP4, QuickTime and CMAF files, progressive or fragmented (ISO/IEC 14496-12), without reading media.</summary>
public static class Mp4Reader
{
    private const int MaxBrandsLength = 64 * 1024;

    /// <summary>More than the tables of a day of video at 120 frames a second.</summary>
    private const int MaxMovieLength = 256 * 1024 * 1024;

    /// <summary>More than the runs of half a day of audio in one fragment.</summary>
    internal const int MaxFragmentLength = 32 * 1024 * 1024;

    private const int MaxIndexLength = 2 * 1024 * 1024;

    /// <summary>A file with more behind its first fragment than this is worth a look at the index at its end.</summary>
    private const int LongFile = 1024 * 1024;

    /// <param name="fileIndex">What the samples' file index is to be.</param>
    /// <exception cref="PackagingException">
    /// <c>NotMp4</c>, <c>MissingMovie</c>, <c>TruncatedFile</c>, <c>CompressedHeader</c>, or the fault of a box without which nothing tells what the file plays.
    /// </exception>
    public static async Task<MediaFileContent> ReadAsync(IByteSource source, int fileIndex, CancellationToken cancellation)
    {
        Movie movie = await ReadMovieAsync(source, fileIndex, cancellation).ConfigureAwait(false);
        return movie.Finish();
    }

    /// <summary>Like <see cref="ReadAsync"/>, but leaves the movie open for more fragments: the header blob of a live archive.</summary>
    internal static async Task<Movie> ReadMovieAsync(IByteSource source, int fileIndex, CancellationToken cancellation)
    {
        var scanner = new TopLevelScanner(source);
        try
        {
            return await ReadMovieAsync(scanner, new MediaFile(source.Path, fileIndex, source.Length), cancellation).ConfigureAwait(false);
        }
        finally
        {
            await scanner.StopAsync().ConfigureAwait(false);
        }
    }

    private static async Task<Movie> ReadMovieAsync(TopLevelScanner scanner, MediaFile file, CancellationToken cancellation)
    {
        Movie? movie = null;
        bool isQuickTime = true;
        bool anyBox = false;
        bool anyFragment = false;
        bool isIndexed = false;
        long offset = 0;
        while (await scanner.ReadAsync(offset, cancellation).ConfigureAwait(false) is TopLevelBox box && (IsKnown(box.Type) || !box.IsTruncated))
        {
            switch (box.Type)
            {
                case "ftyp" when !box.IsTruncated && movie is null && box.Length <= MaxBrandsLength:
                    isQuickTime = IsQuickTime(await OpenAsync(scanner, box, file, MaxBrandsLength, cancellation).ConfigureAwait(false));
                    break;
                case "moov" when box.IsTruncated && movie is null:
                    throw new PackagingException("TruncatedFile", "the file ends inside 'moov', so nothing says what it plays", file.Path, box.Offset);
                case "moov" when movie is null:
                    BoxReader moov = await OpenAsync(scanner, box, file, MaxMovieLength, cancellation).ConfigureAwait(false);
                    movie = Movie.Read(moov, file, isQuickTime);
                    break;
                case "moov":
                    movie.Warn("SecondMovie", $"there is a second 'moov' at offset {box.Offset}; samples that it lists itself are not read.");
                    goto default;
                case "sidx" when !isIndexed && !box.IsTruncated && box.Length <= MaxIndexLength:
                    isIndexed = true;
                    BoxReader sidx = await OpenAsync(scanner, box, file, MaxIndexLength, cancellation).ConfigureAwait(false);
                    scanner.Expect(FragmentIndex.ReadSegmentIndex(sidx, box.End));
                    break;
                case "moof" when !isIndexed && file.Length - box.End > LongFile:
                    isIndexed = true;
                    scanner.Expect(await FragmentIndex.ReadRandomAccessAsync(scanner, file, cancellation).ConfigureAwait(false));
                    goto default;
                case "mfra" when movie is { HasUntimedFragments: true } && !box.IsTruncated && box.Length <= MaxIndexLength:
                    movie.IndexedTimes = FragmentIndex.ReadTimes(await OpenAsync(scanner, box, file, MaxIndexLength, cancellation).ConfigureAwait(false));
                    break;
                default:
                    await TakeAsync(movie, scanner, box, file, null, cancellation).ConfigureAwait(false);
                    break;
            }

            anyBox |= IsKnown(box.Type);
            anyFragment |= box.Type == "moof";
            offset = box.End;
        }

        if (movie is null)
        {
            throw MissingMovie(file, anyBox, anyFragment, offset);
        }

        long rest = file.Length - offset;
        if (rest > 0 && !await scanner.IsPaddingAsync(offset, cancellation).ConfigureAwait(false))
        {
            movie.Warn("JunkAtEnd", $"{rest} bytes behind offset {offset} are no box; they are not read.");
        }

        return movie;
    }

    /// <summary>Adds the fragments of a blob without a header, a live archive's, to the movie that its header opened.</summary>
    /// <param name="window">Bytes that the source gives at once; null where it does not matter.</param>
    /// <param name="start">When the blob's first fragment begins where it does not say so itself, or more reliably than it says.</param>
    /// <returns>False where there is none in it, nor what is left of one.</returns>
    internal static async Task<bool> AddFragmentsAsync(
        Movie movie, IByteSource source, int fileIndex, FragmentStart? start, CancellationToken cancellation, int? window = null)
    {
        var scanner = new TopLevelScanner(source, window);
        var file = new MediaFile(source.Path, fileIndex, source.Length);
        long offset = 0;
        bool anyFragment = false;
        while (await scanner.ReadAsync(offset, cancellation).ConfigureAwait(false) is TopLevelBox box)
        {
            if (await TakeAsync(movie, scanner, box, file, start, cancellation).ConfigureAwait(false))
            {
                start = null;
            }

            anyFragment |= box.Type == "moof";
            offset = box.End;
        }

        return anyFragment;
    }

    /// <summary>True where it was a fragment.</summary>
    private static async Task<bool> TakeAsync(
        Movie? movie, TopLevelScanner scanner, TopLevelBox box, MediaFile file, FragmentStart? start, CancellationToken cancellation)
    {
        if (movie is null || box.Type is not ("moov" or "moof" or "mdat"))
        {
            return false;
        }

        if (box.IsTruncated)
        {
            movie.Warn("TruncatedFile", $"the file ends inside '{box.Type}', which starts at offset {box.Offset}.", file.Path);
            return false;
        }

        if (box.Type == "mdat")
        {
            return false;
        }

        if (box.Type == "moov")
        {
            movie.Reconfigure(await OpenAsync(scanner, box, file, MaxMovieLength, cancellation).ConfigureAwait(false), file);
            return false;
        }

        BoxReader moof = await OpenAsync(scanner, box, file, MaxFragmentLength, cancellation).ConfigureAwait(false);
        await movie.AddFragmentAsync(moof, file, start, ReadAsync).ConfigureAwait(false);
        return true;

        async Task<byte[]> ReadAsync(MediaFile from, long offset, int count)
        {
            if (from.Index == file.Index)
            {
                return await scanner.ReadBytesAsync(offset, count, cancellation).ConfigureAwait(false);
            }

            if (movie.Store is null)
            {
                return [];
            }

            using IByteSource other = await movie.Store.OpenAsync(from.Path, cancellation).ConfigureAwait(false);
            return await new TopLevelScanner(other).ReadBytesAsync(offset, count, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<BoxReader> OpenAsync(
        TopLevelScanner scanner, TopLevelBox box, MediaFile file, int maxLength, CancellationToken cancellation) =>
        BoxReader.Open(await scanner.ReadBytesAsync(box, maxLength, cancellation).ConfigureAwait(false), file.Path, box.Offset);

    private static bool IsQuickTime(BoxReader ftyp)
    {
        const string QuickTimeBrand = "qt  ";
        if (ftyp.Remaining < 8)
        {
            return false;
        }

        bool isQuickTime = ftyp.FourCC() == QuickTimeBrand;
        ftyp.Skip(4);
        while (!isQuickTime && ftyp.Remaining >= 4)
        {
            isQuickTime = ftyp.FourCC() == QuickTimeBrand;
        }

        return isQuickTime;
    }

    private static PackagingException MissingMovie(MediaFile file, bool anyBox, bool anyFragment, long end) => (file.Length, anyBox, anyFragment) switch
    {
        (0, _, _) => new PackagingException("NotMp4", "the file is empty", file.Path, 0),
        (_, false, _) => new PackagingException("NotMp4", "this is no MP4 file: it does not begin with a box of ISO/IEC 14496-12", file.Path, 0),
        (_, _, true) => new PackagingException(
            "MissingMovie", "there are fragments but no 'moov' box: this is a media segment, which plays only with its initialization segment", file.Path, end),
        _ => new PackagingException("MissingMovie", "there is no 'moov' box up to here, so nothing says what it plays; the file may be cut off", file.Path, end),
    };

    private static bool IsKnown(string type) => type is
        "ftyp" or "styp" or "moov" or "moof" or "mdat" or "free" or "skip" or "wide" or "pnot" or "uuid" or "sidx" or "mfra" or "meta" or "emsg" or "prft" or "pdin";
}
