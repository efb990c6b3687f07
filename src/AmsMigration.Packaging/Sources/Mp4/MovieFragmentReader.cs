using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>
/// Reads 'moof' boxes (ISO/IEC 14496-12 8.8) into sample tables: the fragments of a file in order, or of blobs that hold one or a few each.
/// </summary>
/// <param name="tracks">Those to collect, by track_ID; others are stepped over.</param>
internal sealed class MovieFragmentReader(IReadOnlyDictionary<uint, TrackSamples> tracks)
{
    private readonly List<FragmentSample> _samples = [];

    /// <summary>Samples in a run that may cost no bytes of their own: a day of audio; and in all: two weeks.</summary>
    private const uint MaxUniformInRun = 1 << 22;
    private const long MaxUniform = 1 << 26;

    /// <summary>Samples that cost no bytes of their own, over all fragments; bounded by the bytes of the files too.</summary>
    private long _uniformSamples;
    private long _bytes;
    private int _lastFile = -1;

    /// <summary>Every fragment is of the same track, whatever its track_ID.</summary>
    public bool IsOneTrack { get; set; }

    /// <param name="moof">With its offset in <paramref name="file"/>.</param>
    /// <param name="start">Where the fragment does not say itself when it starts, or says it wrong.</param>
    /// <param name="added">Gets what was added, also where an exception ends it.</param>
    /// <exception cref="PackagingException">A box in it is damaged.</exception>
    public void Read(BoxReader moof, MediaFile file, FragmentStart? start, ICollection<TrackFragment> added)
    {
        if (file.Index != _lastFile)
        {
            _lastFile = file.Index;
            _bytes += file.Length;
        }

        long offset = moof.FileStart;
        long dataEnd = offset;
        while (moof.NextChild(out BoxReader traf))
        {
            if (traf.Type != "traf")
            {
                continue;
            }

            TrackFragmentHeader header = TrackFragmentHeader.Read(traf.Find("tfhd"), offset, dataEnd);
            TrackSamples? track = FindTrack(header.TrackId);
            _samples.Clear();
            dataEnd = ReadRuns(traf, header, track?.Defaults ?? default);
            if (track is null || _samples.Count == 0)
            {
                continue;
            }

            track.RollDistance = Math.Max(track.RollDistance, SampleGroups.ReadRollDistance(traf));
            bool[] isSync = SyncSamples.OfFragment(track.Track, _samples, ReadDependencies(traf));
            int description = track.FindDescription(header.Description ?? track.Defaults.Description);
            added.Add(track.AddFragment(_samples, isSync, FindStart(traf, start), file, description) with { MovieOffset = offset });
        }
    }

    /// <summary>The header and the fragments of a live archive may number their only track differently.</summary>
    private TrackSamples? FindTrack(uint id) =>
        tracks.TryGetValue(id, out TrackSamples? track) ? track : IsOneTrack && tracks.Count == 1 ? tracks.Values.First() : null;

    /// <summary>tfdt before tfxd before what was given, unless that overrides.</summary>
    private static FragmentStart? FindStart(BoxReader traf, FragmentStart? given)
    {
        if (given is { Overrides: true })
        {
            return given;
        }

        if (traf.TryFind("tfdt", out BoxReader tfdt))
        {
            (byte version, _) = tfdt.FullBox();
            long time = version == 1 ? (long)Math.Min(tfdt.U64(), long.MaxValue) : tfdt.U32();
            return new FragmentStart(time, IsPresentation: false, Source: FragmentTimeSource.DecodeTimeBox);
        }

        return SmoothTime.Read(traf) is (long smoothTime, _)
            ? new FragmentStart(smoothTime, IsPresentation: true, Source: FragmentTimeSource.SmoothTimeBox)
            : given;
    }

    private static byte[]? ReadDependencies(BoxReader traf)
    {
        if (!traf.TryFind("sdtp", out BoxReader sdtp))
        {
            return null;
        }

        sdtp.FullBox();
        return sdtp.Bytes(sdtp.Remaining);
    }

    /// <returns>Where the data of the last run ends.</returns>
    private long ReadRuns(BoxReader traf, TrackFragmentHeader header, TrackDefaults defaults)
    {
        long data = header.BaseOffset;
        while (traf.NextChild(out BoxReader box))
        {
            if (box.Type == "trun")
            {
                data = ReadRun(box, data, header, defaults);
            }
        }

        return data;
    }

    private long ReadRun(BoxReader trun, long data, TrackFragmentHeader header, TrackDefaults defaults)
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
        CheckCount(trun, count, new[] { hasDuration, hasSize, hasFlags, hasCompositionOffset }.Count(field => field) * 4);
        for (uint i = 0; i < count; i++)
        {
            uint duration = hasDuration ? trun.U32() : header.Duration ?? defaults.Duration;
            uint size = hasSize ? trun.U32() : header.Size ?? defaults.Size;
            uint ownFlags = hasFlags ? trun.U32() : header.Flags ?? defaults.Flags;
            uint sampleFlags = i == 0 ? firstFlags ?? ownFlags : ownFlags;

            // Version 0 is unsigned by 8.8.8, but Expression Encoder writes negative offsets there, and no offset of 2^31 is meant.
            int compositionOffset = hasCompositionOffset ? trun.I32() : 0;
            _samples.Add(new FragmentSample(duration, compositionOffset, size, sampleFlags, data));
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
