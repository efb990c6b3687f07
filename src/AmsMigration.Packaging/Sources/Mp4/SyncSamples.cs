using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Which samples decoding can start at, from what files say about it, which is not always true.</summary>
internal static class SyncSamples
{
    /// <summary>True where every frame of the codec decodes by itself, whatever a file flags: all audio but xHE-AAC, AC-4 and MPEG-H.</summary>
    public static bool AreAll(TrackBox track) => track.Kind == TrackKind.Audio
        && track.Descriptions.All(d => d.Codec.CodecString != "mp4a.40.42" && !d.Codec.FourCC.StartsWith("mh", StringComparison.Ordinal) && d.Codec.FourCC != "ac-4");

    /// <summary>
    /// Of a 'stbl': 'stss' (ISO/IEC 14496-12 8.6.2), with 'sdtp' (8.6.4) or the groupings 'sync' and 'rap ' where it is missing or says too little.
    /// </summary>
    /// <param name="count">Samples in the track.</param>
    /// <param name="reorders">Composition offsets differ, so that not every sample can be a sync sample.</param>
    /// <returns>A flag for each sample; null where all are.</returns>
    public static bool[]? Read(BoxReader stbl, TrackBox track, int count, bool reorders, Action<string, string> warn)
    {
        if (AreAll(track))
        {
            return null;
        }

        bool[]? flags = stbl.TryFind("stss", out BoxReader stss) ? ReadTable(stss, count) : ReadGroups(stbl, "sync", count);
        if (flags is null && !(reorders && IsLayered(track)))
        {
            return null;
        }

        if (flags is not null && flags.Any(flag => flag))
        {
            return AddOpenAccessPoints(stbl, flags, warn);
        }

        bool[]? dependencies = stbl.TryFind("sdtp", out BoxReader sdtp) && sdtp.Remaining >= 4 + count ? FromDependencies(ReadDependencies(sdtp), count) : null;
        warn("SyncSamplesGuessed", dependencies is null
            ? "does not say where decoding can start; only the first sample is taken for a sync sample."
            : "does not list its sync samples; those that depend on no other are taken.");
        return dependencies ?? FirstOnly(count);
    }

    /// <summary>
    /// Of a fragment. Smooth files clear the non-sync flag on every sample but tell the truth in 'sdtp': a sample that depends on no other starts a
    /// group of pictures.
    /// </summary>
    /// <param name="dependencies">Content of the fragment's 'sdtp'; null where it has none.</param>
    public static bool[] OfFragment(TrackBox track, List<FragmentSample> samples, byte[]? dependencies)
    {
        bool all = AreAll(track);
        bool[] flags = [.. samples.Select(sample => all || sample.IsSync)];
        if (!IsLayered(track) || samples.Count < 2 || !Array.TrueForAll(flags, flag => flag))
        {
            return flags;
        }

        if (FromDependencies(dependencies, samples.Count) is bool[] told)
        {
            return told;
        }

        bool reorders = samples.Exists(sample => sample.CompositionOffset != samples[0].CompositionOffset);
        bool isIntra = samples.TrueForAll(sample => sample.DependsOnNone);
        return isIntra && !reorders ? flags : FirstOnly(samples.Count);
    }

    /// <summary>A byte for each sample.</summary>
    public static byte[] ReadDependencies(BoxReader sdtp)
    {
        sdtp.FullBox();
        return sdtp.Bytes(sdtp.Remaining);
    }

    /// <summary>H.264 and HEVC, whose samples that depend on others are mistaken for sync samples in real files.</summary>
    private static bool IsLayered(TrackBox track) => track.Descriptions.Any(description => description.Codec.NalLengthSize > 0);

    private static bool[] FirstOnly(int count)
    {
        var flags = new bool[count];
        flags[0] = true;
        return flags;
    }

    /// <summary>Null where sdtp says nothing: no sample depends on none, or all do.</summary>
    private static bool[]? FromDependencies(byte[]? dependencies, int count)
    {
        if (dependencies is null || dependencies.Length < count)
        {
            return null;
        }

        const int DependsOnNone = 2;
        bool[] flags = [.. dependencies.Take(count).Select(value => ((value >> 4) & 3) == DependsOnNone)];
        return flags.Any(flag => flag) && !flags.All(flag => flag) ? flags : null;
    }

    private static bool[] ReadTable(BoxReader stss, int count)
    {
        stss.FullBox();
        var flags = new bool[count];
        for (int left = stss.Count(4); left > 0; left--)
        {
            uint number = stss.U32();
            if (number >= 1 && number <= count)
            {
                flags[number - 1] = true;
            }
        }

        return flags;
    }

    private static bool[]? ReadGroups(BoxReader stbl, string groupingType, int count)
    {
        if (SampleGroups.ReadRuns(stbl, groupingType) is not { } runs)
        {
            return null;
        }

        var flags = new bool[count];
        long sample = 0;
        foreach ((uint length, bool isMember) in runs)
        {
            long end = Math.Min(count, sample + length);
            for (; sample < end; sample++)
            {
                flags[sample] = isMember;
            }
        }

        return flags;
    }

    /// <summary>An open GOP is no sync sample, but better a place to cut than none in the whole track.</summary>
    private static bool[] AddOpenAccessPoints(BoxReader stbl, bool[] flags, Action<string, string> warn)
    {
        if (flags.Length < 2 || flags.Count(flag => flag) > 1 || ReadGroups(stbl, "rap ", flags.Length) is not bool[] open || !open.Any(flag => flag))
        {
            return flags;
        }

        warn("OpenGop", "has one sync sample but is marked for random access at others (open GOPs); it is cut there too.");
        return [.. flags.Select((flag, i) => flag || open[i])];
    }
}
