using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Where fragments lie by 'sidx' (ISO/IEC 14496-12 8.16.3) or 'mfra' (8.8.9): hints for reading ahead, which may be wrong.</summary>
internal static class FragmentIndex
{
    /// <summary>Of 'mfro', the last box of a file that has an 'mfra'.</summary>
    private const int TrailerLength = 16;

    private const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The starts of the subsegments.</summary>
    /// <param name="end">Where the sidx ends in the file.</param>
    public static List<long> ReadSegmentIndex(BoxReader sidx, long end)
    {
        List<long> offsets = [];
        try
        {
            (byte version, _) = sidx.FullBox();
            sidx.Skip(8);
            sidx.Skip(version == 0 ? 4 : 8);
            long offset = end + (version == 0 ? sidx.U32() : sidx.L64());
            sidx.Skip(2);
            for (int left = sidx.U16(); left > 0 && offset > 0; left--)
            {
                offsets.Add(offset);
                offset += sidx.U32() & 0x7FFFFFFF;
                sidx.Skip(8);
            }
        }
        catch (PackagingException)
        {
            // What it said so far is a hint like any other.
        }

        return offsets;
    }

    /// <summary>The starts of the fragments by the index at the end of the file, in order; empty where there is none.</summary>
    public static async Task<IReadOnlyCollection<long>> ReadRandomAccessAsync(TopLevelScanner scanner, MediaFile file, CancellationToken cancellation)
    {
        var trailer = new TopLevelBox("mfro", file.Length - TrailerLength, TrailerLength, false);
        byte[] bytes = await scanner.ReadBytesAsync(trailer, TrailerLength, cancellation).ConfigureAwait(false);
        long length = TryReadLength(bytes, file);
        if (length is < TrailerLength or > MaxLength || length > file.Length)
        {
            return [];
        }

        var mfra = new TopLevelBox("mfra", file.Length - length, length, false);
        return ReadRandomAccess(await scanner.ReadBytesAsync(mfra, MaxLength, cancellation).ConfigureAwait(false), file, mfra.Offset);
    }

    private static long TryReadLength(byte[] bytes, MediaFile file)
    {
        try
        {
            BoxReader mfro = BoxReader.Open(bytes, file.Path, file.Length - TrailerLength);
            mfro.FullBox();
            return mfro.Type == "mfro" ? mfro.U32() : 0;
        }
        catch (PackagingException)
        {
            return 0;
        }
    }

    /// <summary>Presentation time of each fragment's first listed sample, ticks of the track.</summary>
    public static Dictionary<(uint TrackId, long MovieOffset), long> ReadTimes(BoxReader mfra)
    {
        Dictionary<(uint, long), long> times = [];
        foreach ((uint trackId, long time, long offset) in ReadEntries(mfra))
        {
            if (!times.ContainsKey((trackId, offset)))
            {
                times[(trackId, offset)] = time;
            }
        }

        return times;
    }

    private static SortedSet<long> ReadRandomAccess(byte[] bytes, MediaFile file, long offset)
    {
        try
        {
            return [.. ReadEntries(BoxReader.Open(bytes, file.Path, offset)).Select(entry => entry.Offset)];
        }
        catch (PackagingException)
        {
            return [];
        }
    }

    /// <summary>As far as it can be read: what it said so far is a hint like any other.</summary>
    private static List<(uint TrackId, long Time, long Offset)> ReadEntries(BoxReader mfra)
    {
        List<(uint, long, long)> entries = [];
        try
        {
            while (mfra.NextChild(out BoxReader tfra))
            {
                if (tfra.Type == "tfra")
                {
                    ReadTrack(tfra, entries);
                }
            }
        }
        catch (PackagingException)
        {
            // The entries in front of the damage stay.
        }

        return entries;
    }

    private static void ReadTrack(BoxReader tfra, List<(uint TrackId, long Time, long Offset)> entries)
    {
        (byte version, _) = tfra.FullBox();
        uint trackId = tfra.U32();
        uint lengths = tfra.U32();
        int numbers = 3 + (int)((lengths >> 4) & 3) + (int)((lengths >> 2) & 3) + (int)(lengths & 3);
        int width = version == 1 ? 8 : 4;
        for (int left = tfra.Count((2 * width) + numbers); left > 0; left--)
        {
            long time = version == 1 ? tfra.I64() : tfra.U32();
            entries.Add((trackId, time, version == 1 ? tfra.L64() : tfra.U32()));
            tfra.Skip(numbers);
        }
    }
}
