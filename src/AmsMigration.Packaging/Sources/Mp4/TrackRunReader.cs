using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Reads 'trun' boxes (ISO/IEC 14496-12 8.8.8) as they stand, fragment after fragment.</summary>
internal sealed class TrackRunReader
{
    /// <summary>Samples in a run that may cost no bytes of their own: a day of audio; and in all: two weeks.</summary>
    private const uint MaxUniformInRun = 1 << 22;
    private const long MaxUniform = 1 << 26;

    /// <summary>Samples that cost no bytes of their own, over all fragments; bounded by the bytes of the files too.</summary>
    private long _uniformSamples;
    private long _bytes;
    private int _lastFile = -1;

    /// <summary>Fragments left sizes or durations to 'trex'.</summary>
    public bool UsesDefaults { get; private set; }

    /// <summary>The file of the fragments that come next.</summary>
    public void Enter(MediaFile file)
    {
        if (file.Index != _lastFile)
        {
            _lastFile = file.Index;
            _bytes += file.Length;
        }
    }

    /// <param name="samples">Gets those of all runs.</param>
    /// <returns>Where the data of the last run ends.</returns>
    public long Read(BoxReader traf, TrackFragmentHeader header, TrackDefaults defaults, ICollection<FragmentSample> samples)
    {
        long data = header.BaseOffset;
        while (traf.NextChild(out BoxReader box))
        {
            if (box.Type == "trun")
            {
                data = ReadRun(box, data, header, defaults, samples);
            }
        }

        return data;
    }

    private long ReadRun(BoxReader trun, long data, TrackFragmentHeader header, TrackDefaults defaults, ICollection<FragmentSample> samples)
    {
        (_, uint flags) = trun.FullBox();
        bool hasDuration = (flags & 0x100) != 0;
        bool hasSize = (flags & 0x200) != 0;
        bool hasFlags = (flags & 0x400) != 0;
        bool hasCompositionOffset = (flags & 0x800) != 0;
        uint count = trun.U32();
        if ((flags & 1) != 0)
        {
            data = header.BaseOffset + trun.I32();
        }

        uint? firstFlags = (flags & 4) != 0 ? trun.U32() : null;
        UsesDefaults |= (!hasDuration && header.Duration is null) || (!hasSize && header.Size is null);
        CheckCount(trun, count, new[] { hasDuration, hasSize, hasFlags, hasCompositionOffset }.Count(field => field) * 4);
        for (uint i = 0; i < count; i++)
        {
            uint duration = hasDuration ? trun.U32() : header.Duration ?? defaults.Duration;
            uint size = hasSize ? trun.U32() : header.Size ?? defaults.Size;
            uint ownFlags = hasFlags ? trun.U32() : header.Flags ?? defaults.Flags;
            uint sampleFlags = i == 0 ? firstFlags ?? ownFlags : ownFlags;

            // Version 0 is unsigned by 8.8.8, but Expression Encoder writes negative offsets there, and no offset of 2^31 is meant.
            int compositionOffset = hasCompositionOffset ? trun.I32() : 0;
            samples.Add(new FragmentSample(duration, compositionOffset, size, sampleFlags, data));
            data += size;
        }

        return data;
    }

    private void CheckCount(BoxReader trun, uint count, int entrySize)
    {
        if ((long)count * entrySize > trun.Remaining)
        {
            throw trun.Fault("TruncatedTable", $"'trun' promises {count} samples of {entrySize} bytes but has {trun.Remaining} bytes for them");
        }

        _uniformSamples += entrySize == 0 ? count : 0;
        if (entrySize == 0 && (count > MaxUniformInRun || _uniformSamples > Math.Min(MaxUniform, _bytes)))
        {
            throw trun.Fault("ImpossibleValue", $"'trun' promises {count} samples without a byte for any of them");
        }
    }
}
