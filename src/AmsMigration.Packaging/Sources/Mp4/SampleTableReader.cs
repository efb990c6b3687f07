using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Reads the sample tables of a 'stbl' (ISO/IEC 14496-12 8.5 to 8.7) in one walk over all of them.</summary>
internal static class SampleTableReader
{
    /// <exception cref="PackagingException">A table is missing, or promises more than it has.</exception>
    public static void Read(BoxReader stbl, TrackBox track, TrackSamples samples, MediaFile file)
    {
        SampleSizes sizes = SampleSizes.Read(stbl, file.Length);
        if (sizes.Count == 0)
        {
            return;
        }

        var durations = new RunTable(stbl.Find("stts"), pastEnd: null);
        RunTable? offsets = stbl.TryFind("ctts", out BoxReader ctts) ? new RunTable(ctts, pastEnd: 0) : null;
        bool[]? sync = SyncSamples.Read(stbl, track, sizes.Count, offsets?.Varies ?? false, samples.Warn);
        int usualOffset = offsets?.FindUsual(offset => samples.IsFar(offset, 0)) ?? 0;
        var chunks = new ChunkTable(stbl);
        samples.Reserve(sizes.TableCount, Math.Min(chunks.Count, sizes.Count), Math.Min(offsets?.Count ?? 0, sizes.Count));
        int sample = 0;
        long debt = 0;
        while (sample < sizes.Count && chunks.MoveNext())
        {
            int description = samples.FindDescription(chunks.Description);
            long offset = chunks.Offset;
            for (uint i = 0; i < chunks.SampleCount && sample < sizes.Count; i++, sample++)
            {
                uint size = sizes[sample];
                if (offset > file.Length - size)
                {
                    samples.Miss(sizes.Count - sample, offset);
                    return;
                }

                // Version 0 of ctts is unsigned, but writers put negative offsets there, and no offset of 2^31 is meant (8.6.1.3).
                int compositionOffset = unchecked((int)(offsets?.Next() ?? (uint)usualOffset));
                uint duration = ReadDuration(durations.Next(), track, ref debt);
                samples.Add(duration, samples.MendOffset(compositionOffset, usualOffset, duration), size, sync is null || sync[sample], file.Index, offset, description);
                offset += size;
            }
        }

        if (sample < sizes.Count)
        {
            samples.Warn("MissingChunks", $"has {sizes.Count - sample} of {sizes.Count} samples in no chunk; it ends before them.");
        }

        if (debt > 0)
        {
            samples.Warn("NegativeDuration", "has samples that start before the one in front of them; those in front are shortened.");
        }
    }

    /// <summary>Writers whose clock jumps back put a small negative number into the unsigned table: such a sample gets one tick, the next ones pay.</summary>
    private static uint ReadDuration(uint duration, TrackBox track, ref long debt)
    {
        long signed = unchecked((int)duration);
        if (signed < 0 && -signed <= track.Timescale)
        {
            debt += 1 - signed;
            return 1;
        }

        long cut = Math.Min(debt, Math.Max(0, (long)duration - 1));
        debt -= cut;
        return (uint)(duration - cut);
    }
}
